#include "picture_decoder.h"

#include "error.h"

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
    if (source->ended || !detail || !*detail)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is incomplete, the file ends too early; copy or download it again");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is damaged (%s); copy or download it again", detail);
}

/* The first bytes of other formats, so that the refusal can name them. */
static const char *name_other_format(const guint8 *head, gsize size)
{
    static const struct {
        gsize offset, size;
        const char *magic, *name;
    } formats[] = {
        { 0, 4, "GIF8", N_("a GIF picture") },
        { 8, 4, "WEBP", N_("a WebP picture") },
        { 0, 4, "II*\0", N_("a TIFF or raw camera picture") },
        { 0, 4, "MM\0*", N_("a TIFF or raw camera picture") },
        { 0, 4, "II+\0", N_("a BigTIFF picture") },
        { 0, 4, "MM\0+", N_("a BigTIFF picture") },
        { 4, 8, "ftypavif", N_("an AVIF picture") },
        { 4, 8, "ftypavis", N_("an AVIF picture") },
        { 4, 7, "ftyphei", N_("a HEIC picture") },
        { 4, 7, "ftyphev", N_("a HEIC picture") },
        { 4, 8, "ftypmif1", N_("a HEIC picture") },
        { 4, 8, "ftypmsf1", N_("a HEIC picture") },
        { 4, 7, "ftypcrx", N_("a raw camera picture") },
        { 4, 4, "ftyp", N_("a video") },
        { 0, 2, "BM", N_("a BMP picture") },
        { 0, 12, "\0\0\0\x0cJXL \r\n\x87\n", N_("a JPEG XL picture") },
        { 0, 2, "\xff\x0a", N_("a JPEG XL picture") },
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

PstPictureDecoder *pst_picture_decoder_open(PstSource *source, int max_scans, int max_side, GError **error)
{
    static const guint8 jpeg[3] = { 0xff, 0xd8, 0xff };
    static const guint8 png[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    const guint8 *head = source->head;
    gsize size = source->head_size;
    if (size >= sizeof jpeg && memcmp(head, jpeg, sizeof jpeg) == 0)
        return pst_jpeg_decoder_new(source, max_scans, max_side, error);
    if (size >= sizeof png && memcmp(head, png, sizeof png) == 0)
        return pst_png_decoder_new(source, error);

    const char *other = name_other_format(head, size);
    if (other)
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name, "is %s; convert it to JPEG or PNG first",
                              _(other));
    else if (memcmp(head, png, MIN(size, sizeof png)) == 0 || memcmp(head, jpeg, MIN(size, sizeof jpeg)) == 0)
        pst_picture_set_error(error, PST_PICTURE_ERROR_DAMAGED, source->name,
                              "is incomplete, the file ends too early; copy or download it again");
    else
        pst_picture_set_error(error, PST_PICTURE_ERROR_FORMAT, source->name,
                              "is not a JPEG or PNG picture; convert it to one of these first");
    return NULL;
}
