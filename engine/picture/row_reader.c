#include "row_reader_private.h"

#include "colour.h"
#include "picture_decoder.h"
#include "error.h"
#include "metadata.h"
#include "upright.h"

#include <string.h>
#include <unistd.h>

enum {
    PIECE = 1 << 15, /* pixels */
    GREY = 128,      /* of what is missing, in any depth */
};

struct _PstRowReader {
    char *name;
    PstSource source;
    PstDecoderOptions options;
    gboolean own_profile;
    gboolean broken; /* the decoder gives no more rows: the rest is grey */
    PstPictureDecoder *decoder;
    PstPictureInfo info; /* upright */
    PstTurn turn;
    gboolean kept; /* rows go through `upright` */
    PstUpright *upright;
    PstColourTransform *transform;
    int next; /* row */
    gboolean started;
    gboolean complete; /* the file has been read to its end once */
    guint8 *row;
};

static guint64 machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    return pages > 0 && page > 0 ? (guint64)pages * (guint64)page : G_MAXUINT64;
}

static gboolean check_pixels(const PstRowReader *reader, const PstReadLimits *limits, GError **error)
{
    const PstPictureInfo *info = &reader->info;
    guint64 most = limits && limits->max_pixels ? limits->max_pixels : PST_DEFAULT_MAX_PIXELS;
    if ((guint64)info->full_width * (guint64)info->full_height <= most) /* below 2^62 */
        return TRUE;
    pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, reader->name,
                          "has %d x %d pixels, over the limit of %.6g megapixels", info->full_width, info->full_height,
                          (double)most / 1e6);
    return FALSE;
}

gboolean pst_row_reader_check_memory(const PstRowReader *reader, const PstReadLimits *limits, double more,
                                     GError **error)
{
    double most = (double)(limits && limits->max_memory ? limits->max_memory : machine_memory());
    double needed = (double)pst_row_reader_memory(reader) + more;
    if (needed <= most)
        return TRUE;
    pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, reader->name,
                          "has %d x %d pixels, which take %.1f GB of memory where %.1f GB are allowed",
                          reader->info.width, reader->info.height, needed / 1e9, most / 1e9);
    return FALSE;
}

/* Takes over the decoder's info, turned upright. */
static void take_info(PstRowReader *reader)
{
    PstPictureInfo *info = &reader->info;
    *info = reader->decoder->info;
    reader->decoder->info = (PstPictureInfo){ 0 };
    reader->turn = pst_turn_from_orientation(info->orientation);
    if (!reader->turn.turned)
        return;
    PstPictureInfo stored = *info;
    info->width = stored.height;
    info->height = stored.width;
    info->full_width = stored.full_height;
    info->full_height = stored.full_width;
    info->dpi_x = stored.dpi_y;
    info->dpi_y = stored.dpi_x;
}

static PstRowReader *open_reader(PstRowReader *reader, const PstReadLimits *limits, GError **error)
{
    reader->options = (PstDecoderOptions){
        .max_scans = limits && limits->max_scans > 0 ? limits->max_scans : PST_DEFAULT_MAX_SCANS,
        .max_side = limits ? limits->max_side : 0,
        .max_memory = MIN(limits && limits->max_memory ? limits->max_memory : G_MAXUINT64, machine_memory()),
        .salvage = limits && limits->salvage,
    };
    reader->own_profile = limits && limits->own_profile;
    reader->decoder = pst_picture_decoder_open(&reader->source, &reader->options, error);
    if (reader->decoder) {
        take_info(reader);
        if (reader->own_profile)
            reader->info.icc = pst_colour_spec_profile(&reader->decoder->colour, &reader->decoder->layout);
        reader->kept = reader->turn.turned || reader->turn.bottom_up || !pst_source_can_rewind(&reader->source);
        if (check_pixels(reader, limits, error) && pst_row_reader_check_memory(reader, limits, 0, error))
            return reader;
    }
    pst_row_reader_free(reader);
    return NULL;
}

PstRowReader *pst_row_reader_open(const char *path, const PstReadLimits *limits, GCancellable *cancellable,
                                  GError **error)
{
    PstRowReader *reader = g_new0(PstRowReader, 1);
    reader->name = g_strdup(path);
    if (pst_source_open(&reader->source, reader->name, cancellable, error))
        return open_reader(reader, limits, error);
    pst_row_reader_free(reader);
    return NULL;
}

PstRowReader *pst_row_reader_open_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                        GCancellable *cancellable, GError **error)
{
    PstRowReader *reader = g_new0(PstRowReader, 1);
    reader->name = g_strdup(name);
    if (pst_source_open_bytes(&reader->source, bytes, reader->name, cancellable, error))
        return open_reader(reader, limits, error);
    pst_row_reader_free(reader);
    return NULL;
}

const PstPictureInfo *pst_row_reader_info(PstRowReader *reader)
{
    return &reader->info;
}

static gsize pixel_size(const PstRowReader *reader)
{
    return pst_row_layout_pixel_size(&reader->decoder->layout);
}

guint64 pst_row_reader_memory(const PstRowReader *reader)
{
    const PstPictureDecoder *decoder = reader->decoder;
    guint64 rows = (guint64)MAX(reader->info.width, decoder->width) * (pixel_size(reader) + 3 * sizeof(guint16));
    guint64 kept = reader->kept ? pst_upright_memory(reader->turn, decoder->width, decoder->height, pixel_size(reader))
                                : 0;
    return rows + kept + decoder->memory + pst_scratch_file_memory(decoder->scratch);
}

guint64 pst_row_reader_temporary_size(const PstRowReader *reader)
{
    const PstPictureDecoder *decoder = reader->decoder;
    guint64 kept = reader->kept ? pst_upright_spill(reader->turn, decoder->width, decoder->height, pixel_size(reader))
                                : 0;
    return (kept > PST_SCRATCH_FILE_MEMORY ? kept : 0) +
           (decoder->scratch > PST_SCRATCH_FILE_MEMORY ? decoder->scratch : 0);
}

/* Warnings, and metadata after the pixels. */
static void take_late_info(PstRowReader *reader)
{
    PstPictureInfo *late = &reader->decoder->info, *info = &reader->info;
    if (!info->warning)
        info->warning = g_steal_pointer(&late->warning);
    pst_metadata_merge(info, late);
}

/* Where the decoder has come upon damage, grey rows are made up if that was asked for. */
static gboolean read_or_salvage(PstRowReader *reader, guint8 *row, GError **error)
{
    PstPictureDecoder *decoder = reader->decoder;
    GError *failure = NULL;
    if (!reader->broken && decoder->read_row(decoder, row, &failure))
        return TRUE;
    if (!reader->options.salvage ||
        (failure && !g_error_matches(failure, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED))) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&failure);
    reader->broken = TRUE;
    pst_picture_decoder_warn_salvaged(decoder);
    memset(row, GREY, (gsize)decoder->width * pixel_size(reader));
    return TRUE;
}

/* The next row as stored; after the last one, checks the rest of the file. */
static gboolean decode_row(PstRowReader *reader, int y, guint8 *row, GError **error)
{
    PstPictureDecoder *decoder = reader->decoder;
    if (g_cancellable_set_error_if_cancelled(reader->source.cancellable, error) || !read_or_salvage(reader, row, error))
        return FALSE;
    gboolean done = y < decoder->height - 1 || reader->broken || decoder->finish(decoder, error);
    if (y == decoder->height - 1 && !reader->complete) {
        take_late_info(reader);
        reader->complete = TRUE;
    }
    return done;
}

static gboolean keep_rows(PstRowReader *reader, GError **error)
{
    const PstPictureDecoder *decoder = reader->decoder;
    g_autoptr(PstUpright) upright = pst_upright_new(reader->turn, decoder->width, decoder->height, pixel_size(reader),
                                                    reader->name, error);
    if (!upright)
        return FALSE;
    for (int y = 0; y < decoder->height; y++) {
        if (!decode_row(reader, y, reader->row, error))
            return FALSE;
        pst_upright_put(upright, reader->row);
    }
    reader->upright = g_steal_pointer(&upright);
    return TRUE;
}

static gboolean next_row(PstRowReader *reader, GError **error)
{
    if (!reader->kept) {
        if (!decode_row(reader, reader->next, reader->row, error))
            return FALSE;
        if (reader->turn.mirrored)
            pst_mirror_row(reader->row, (gsize)reader->info.width, pixel_size(reader));
        return TRUE;
    }
    if (!reader->upright && !keep_rows(reader, error))
        return FALSE;
    if (g_cancellable_set_error_if_cancelled(reader->source.cancellable, error))
        return FALSE;
    pst_upright_get(reader->upright, reader->next, reader->row);
    return TRUE;
}

static gboolean prepare(PstRowReader *reader, GError **error)
{
    PstPictureDecoder *decoder = reader->decoder;
    if (reader->row)
        return TRUE;
    reader->row = g_try_malloc_n((gsize)MAX(reader->info.width, decoder->width), pixel_size(reader));
    if (!reader->row) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, reader->name, "not enough memory");
        return FALSE;
    }
    reader->transform = pst_colour_transform_new(&decoder->layout, &decoder->colour, reader->own_profile,
                                                 &reader->info);
    return TRUE;
}

/* To sRGB, in pieces: a row may have a million pixels, and a cancel must not wait for all of them. */
static gboolean transform_row(PstRowReader *reader, float *rgb, float *alpha, GError **error)
{
    for (int x = 0, n; x < reader->info.width; x += n) {
        n = MIN(PIECE, reader->info.width - x);
        if (g_cancellable_set_error_if_cancelled(reader->source.cancellable, error))
            return FALSE;
        pst_colour_transform_row(reader->transform, reader->row + (gsize)x * pixel_size(reader), n, rgb + (gsize)x * 3,
                                 alpha ? alpha + x : NULL);
    }
    return TRUE;
}

gboolean pst_row_reader_read(PstRowReader *reader, int rows, float *rgb, float *alpha, GError **error)
{
    gsize width = (gsize)reader->info.width;
    g_return_val_if_fail(rows >= 0 && rows <= reader->info.height - reader->next, FALSE);
    reader->started = TRUE;
    if (!prepare(reader, error))
        return FALSE;
    for (int i = 0; i < rows; i++, reader->next++) {
        if (!next_row(reader, error))
            return FALSE;
        if (rgb && !transform_row(reader, rgb + (gsize)i * width * 3, alpha ? alpha + (gsize)i * width : NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* The file may have been replaced since. */
static gboolean is_same(const PstPictureDecoder *a, const PstPictureDecoder *b)
{
    return a->width == b->width && a->height == b->height && a->layout.colour == b->layout.colour &&
           a->layout.depth == b->layout.depth && a->layout.alpha == b->layout.alpha;
}

gboolean pst_row_reader_rewind(PstRowReader *reader, GError **error)
{
    if (!reader->started)
        return TRUE;
    reader->started = FALSE;
    reader->next = 0;
    if (reader->upright)
        return TRUE;
    if (!pst_source_rewind(&reader->source, error))
        return FALSE;
    PstPictureDecoder *again = pst_picture_decoder_open(&reader->source, &reader->options, error);
    if (!again)
        return FALSE;
    reader->broken = FALSE;
    gboolean same = is_same(reader->decoder, again);
    reader->decoder->free(reader->decoder);
    reader->decoder = again;
    pst_picture_info_clear(&again->info); /* known already */
    if (!same)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, reader->name, "was changed while it was being read");
    return same;
}

const char *pst_row_reader_name(const PstRowReader *reader)
{
    return reader->name;
}

void pst_row_reader_describe(PstRowReader *reader)
{
    pst_colour_describe(&reader->decoder->layout, &reader->decoder->colour, &reader->info);
}

void pst_row_reader_free(PstRowReader *reader)
{
    if (!reader)
        return;
    if (reader->decoder)
        reader->decoder->free(reader->decoder);
    pst_upright_free(reader->upright);
    pst_colour_transform_free(reader->transform);
    pst_source_close(&reader->source);
    pst_picture_info_clear(&reader->info);
    g_free(reader->row);
    g_free(reader->name);
    g_free(reader);
}
