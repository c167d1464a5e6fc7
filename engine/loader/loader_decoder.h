/* The decoders of pastiche-loader, which run confined (confinement.h), each in a process of its own. Private.
 *
 * They are as those of engine/picture, but for their errors: a message is only the detail, untranslated, and the
 * process that asks puts it into words. */
#pragma once

#include "engine/picture/picture_decoder.h"

typedef struct {
    GBytes *file;   /* the whole of it, mapped */
    guint64 memory; /* bytes that may be taken */
    int max_side;   /* as in PstReadLimits */
} PstLoaderInput;

PstPictureDecoder *pst_tiff_decoder_new(const PstLoaderInput *input, GError **error);
PstPictureDecoder *pst_webp_decoder_new(const PstLoaderInput *input, GError **error);
PstPictureDecoder *pst_heif_decoder_new(const PstLoaderInput *input, GError **error);
PstPictureDecoder *pst_jxl_decoder_new(const PstLoaderInput *input, GError **error);
PstPictureDecoder *pst_gif_decoder_new(const PstLoaderInput *input, GError **error);
PstPictureDecoder *pst_raw_decoder_new(const PstLoaderInput *input, GError **error);

/* That of the format; a TIFF that is a camera's raw file is one of those. Errors also: UNSUPPORTED where the build has
 * no library for it. */
PstPictureDecoder *pst_loader_open(PstFormat format, const PstLoaderInput *input, GError **error);

/* Sets an error of PST_PICTURE_ERROR and returns FALSE. `detail` without a text says nothing more. */
gboolean pst_loader_fail(GError **error, PstPictureError code, const char *detail);

/* Takes an EXIF block, from its TIFF header on. `upright`: the rows are so already, whatever it says. */
void pst_loader_take_exif(PstPictureDecoder *decoder, const void *data, gsize size, gboolean upright);

/* Divides `width` pixels of `channels` colours and alpha, 8 or 16 bits each, by their alpha. */
void pst_loader_divide_by_alpha(void *row, int width, int channels, int depth);
