#include "writer.h"

#include "encoder.h"
#include "error.h"

#include <string.h>

enum { DEFAULT_QUALITY = 92, DEFAULT_COMPRESSION = 6 };

PstFormat pst_format_from_suffix(const char *path)
{
    static const struct {
        const char *suffix;
        PstFormat format;
    } suffixes[] = {
        { "jpg", PST_FORMAT_JPEG }, { "jpeg", PST_FORMAT_JPEG }, { "jpe", PST_FORMAT_JPEG },
        { "jfif", PST_FORMAT_JPEG }, { "png", PST_FORMAT_PNG },
    };
    g_autofree char *base = g_path_get_basename(path);
    const char *dot = strrchr(base, '.');
    for (gsize i = 0; dot && dot != base && i < G_N_ELEMENTS(suffixes); i++)
        if (g_ascii_strcasecmp(dot + 1, suffixes[i].suffix) == 0)
            return suffixes[i].format;
    return PST_FORMAT_UNKNOWN;
}

gboolean pst_sink_write(PstSink *sink, const void *data, gsize size)
{
    if (sink->output)
        return pst_output_write(sink->output, data, size, &sink->error);
    if (size > G_MAXUINT - sink->array->len) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name,
                              "is too large to keep in memory; write it to a file");
        return FALSE;
    }
    g_byte_array_append(sink->array, data, (guint)size);
    return TRUE;
}

static PstWriteOptions complete(const PstWriteOptions *given)
{
    PstWriteOptions options = given ? *given : (PstWriteOptions){ 0 };
    options.quality = options.quality ? CLAMP(options.quality, 1, 100) : DEFAULT_QUALITY;
    options.depth = options.depth == 16 ? 16 : 8;
    options.compression =
        options.compression ? CLAMP(options.compression, 1, 9) : DEFAULT_COMPRESSION;
    return options;
}

static gboolean encode(const PstPicture *picture, const PstWriteOptions *options, PstSink *sink,
                       GError **error)
{
    gboolean done = options->format == PST_FORMAT_JPEG ? pst_jpeg_encode(picture, options, sink)
                                                       : pst_png_encode(picture, options, sink);
    if (!done)
        g_propagate_error(error, g_steal_pointer(&sink->error));
    return done;
}

gboolean pst_picture_write(const PstPicture *picture, const char *path,
                           const PstWriteOptions *given, char **written, GCancellable *cancellable,
                           GError **error)
{
    if (written)
        *written = NULL;
    PstWriteOptions options = complete(given);
    if (options.format == PST_FORMAT_UNKNOWN)
        options.format = pst_format_from_suffix(path);
    if (options.format == PST_FORMAT_UNKNOWN) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, path,
                              "the name doesn't end in .jpg or .png; add one of these");
        return FALSE;
    }
    g_autoptr(PstOutput) output = pst_output_open(path, options.conflict, error);
    if (!output)
        return FALSE;
    PstSink sink = { .name = path, .output = output, .cancellable = cancellable };
    if (!encode(picture, &options, &sink, error) ||
        g_cancellable_set_error_if_cancelled(cancellable, error))
        return FALSE;
    g_autofree char *final = pst_output_commit(output, error);
    if (!final)
        return FALSE;
    if (written)
        *written = g_steal_pointer(&final);
    return TRUE;
}

GBytes *pst_picture_write_bytes(const PstPicture *picture, const PstWriteOptions *given,
                                GCancellable *cancellable, GError **error)
{
    PstWriteOptions options = complete(given);
    g_return_val_if_fail(options.format != PST_FORMAT_UNKNOWN, NULL);
    g_autoptr(GByteArray) array = g_byte_array_new();
    PstSink sink = { .name = "picture", .array = array, .cancellable = cancellable };
    if (!encode(picture, &options, &sink, error))
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&array));
}
