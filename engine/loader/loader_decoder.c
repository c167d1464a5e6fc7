#include "loader_decoder.h"

#include "engine/picture/exif.h"
#include "engine/picture/metadata.h"
#include "raw_file.h"

#include <glib/gi18n-lib.h>

gboolean pst_loader_fail(GError **error, PstPictureError code, const char *detail)
{
    g_set_error_literal(error, PST_PICTURE_ERROR, (int)code, detail ? detail : "");
    return FALSE;
}

void pst_loader_take_exif(PstPictureDecoder *decoder, const void *data, gsize size, gboolean upright)
{
    PstPictureInfo *info = &decoder->info;
    PstExif exif = pst_exif_parse(data, size);
    if (size > 0 && !info->exif)
        info->exif = g_bytes_new(data, size);
    if (!upright)
        pst_metadata_take_orientation(info, exif.orientation);
    if (exif.dpi_x > 0 && info->dpi_x == 0) {
        info->dpi_x = exif.dpi_x;
        info->dpi_y = exif.dpi_y;
    }
    const PstColourSpec *colour = &decoder->colour;
    if (exif.adobe_rgb && !colour->icc && !colour->name && decoder->layout.colour == PST_COLOUR_RGB)
        decoder->colour = pst_colour_adobe_rgb;
}

#define DEFINE_DIVIDE(name, type, largest)                                                                             \
    static void name(type *row, gsize width, gsize channels)                                                           \
    {                                                                                                                  \
        for (gsize x = 0; x < width; x++, row += channels + 1) {                                                       \
            guint32 alpha = row[channels];                                                                             \
            for (gsize k = 0; alpha > 0 && alpha < (largest) && k < channels; k++)                                     \
                row[k] = (type)MIN(((guint64)row[k] * (largest) + alpha / 2) / alpha, (largest));                      \
        }                                                                                                              \
    }

DEFINE_DIVIDE(divide8, guint8, 255)
DEFINE_DIVIDE(divide16, guint16, 65535)

void pst_loader_divide_by_alpha(void *row, int width, int channels, int depth)
{
    if (depth == 8)
        divide8(row, (gsize)width, (gsize)channels);
    else
        divide16(row, (gsize)width, (gsize)channels);
}

PstPictureDecoder *pst_loader_open(PstFormat format, const PstLoaderInput *input, GError **error)
{
    if (format == PST_FORMAT_TIFF && pst_raw_file_is_tiff(input->file))
        format = PST_FORMAT_RAW;
    switch (format) {
#if PST_HAVE_TIFF
    case PST_FORMAT_TIFF:
        return pst_tiff_decoder_new(input, error);
#endif
#if PST_HAVE_WEBP
    case PST_FORMAT_WEBP:
        return pst_webp_decoder_new(input, error);
#endif
#if PST_HAVE_HEIF
    case PST_FORMAT_HEIC:
    case PST_FORMAT_AVIF:
        return pst_heif_decoder_new(input, error);
#endif
#if PST_HAVE_JXL
    case PST_FORMAT_JXL:
        return pst_jxl_decoder_new(input, error);
#endif
#if PST_HAVE_GIF
    case PST_FORMAT_GIF:
        return pst_gif_decoder_new(input, error);
#endif
#if PST_HAVE_RAW
    case PST_FORMAT_RAW:
        return pst_raw_decoder_new(input, error);
#endif
    default:
        pst_loader_fail(error, PST_PICTURE_ERROR_UNSUPPORTED, N_("this build has no library for it"));
        return NULL;
    }
}
