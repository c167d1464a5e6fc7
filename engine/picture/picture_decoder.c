#include "picture_decoder.h"

#include "error.h"
#include "reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void pst_picture_decoder_clear(PstPictureDecoder *decoder)
{
    pst_picture_info_clear(&decoder->info);
    pst_colour_spec_clear(&decoder->colour);
}

void pst_picture_decoder_set_damaged(PstPictureDecoder *decoder, GError **error, const char *detail)
{
    PstSource *source = decoder->source;
    if (source->error) {
        pst_picture_set_read_error(error, source->name, g_steal_pointer(&source->error));
        return;
    }
    if (g_cancellable_set_error_if_cancelled(source->cancellable, error))
        return;
    if (!detail || !*detail)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name, "is incomplete, the file ends too early");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name, "is damaged (%s)", detail);
}

void pst_picture_decoder_warn_salvaged(PstPictureDecoder *decoder)
{
    pst_picture_info_warn(&decoder->info, "is damaged: what could not be read is grey");
}

/* The first bytes of what is read by no build, so that the refusal can name it. */
static const char *find_foreign(const guint8 *head, gsize size)
{
    static const struct {
        gsize offset, size;
        const char *magic, *name;
    } formats[] = {
        { 4, 4, "ftyp", N_("a video") },
        { 0, 2, "BM", N_("a BMP picture") },
        { 0, 12, "\0\0\0\x0cjP  \r\n\x87\n", N_("a JPEG 2000 picture") },
        { 0, 4, "8BPS", N_("a Photoshop document") },
        { 0, 8, "gimp xcf", N_("a GIMP document") },
        { 0, 4, "%PDF", N_("a PDF document") },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (size >= formats[i].offset + formats[i].size &&
            memcmp(head + formats[i].offset, formats[i].magic, formats[i].size) == 0)
            return formats[i].name;
    return NULL;
}

const char *pst_picture_other_format(const guint8 *head, gsize size)
{
    PstFormat format = pst_format_from_head(head, size);
    if (format == PST_FORMAT_UNKNOWN)
        return find_foreign(head, size);
    return pst_format_is_read(format) ? NULL : pst_format_of_file(format);
}

static PstPictureDecoder *refuse(const PstSource *source, PstFormat format, GError **error)
{
    const char *head = (const char *)source->head;
    gsize size = source->head_size;
    const char *other = find_foreign(source->head, size);
    if (format != PST_FORMAT_UNKNOWN)
        pst_picture_set_error(error, PST_PICTURE_ERROR_UNSUPPORTED, source->name,
                              "is %s, which this build can't read: it has no %s", _(pst_format_of_file(format)),
                              pst_format_library(format));
    else if (other)
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name, "is %s", _(other));
    else if (memcmp(head, "\x89PNG\r\n\x1a\n", MIN(size, 8)) == 0 || memcmp(head, "\xff\xd8\xff", MIN(size, 3)) == 0)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name, "is incomplete, the file ends too early");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name, "is not a picture that can be read");
    return NULL;
}

PstPictureDecoder *pst_picture_decoder_open(PstSource *source, const PstDecoderOptions *options, GError **error)
{
    PstFormat format = pst_format_from_head(source->head, source->head_size);
    if (format == PST_FORMAT_JPEG)
        return pst_jpeg_decoder_new(source, options, error);
    if (format == PST_FORMAT_PNG)
        return pst_png_decoder_new(source, options, error);
    return pst_format_is_read(format) ? pst_loaded_decoder_new(source, format, options, error)
                                      : refuse(source, format, error);
}
