/* Separable Lanczos-3 resampling. */
#include "error.h"
#include "picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef float Pixel __attribute__((vector_size(16))); /* red, green, blue (by alpha), alpha */

enum { LOBES = 3 };

/* The source weights of each place of the result along one axis. */
typedef struct {
    int most;       /* weights kept per place */
    int *first;     /* [size]: the first source place */
    int *count;     /* [size]: how many */
    float *weights; /* [size][most] */
} Taps;

static double lanczos(double x)
{
    if (fabs(x) < 1e-9)
        return 1;
    if (fabs(x) >= LOBES)
        return 0;
    return LOBES * sin(G_PI * x) * sin(G_PI * x / LOBES) / (G_PI * G_PI * x * x);
}

static void taps_clear(Taps *taps)
{
    g_free(taps->first);
    g_free(taps->count);
    g_free(taps->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Taps, taps_clear)

static gboolean taps_init(Taps *taps, int from, int to)
{
    double scale = (double)from / to;
    double widening = MAX(scale, 1); /* shrinking: the kernel spans the source's pixels per pixel */
    double reach = LOBES * widening;
    taps->most = (int)MIN((double)from, 2 * ceil(reach) + 1);
    taps->first = g_try_new(int, to);
    taps->count = g_try_new(int, to);
    taps->weights = g_try_new(float, (gsize)to *(gsize)taps->most);
    if (!taps->first || !taps->count || !taps->weights)
        return FALSE;
    for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale - 0.5;
        int first = (int)MAX(0, ceil(centre - reach));
        int last = (int)MIN(from - 1.0, floor(centre + reach));
        float *weights = taps->weights + (gsize)i * (gsize)taps->most;
        double sum = 0;
        for (int j = first; j <= last; j++)
            sum += lanczos((j - centre) / widening);
        for (int j = first; j <= last; j++)
            weights[j - first] = (float)(lanczos((j - centre) / widening) / sum);
        taps->first[i] = first;
        taps->count[i] = last - first + 1;
    }
    return TRUE;
}

static void load_row(const PstPicture *picture, int y, Pixel *row)
{
    gsize width = (gsize)picture->width, start = (gsize)y * width;
    const float *rgb = picture->rgb + start * 3;
    for (gsize x = 0; x < width; x++, rgb += 3) {
        float alpha = picture->alpha ? picture->alpha[start + x] : 1;
        row[x] = (Pixel){ rgb[0] * alpha, rgb[1] * alpha, rgb[2] * alpha, alpha };
    }
}

static void resize_row(const Pixel *row, const Taps *taps, int width, Pixel *result)
{
    for (int x = 0; x < width; x++) {
        const Pixel *from = row + taps->first[x];
        const float *weights = taps->weights + (gsize)x * (gsize)taps->most;
        Pixel sum = { 0 };
        for (int i = 0; i < taps->count[x]; i++)
            sum += from[i] * weights[i];
        result[x] = sum;
    }
}

static float clamp(float value)
{
    return value > 0 ? (value < 1 ? value : 1) : 0;
}

static void store_row(const Pixel *row, int y, PstPicture *picture)
{
    gsize width = (gsize)picture->width, start = (gsize)y * width;
    float *rgb = picture->rgb + start * 3;
    for (gsize x = 0; x < width; x++, rgb += 3) {
        Pixel pixel = row[x];
        if (picture->alpha) {
            picture->alpha[start + x] = clamp(pixel[3]);
            pixel = pixel[3] > 1e-6f ? pixel / pixel[3] : (Pixel){ 0 };
        }
        for (int k = 0; k < 3; k++)
            rgb[k] = clamp(pixel[k]);
    }
}

static GError *memory_error(void)
{
    return g_error_new_literal(PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                               _("resizing: not enough memory; choose a smaller size"));
}

/* Source rows are resampled to the result's width when its rows need them, and kept in a ring. So no picture of
 * intermediate size is in memory. */
static gboolean resize_into(const PstPicture *picture, PstPicture *result, GCancellable *cancellable, GError **error)
{
    gsize width = (gsize)result->width;
    g_auto(Taps) across = { 0 };
    g_auto(Taps) down = { 0 };
    gboolean enough = taps_init(&across, picture->width, result->width) &&
                      taps_init(&down, picture->height, result->height);
    g_autofree Pixel *line = g_try_new(Pixel, picture->width);
    g_autofree Pixel *sum = g_try_new(Pixel, width);
    g_autofree Pixel *ring = enough ? g_try_malloc_n(width * sizeof(Pixel), (gsize)down.most) : NULL;
    if (!line || !sum || !ring) {
        g_propagate_error(error, memory_error());
        return FALSE;
    }
    int loaded = 0; /* source rows above this one are in the ring, or were */
    for (int y = 0; y < result->height; y++) {
        int end = down.first[y] + down.count[y];
        for (loaded = MAX(loaded, down.first[y]); loaded < end; loaded++) {
            if (g_cancellable_set_error_if_cancelled(cancellable, error))
                return FALSE;
            load_row(picture, loaded, line);
            resize_row(line, &across, result->width, ring + (gsize)(loaded % down.most) * width);
        }
        memset(sum, 0, width * sizeof *sum);
        for (int i = 0; i < down.count[y]; i++) {
            const Pixel *row = ring + (gsize)((down.first[y] + i) % down.most) * width;
            float weight = down.weights[(gsize)y * (gsize)down.most + (gsize)i];
            for (gsize x = 0; x < width; x++)
                sum[x] += row[x] * weight;
        }
        store_row(sum, y, result);
    }
    return TRUE;
}

PstPicture *pst_picture_resize(const PstPicture *picture, int width, int height, GCancellable *cancellable,
                               GError **error)
{
    g_return_val_if_fail(width >= 1 && height >= 1, NULL);
    g_autoptr(PstPicture) result = pst_picture_new(width, height, picture->alpha != NULL, error);
    if (!result)
        return NULL;
    if (width == picture->width && height == picture->height) {
        gsize pixels = (gsize)width * (gsize)height;
        memcpy(result->rgb, picture->rgb, pixels * sizeof(float[3]));
        if (picture->alpha)
            memcpy(result->alpha, picture->alpha, pixels * sizeof(float));
    } else if (!resize_into(picture, result, cancellable, error)) {
        return NULL;
    }
    pst_picture_info_clear(&result->info);
    pst_picture_info_copy(&picture->info, &result->info);
    result->info.width = width;
    result->info.height = height;
    return g_steal_pointer(&result);
}

static int in_proportion(int side, int other, int new_side)
{
    double length = round((double)other * new_side / side);
    return length < 1 ? 1 : length > G_MAXINT ? G_MAXINT : (int)length;
}

void pst_size_fit_short_side(int width, int height, int side, int *new_width, int *new_height)
{
    g_return_if_fail(width >= 1 && height >= 1 && side >= 1);
    *new_width = width <= height ? side : in_proportion(height, width, side);
    *new_height = height <= width ? side : in_proportion(width, height, side);
}

void pst_size_fit_long_side(int width, int height, int side, int *new_width, int *new_height)
{
    g_return_if_fail(width >= 1 && height >= 1 && side >= 1);
    *new_width = width >= height ? side : in_proportion(height, width, side);
    *new_height = height >= width ? side : in_proportion(width, height, side);
}

PstPicture *pst_picture_fit_short_side(const PstPicture *picture, int side, GCancellable *cancellable, GError **error)
{
    int width = 1, height = 1;
    pst_size_fit_short_side(picture->width, picture->height, side, &width, &height);
    return pst_picture_resize(picture, width, height, cancellable, error);
}

PstPicture *pst_picture_fit_long_side(const PstPicture *picture, int side, GCancellable *cancellable, GError **error)
{
    int width = 1, height = 1;
    pst_size_fit_long_side(picture->width, picture->height, side, &width, &height);
    return pst_picture_resize(picture, width, height, cancellable, error);
}

PstPicture *pst_picture_middle_square(const PstPicture *picture, GError **error)
{
    int side = MIN(picture->width, picture->height);
    gsize left = (gsize)(picture->width - side) / 2, top = (gsize)(picture->height - side) / 2;
    PstPicture *square = pst_picture_new(side, side, picture->alpha != NULL, error);

    for (gsize y = 0; square && y < (gsize)side; y++) {
        gsize from = (top + y) * (gsize)picture->width + left, to = y * (gsize)side;

        memcpy(square->rgb + 3 * to, picture->rgb + 3 * from, 3 * (gsize)side * sizeof(float));
        if (picture->alpha) {
            memcpy(square->alpha + to, picture->alpha + from, (gsize)side * sizeof(float));
        }
    }
    return square;
}
