#include "reduction.h"

#include <string.h>

#include "error.h"
#include "reader.h"
#include "row_reader_private.h"

/* A reader that may already reduce the file, and the factor by which its rows are reduced further. */
typedef struct {
    PstRowReader *reader;
    int factor, width, height;
} Reduction;

static void choose_factor(Reduction *reduction, guint64 pixels)
{
    const PstPictureInfo *info = pst_row_reader_info(reduction->reader);

    reduction->factor = 1;
    do {
        reduction->width = (info->width - 1) / reduction->factor + 1;
        reduction->height = (info->height - 1) / reduction->factor + 1;
        reduction->factor++;
    } while ((guint64)reduction->width * (guint64)reduction->height > pixels);
    reduction->factor--;
}

/* A JPEG decodes at 1/2, 1/4 or 1/8 for part of the work. */
static gboolean open_halved(Reduction *reduction, const char *path, guint64 pixels, gboolean salvage,
                            GCancellable *cancellable, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(reduction->reader);
    int halves = MIN(8, reduction->factor & -reduction->factor); /* the power of two in it: the rest is whole */
    const PstReadLimits limits = { .max_side = MAX(info->width, info->height) / halves, .salvage = salvage };
    PstRowReader *halved = pst_row_reader_open(path, &limits, cancellable, error);

    if (halved) {
        pst_row_reader_free(reduction->reader);
        reduction->reader = halved;
        choose_factor(reduction, pixels);
    }
    return halved != NULL;
}

/* Adds `rows` rows of the file to the sums of a row of the result. `weights` counts alpha. */
static void add_rows(const Reduction *reduction, int full_width, int rows, const float *rgb, const float *alpha,
                     float *sums, float *weights)
{
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < full_width; x++) {
            int to = x / reduction->factor;
            float weight = alpha[(gsize)y * full_width + x];
            const float *from = rgb + 3 * ((gsize)y * full_width + x);

            weights[to] += weight;
            for (int c = 0; c < 3; c++) {
                sums[3 * to + c] += weight * from[c];
            }
        }
    }
}

static void finish_row(const Reduction *reduction, int full_width, int rows, PstPicture *picture, int y,
                       const float *weights)
{
    float *row = picture->rgb + 3 * (gsize)y * picture->width;

    for (int x = 0; x < picture->width; x++) {
        int columns = MIN(reduction->factor, full_width - x * reduction->factor);

        for (int c = 0; c < 3 && weights[x] > 0; c++) {
            row[3 * x + c] /= weights[x];
        }
        if (picture->alpha) {
            picture->alpha[(gsize)y * picture->width + x] = weights[x] / (float)(columns * rows);
        }
    }
}

static gboolean read_rows(const Reduction *reduction, PstPicture *picture, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(reduction->reader);
    int full_width = info->width, full_height = info->height;
    gsize count = (gsize)full_width * reduction->factor;
    g_autofree float *rgb = g_try_new(float, 3 * count);
    g_autofree float *alpha = g_try_new(float, count);
    g_autofree float *weights = g_try_new(float, picture->width);

    if (!rgb || !alpha || !weights) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, pst_row_reader_name(reduction->reader),
                              "not enough memory");
        return FALSE;
    }
    for (int y = 0; y < picture->height; y++) {
        int rows = MIN(reduction->factor, full_height - y * reduction->factor);

        if (!pst_row_reader_read(reduction->reader, rows, rgb, alpha, error)) {
            return FALSE;
        }
        memset(weights, 0, (gsize)picture->width * sizeof *weights);
        add_rows(reduction, full_width, rows, rgb, alpha, picture->rgb + 3 * (gsize)y * picture->width, weights);
        finish_row(reduction, full_width, rows, picture, y, weights);
    }
    return TRUE;
}

static PstPicture *read_reduced(const Reduction *reduction, GError **error)
{
    const PstPictureInfo *info = pst_row_reader_info(reduction->reader);
    g_autoptr(PstPicture) picture = NULL;
    g_autoptr(GError) cause = NULL;

    picture = pst_picture_new(reduction->width, reduction->height, info->alpha, &cause);
    if (!picture) {
        pst_picture_set_error(error, cause->code, pst_row_reader_name(reduction->reader), "not enough memory");
        return NULL;
    }
    if (!read_rows(reduction, picture, error)) {
        return NULL;
    }
    pst_picture_info_clear(&picture->info);
    pst_picture_info_copy(info, &picture->info);
    picture->info.width = picture->width;
    picture->info.height = picture->height;
    return g_steal_pointer(&picture);
}

PstPicture *pst_picture_read_reduced(const char *path, guint64 pixels, gboolean salvage, GCancellable *cancellable,
                                     GError **error)
{
    g_return_val_if_fail(pixels >= 1, NULL);
    const PstReadLimits limits = { .salvage = salvage };
    Reduction reduction = { pst_row_reader_open(path, &limits, cancellable, error), 1, 0, 0 };
    PstPicture *picture = NULL;

    if (!reduction.reader) {
        return NULL;
    }
    choose_factor(&reduction, pixels);
    if (reduction.factor == 1 && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        pst_row_reader_free(reduction.reader);
        return pst_picture_read(path, &limits, cancellable, error);
    }
    if (pst_row_reader_info(reduction.reader)->format != PST_FORMAT_JPEG ||
        !g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
        open_halved(&reduction, path, pixels, salvage, cancellable, error)) {
        picture = read_reduced(&reduction, error);
    }
    pst_row_reader_free(reduction.reader);
    return picture;
}
