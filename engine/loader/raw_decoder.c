/* The previews of raw files, which the camera developed itself, by LibRaw. */
#include "whole_decoder.h"

#include "tiff_file.h"

#include "engine/picture/metadata.h"

#include <glib/gi18n-lib.h>

#include <libraw/libraw.h>

typedef struct {
    PstWholeDecoder whole; /* where the preview is RGB */
    libraw_data_t *raw;
    PstPictureDecoder *jpeg; /* where it is a JPEG */
    PstSource source;
} RawDecoder;

static gboolean read_jpeg_row(PstPictureDecoder *decoder, void *row, GError **error)
{
    RawDecoder *self = (RawDecoder *)decoder;
    return self->jpeg->read_row(self->jpeg, row, NULL) ||
           pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its preview is damaged"));
}

static gboolean finish_jpeg(PstPictureDecoder *decoder, GError **error)
{
    RawDecoder *self = (RawDecoder *)decoder;
    return self->jpeg->finish(self->jpeg, NULL) ||
           pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its preview is damaged"));
}

static gboolean decode(PstWholeDecoder *whole, GError **error)
{
    RawDecoder *self = (RawDecoder *)whole;
    whole->rows = (const guint8 *)self->raw->thumbnail.thumb;
    whole->stride = (gsize)whole->base.width * 3;
    return TRUE;
}

static void raw_decoder_free(PstPictureDecoder *decoder)
{
    RawDecoder *self = (RawDecoder *)decoder;
    if (self->jpeg)
        self->jpeg->free(self->jpeg);
    pst_source_close(&self->source);
    pst_picture_decoder_clear(decoder);
    if (self->raw)
        libraw_close(self->raw);
    g_free(self);
}

/* The file's own EXIF goes before the preview's; what tells how the camera was held, too. */
static void read_metadata(RawDecoder *self, GBytes *bytes)
{
    PstPictureDecoder *base = &self->whole.base;
    PstTiffFile file;
    int inner = base->info.orientation;
    if (pst_tiff_file_init(&file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes))) {
        g_autoptr(GBytes) exif = pst_tiff_file_exif(&file, pst_tiff_file_first(&file));
        g_clear_pointer(&base->info.exif, g_bytes_unref);
        pst_loader_take_exif(base, g_bytes_get_data(exif, NULL), g_bytes_get_size(exif), TRUE);
    }
    int flip = self->raw->sizes.flip;
    base->info.orientation = inner != 1 ? inner : flip == 3 ? 3 : flip == 5 ? 8 : flip == 6 ? 6 : 1;
    base->info.format = PST_FORMAT_RAW;
}

static gboolean open_jpeg(RawDecoder *self, const PstLoaderInput *input, GError **error)
{
    const PstDecoderOptions options = { .max_scans = 100, .max_side = input->max_side, .max_memory = input->memory };
    g_autoptr(GBytes) bytes = g_bytes_new_static(self->raw->thumbnail.thumb, self->raw->thumbnail.tlength);
    if (pst_source_open_bytes(&self->source, bytes, "preview", NULL, NULL))
        self->jpeg = pst_jpeg_decoder_new(&self->source, &options, NULL);
    if (!self->jpeg)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its preview is damaged"));
    PstPictureDecoder *base = &self->whole.base, *jpeg = self->jpeg;
    base->width = jpeg->width;
    base->height = jpeg->height;
    base->layout = jpeg->layout;
    base->memory = jpeg->memory + jpeg->scratch;
    base->info = jpeg->info;
    jpeg->info = (PstPictureInfo){ 0 };
    base->colour = jpeg->colour;
    jpeg->colour.icc = NULL;
    base->read_row = read_jpeg_row;
    base->finish = finish_jpeg;
    return TRUE;
}

static gboolean open_bitmap(RawDecoder *self, GError **error)
{
    const libraw_thumbnail_t *preview = &self->raw->thumbnail;
    if (!pst_whole_decoder_check_size(preview->twidth, preview->theight, error))
        return FALSE;
    if ((guint64)preview->twidth * preview->theight * 3 > preview->tlength)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its preview is damaged"));
    pst_whole_decoder_init(&self->whole, PST_FORMAT_RAW, preview->twidth, preview->theight,
                           (PstRowLayout){ PST_COLOUR_RGB, 8, FALSE }, 1, raw_decoder_free);
    return TRUE;
}

static gboolean open_raw(RawDecoder *self, const PstLoaderInput *input, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(input->file, &size);
    self->raw = libraw_init(0);
    if (!self->raw)
        return pst_loader_fail(error, PST_PICTURE_ERROR_MEMORY, NULL);
    int failure = libraw_open_buffer(self->raw, (void *)data, size);
    if (failure == LIBRAW_FILE_UNSUPPORTED)
        return pst_loader_fail(error, PST_PICTURE_ERROR_UNSUPPORTED, N_("the camera is not known"));
    if (failure != LIBRAW_SUCCESS)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, libraw_strerror(failure));
    failure = libraw_unpack_thumb(self->raw);
    if (failure == LIBRAW_NO_THUMBNAIL || failure == LIBRAW_UNSUPPORTED_THUMBNAIL)
        return pst_loader_fail(error, PST_PICTURE_ERROR_UNSUPPORTED, N_("it has no preview; develop it first"));
    if (failure != LIBRAW_SUCCESS)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, libraw_strerror(failure));
    return self->raw->thumbnail.tformat == LIBRAW_THUMBNAIL_JPEG ? open_jpeg(self, input, error)
                                                                 : open_bitmap(self, error);
}

PstPictureDecoder *pst_raw_decoder_new(const PstLoaderInput *input, GError **error)
{
    RawDecoder *self = g_new0(RawDecoder, 1);
    self->whole.base.free = raw_decoder_free;
    self->whole.decode = decode;
    if (!open_raw(self, input, error)) {
        raw_decoder_free(&self->whole.base);
        return NULL;
    }
    read_metadata(self, input->file);
    return &self->whole.base;
}
