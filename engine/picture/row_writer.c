#include "row_writer.h"

#include "picture_encoder.h"
#include "error.h"
#include "reduced_levels.h"
#include "scratch_file.h"

#include <string.h>

enum { DEFAULT_QUALITY = 92 };

struct _PstRowWriter {
    char *name;
    PstSink sink;
    PstPictureEncoder *encoder;
    gsize width;
    int height, rows_left; /* rows_left: of the layer */
    float *opaque;         /* a row of ones, where needed */
    guint lost;            /* PstLost */
};

gboolean pst_sink_write(PstSink *sink, const void *data, gsize size)
{
    if (g_cancellable_set_error_if_cancelled(sink->cancellable, &sink->error))
        return FALSE;
    sink->size += size;
    if (sink->output)
        return pst_output_write(sink->output, data, size, &sink->error);
    if (size > G_MAXUINT - sink->array->len) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name, "is too large to keep in memory");
        return FALSE;
    }
    g_byte_array_append(sink->array, data, (guint)size);
    return TRUE;
}

gboolean pst_sink_write_at(PstSink *sink, guint64 at, const void *data, gsize size)
{
    g_return_val_if_fail(at <= sink->size && size <= sink->size - at, FALSE);
    if (sink->output)
        return pst_output_write_at(sink->output, at, data, size, &sink->error);
    memcpy(sink->array->data + at, data, size);
    return TRUE;
}

gboolean pst_sink_read_at(PstSink *sink, guint64 at, void *data, gsize size)
{
    g_return_val_if_fail(at <= sink->size && size <= sink->size - at, FALSE);
    if (sink->output)
        return pst_output_read_at(sink->output, at, data, size, &sink->error);
    memcpy(data, sink->array->data + at, size);
    return TRUE;
}

static PstWriteOptions complete(const PstWriteOptions *given)
{
    PstWriteOptions options = given ? *given : (PstWriteOptions){ 0 };
    options.quality = options.quality ? CLAMP(options.quality, 1, 100) : DEFAULT_QUALITY;
    options.depth = options.depth == 16 ? 16 : 8;
    options.compression = CLAMP(options.compression, 0, 9);
    if (options.recipe && (strlen(options.recipe) > PST_MAX_RECIPE || !g_utf8_validate(options.recipe, -1, NULL)))
        options.recipe = NULL;
    return options;
}

guint64 pst_row_writer_memory(PstFormat format, int width, int height, guint64 *temporary_size)
{
    guint64 row = (guint64)width * 16;
    guint64 scratch = format == PST_FORMAT_JPEG   ? pst_jpeg_encoder_spill(width, height)
                      : format == PST_FORMAT_TIFF ? pst_reduced_levels_spill(width, height)
                                                  : 0;
    /* A row of tiles; libwebp has the whole picture, twice. */
    guint64 more = format == PST_FORMAT_TIFF   ? row * 256
                   : format == PST_FORMAT_WEBP ? row / 2 * (guint64)height
                                               : row * 16;
    guint64 layers = format == PST_FORMAT_OPENRASTER ? row / 2 * (guint64)height : 0; /* of two pictures */
    if (temporary_size)
        *temporary_size = layers ? layers : scratch > PST_SCRATCH_FILE_MEMORY ? scratch : 0;
    return more + pst_scratch_file_memory(scratch);
}

/* Takes the error out of the sink. */
static gboolean fail(PstRowWriter *writer, GError **error)
{
    g_propagate_error(error, g_steal_pointer(&writer->sink.error));
    return FALSE;
}

static PstPictureEncoder *new_encoder(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                      const PstWriteOptions *options, PstSink *sink)
{
    switch (options->format) {
    case PST_FORMAT_PNG:
        return pst_png_encoder_new(info, metadata, options, sink);
#if PST_HAVE_TIFF
    case PST_FORMAT_TIFF:
        return pst_tiff_encoder_new(info, metadata, options, sink);
#endif
#if PST_HAVE_WEBP
    case PST_FORMAT_WEBP:
        return pst_webp_encoder_new(info, metadata, options, sink);
#endif
#if PST_HAVE_OPENRASTER
    case PST_FORMAT_OPENRASTER:
        return pst_open_raster_encoder_new(info, metadata, options, sink);
#endif
    default:
        return pst_jpeg_encoder_new(info, metadata, options, sink);
    }
}

/* Whether this build writes it. */
static gboolean check_format(PstFormat format, const char *path, GError **error)
{
    if (pst_format_is_written(format))
        return TRUE;
    if (format == PST_FORMAT_UNKNOWN)
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, path, "the name ends in no suffix of a picture");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, path, "%s files can't be written here",
                              pst_format_name(format));
    return FALSE;
}

/* Takes over `writer`, whose sink is open. */
static PstRowWriter *begin(PstRowWriter *writer, const PstPictureInfo *info, const PstWriteOptions *options,
                           GCancellable *cancellable, GError **error)
{
    writer->sink.name = writer->name;
    writer->sink.cancellable = cancellable;
    writer->width = (gsize)info->width;
    writer->height = writer->rows_left = info->height;
    g_auto(PstMetadataParts) metadata = { 0 };
    pst_metadata_parts_init(&metadata, info, options);
    writer->lost = metadata.lost;
    writer->encoder = new_encoder(info, &metadata, options, &writer->sink);
    if (writer->encoder)
        return writer;
    fail(writer, error);
    pst_row_writer_free(writer);
    return NULL;
}

PstRowWriter *pst_row_writer_open(const char *path, const PstPictureInfo *info, const PstWriteOptions *given,
                                  GCancellable *cancellable, GError **error)
{
    PstWriteOptions options = complete(given);
    if (options.format == PST_FORMAT_UNKNOWN)
        options.format = pst_format_from_suffix(path);
    if (!check_format(options.format, path, error))
        return NULL;
    PstOutput *output = pst_output_open(path, options.conflict, error);
    if (!output)
        return NULL;
    PstRowWriter *writer = g_new0(PstRowWriter, 1);
    writer->name = g_strdup(path);
    writer->sink.output = output;
    return begin(writer, info, &options, cancellable, error);
}

PstRowWriter *pst_row_writer_open_bytes(const PstPictureInfo *info, const PstWriteOptions *given,
                                        GCancellable *cancellable, GError **error)
{
    PstWriteOptions options = complete(given);
    g_return_val_if_fail(options.format != PST_FORMAT_UNKNOWN, NULL);
    PstRowWriter *writer = g_new0(PstRowWriter, 1);
    writer->name = g_strdup("picture");
    writer->sink.array = g_byte_array_new();
    return begin(writer, info, &options, cancellable, error);
}

char *pst_row_writer_lost(const PstRowWriter *writer)
{
    return pst_metadata_lost_text(writer->lost);
}

static const float *opaque_row(PstRowWriter *writer)
{
    if (!writer->opaque) {
        writer->opaque = g_new(float, writer->width);
        for (gsize x = 0; x < writer->width; x++)
            writer->opaque[x] = 1;
    }
    return writer->opaque;
}

gboolean pst_row_writer_write(PstRowWriter *writer, int rows, const float *rgb, const float *alpha, GError **error)
{
    g_return_val_if_fail(rows >= 0 && rows <= writer->rows_left, FALSE);
    for (gsize i = 0; i < (gsize)rows; i++, writer->rows_left--) {
        const float *cover = alpha ? alpha + i * writer->width : opaque_row(writer);
        if (g_cancellable_set_error_if_cancelled(writer->sink.cancellable, error))
            return FALSE;
        if (!writer->encoder->write_row(writer->encoder, rgb + i * writer->width * 3, cover))
            return fail(writer, error);
    }
    return TRUE;
}

gboolean pst_row_writer_takes_parts(PstFormat format, int width, int height, gboolean pyramid)
{
    return format == PST_FORMAT_TIFF && (pyramid || (guint64)width * (guint64)height >= PST_PYRAMID_PIXELS);
}

gboolean pst_row_writer_take(PstRowWriter *writer, const char *path, GError **error)
{
    int rows = MIN(PST_PART_ROWS, writer->rows_left);
    g_return_val_if_fail(rows > 0 && writer->encoder->take_part, FALSE);
    if (g_cancellable_set_error_if_cancelled(writer->sink.cancellable, error))
        return FALSE;
    writer->rows_left -= rows;
    return writer->encoder->take_part(writer->encoder, path, writer->rows_left == 0) || fail(writer, error);
}

gboolean pst_row_writer_begin_layer(PstRowWriter *writer, const PstPictureLayer *layer, GError **error)
{
    g_return_val_if_fail(writer->rows_left == 0 && writer->encoder->begin_layer, FALSE);
    writer->rows_left = writer->height;
    return writer->encoder->begin_layer(writer->encoder, layer) || fail(writer, error);
}

static gboolean finish(PstRowWriter *writer, GError **error)
{
    g_return_val_if_fail(writer->rows_left == 0, FALSE);
    if (!writer->encoder->finish(writer->encoder))
        return fail(writer, error);
    return !g_cancellable_set_error_if_cancelled(writer->sink.cancellable, error);
}

char *pst_row_writer_commit(PstRowWriter *writer, GError **error)
{
    PstSink *sink = &writer->sink;
    gboolean done = finish(writer, error) && pst_output_flush(sink->output, sink->cancellable, error);
    return done ? pst_output_commit(sink->output, error) : NULL;
}

GBytes *pst_row_writer_commit_bytes(PstRowWriter *writer, GError **error)
{
    return finish(writer, error) ? g_byte_array_free_to_bytes(g_steal_pointer(&writer->sink.array)) : NULL;
}

void pst_row_writer_free(PstRowWriter *writer)
{
    if (!writer)
        return;
    if (writer->encoder)
        writer->encoder->free(writer->encoder);
    pst_output_free(writer->sink.output);
    g_clear_pointer(&writer->sink.array, g_byte_array_unref);
    g_clear_error(&writer->sink.error);
    g_free(writer->opaque);
    g_free(writer->name);
    g_free(writer);
}
