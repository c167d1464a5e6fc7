#include "reader.h"

#include "colour.h"
#include "decoder.h"
#include "error.h"

#include <string.h>
#include <unistd.h>

enum { ROWS_PER_CHECK = 16 };

/* Where an upright picture keeps the pixels of a stored row: pixel x of row y goes to
 * origin + x * along + y * across. */
typedef struct {
    int width, height; /* upright */
    gint64 origin, along, across;
} Placement;

static Placement place(int orientation, int stored_width, int stored_height)
{
    gint64 w = stored_width, h = stored_height;
    switch (orientation) {
    case 2: /* mirrored */
        return (Placement){ stored_width, stored_height, w - 1, -1, w };
    case 3: /* upside down */
        return (Placement){ stored_width, stored_height, w * h - 1, -1, -w };
    case 4: /* upside down and mirrored */
        return (Placement){ stored_width, stored_height, w * (h - 1), 1, -w };
    case 5: /* transposed */
        return (Placement){ stored_height, stored_width, 0, h, 1 };
    case 6: /* to be turned clockwise */
        return (Placement){ stored_height, stored_width, h - 1, h, -1 };
    case 7: /* transposed along the other diagonal */
        return (Placement){ stored_height, stored_width, h * w - 1, -h, -1 };
    case 8: /* to be turned counter-clockwise */
        return (Placement){ stored_height, stored_width, h * (w - 1), -h, 1 };
    default:
        return (Placement){ stored_width, stored_height, 0, 1, w };
    }
}

/* What other formats begin with, so that the refusal can call them by name. */
static const char *name_other_format(const guint8 *head, gsize size)
{
    static const struct {
        gsize offset, size;
        const char *magic, *name;
    } formats[] = {
        { 0, 4, "GIF8", "a GIF picture" },
        { 8, 4, "WEBP", "a WebP picture" },
        { 0, 4, "II*\0", "a TIFF or raw camera picture" },
        { 0, 4, "MM\0*", "a TIFF or raw camera picture" },
        { 0, 4, "II+\0", "a BigTIFF picture" },
        { 0, 4, "MM\0+", "a BigTIFF picture" },
        { 4, 8, "ftypavif", "an AVIF picture" },
        { 4, 8, "ftypavis", "an AVIF picture" },
        { 4, 7, "ftyphei", "a HEIC picture" },
        { 4, 7, "ftyphev", "a HEIC picture" },
        { 4, 8, "ftypmif1", "a HEIC picture" },
        { 4, 8, "ftypmsf1", "a HEIC picture" },
        { 4, 7, "ftypcrx", "a raw camera picture" },
        { 4, 4, "ftyp", "a video" },
        { 0, 2, "BM", "a BMP picture" },
        { 0, 12, "\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture" },
        { 0, 2, "\xff\x0a", "a JPEG XL picture" },
        { 0, 12, "\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture" },
        { 0, 4, "8BPS", "a Photoshop document" },
        { 0, 8, "gimp xcf", "a GIMP document" },
        { 0, 4, "%PDF", "a PDF document" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (size >= formats[i].offset + formats[i].size &&
            memcmp(head + formats[i].offset, formats[i].magic, formats[i].size) == 0)
            return formats[i].name;
    return NULL;
}

static PstDecoder *open_decoder(PstSource *source, int max_scans, GError **error)
{
    static const guint8 jpeg[3] = { 0xff, 0xd8, 0xff };
    static const guint8 png[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    const guint8 *head = source->head;
    gsize size = source->head_size;
    if (size >= sizeof jpeg && memcmp(head, jpeg, sizeof jpeg) == 0)
        return pst_jpeg_decoder_new(source, max_scans, error);
    if (size >= sizeof png && memcmp(head, png, sizeof png) == 0)
        return pst_png_decoder_new(source, error);

    const char *other = name_other_format(head, size);
    if (other)
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name,
                              "is %s; convert it to JPEG or PNG first", other);
    else if (memcmp(head, png, MIN(size, sizeof png)) == 0 ||
             memcmp(head, jpeg, MIN(size, sizeof jpeg)) == 0)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is incomplete, the file ends too early; copy or download it again");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name,
                              "is not a JPEG or PNG picture; convert it to one of these first");
    return NULL;
}

static guint64 machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    return pages > 0 && page > 0 ? (guint64)pages * (guint64)page : G_MAXUINT64;
}

static gboolean check_limits(const PstDecoder *decoder, const PstReadLimits *limits, GError **error)
{
    const PstPictureInfo *info = &decoder->info;
    guint64 max_pixels = limits && limits->max_pixels ? limits->max_pixels : PST_DEFAULT_MAX_PIXELS;
    guint64 max_memory = limits && limits->max_memory ? limits->max_memory : machine_memory();
    guint64 pixels = (guint64)info->width * (guint64)info->height; /* below 2^62 */
    if (pixels > max_pixels) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, decoder->source->name,
                              "has %d x %d pixels, over the limit of %.6g megapixels; make it "
                              "smaller first",
                              info->width, info->height, (double)max_pixels / 1e6);
        return FALSE;
    }
    /* In floating point: no product of these can overflow there, and a byte more or less is no
     * matter. */
    double row = (double)info->width * (double)pst_row_layout_pixel_size(&decoder->layout) +
                 (double)info->width * 5 * sizeof(float);
    double needed = (double)pixels * (info->alpha ? 4 : 3) * sizeof(float) + row +
                    (double)decoder->memory;
    if (needed > (double)max_memory) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, decoder->source->name,
                              "has %d x %d pixels, which take %.1f GB of memory where %.1f GB are "
                              "allowed; make it smaller first",
                              info->width, info->height, needed / 1e9, (double)max_memory / 1e9);
        return FALSE;
    }
    return TRUE;
}

static void scatter(PstPicture *picture, const Placement *to, int y, int width, const float *rgb,
                    const float *alpha)
{
    gint64 at = to->origin + y * to->across;
    for (int x = 0; x < width; x++, at += to->along) {
        memcpy(picture->rgb + at * 3, rgb + (gsize)x * 3, sizeof(float[3]));
        if (picture->alpha)
            picture->alpha[at] = alpha[x];
    }
}

static gboolean read_rows(PstDecoder *decoder, PstColourTransform *transform, const Placement *to,
                          PstPicture *picture, GError **error)
{
    int width = decoder->info.width, height = decoder->info.height;
    g_autofree guint8 *row =
        g_try_malloc_n((gsize)width, pst_row_layout_pixel_size(&decoder->layout));
    g_autofree float *rgb = g_try_new(float, (gsize)width * 3);
    g_autofree float *alpha = g_try_new(float, width);
    if (!row || !rgb || !alpha) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, decoder->source->name,
                              "not enough memory; make the picture smaller");
        return FALSE;
    }
    for (int y = 0; y < height; y++) {
        if (y % ROWS_PER_CHECK == 0 &&
            g_cancellable_set_error_if_cancelled(decoder->source->cancellable, error))
            return FALSE;
        if (!decoder->read_row(decoder, row, error))
            return FALSE;
        /* Straight into its place where rows stay rows. */
        gboolean straight = to->along == 1;
        gint64 at = to->origin + y * to->across;
        float *row_rgb = straight ? picture->rgb + at * 3 : rgb;
        float *row_alpha = !picture->alpha ? NULL : straight ? picture->alpha + at : alpha;
        pst_colour_transform_row(transform, row, width, row_rgb, row_alpha);
        if (!straight)
            scatter(picture, to, y, width, rgb, alpha);
    }
    return decoder->finish(decoder, error);
}

/* Moves the decoder's info out, turned upright. */
static PstPictureInfo take_upright_info(PstDecoder *decoder, const Placement *to)
{
    PstPictureInfo info = decoder->info;
    decoder->info = (PstPictureInfo){ 0 };
    info.width = to->width;
    info.height = to->height;
    if (info.orientation >= 5) {
        double dpi = info.dpi_x;
        info.dpi_x = info.dpi_y;
        info.dpi_y = dpi;
    }
    return info;
}

static PstPicture *decode(PstDecoder *decoder, const PstReadLimits *limits, GError **error)
{
    if (!check_limits(decoder, limits, error))
        return NULL;
    const PstPictureInfo *info = &decoder->info;
    Placement to = place(info->orientation, info->width, info->height);
    GError *cause = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(to.width, to.height, info->alpha, &cause);
    if (!picture) {
        pst_picture_set_error(error, cause->code, decoder->source->name,
                              "not enough memory; make the picture smaller");
        g_error_free(cause);
        return NULL;
    }
    g_autoptr(PstColourTransform) transform =
        pst_colour_transform_new(&decoder->layout, &decoder->colour, &decoder->info);
    if (!read_rows(decoder, transform, &to, picture, error))
        return NULL;
    pst_picture_info_clear(&picture->info);
    picture->info = take_upright_info(decoder, &to);
    return g_steal_pointer(&picture);
}

static PstPicture *read_source(PstSource *source, const PstReadLimits *limits, GError **error)
{
    int max_scans = limits && limits->max_scans > 0 ? limits->max_scans : PST_DEFAULT_MAX_SCANS;
    PstPicture *picture = NULL;
    PstDecoder *decoder = open_decoder(source, max_scans, error);
    if (decoder) {
        picture = decode(decoder, limits, error);
        decoder->free(decoder);
    }
    pst_source_close(source);
    return picture;
}

static gboolean probe_source(PstSource *source, PstPictureInfo *info, GError **error)
{
    PstDecoder *decoder = open_decoder(source, PST_DEFAULT_MAX_SCANS, error);
    if (decoder) {
        pst_colour_describe(&decoder->layout, &decoder->colour, &decoder->info);
        Placement to = place(decoder->info.orientation, decoder->info.width, decoder->info.height);
        *info = take_upright_info(decoder, &to);
        decoder->free(decoder);
    }
    pst_source_close(source);
    return decoder != NULL;
}

PstPicture *pst_picture_read(const char *path, const PstReadLimits *limits,
                             GCancellable *cancellable, GError **error)
{
    PstSource source;
    return pst_source_open(&source, path, cancellable, error)
               ? read_source(&source, limits, error)
               : NULL;
}

PstPicture *pst_picture_read_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                   GCancellable *cancellable, GError **error)
{
    PstSource source;
    return pst_source_open_bytes(&source, bytes, name, cancellable, error)
               ? read_source(&source, limits, error)
               : NULL;
}

gboolean pst_picture_probe(const char *path, PstPictureInfo *info, GError **error)
{
    *info = (PstPictureInfo){ 0 };
    PstSource source;
    return pst_source_open(&source, path, NULL, error) && probe_source(&source, info, error);
}

gboolean pst_picture_probe_bytes(GBytes *bytes, const char *name, PstPictureInfo *info,
                                 GError **error)
{
    *info = (PstPictureInfo){ 0 };
    PstSource source;
    return pst_source_open_bytes(&source, bytes, name, NULL, error) &&
           probe_source(&source, info, error);
}
