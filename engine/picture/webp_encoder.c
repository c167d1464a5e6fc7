/* WebP by libwebp, which takes the whole picture at once. */
#include "picture_encoder.h"

#include "colour.h"
#include "error.h"

#include <string.h>

#include <webp/encode.h>
#include <webp/mux.h>

typedef struct {
    PstPictureEncoder base;
    WebPConfig config;
    WebPMux *mux;
    gsize width, height, channels, next;
    guint8 *pixels;
} WebpEncoder;

static gboolean write_row(PstPictureEncoder *encoder, const float *rgb, const float *alpha)
{
    WebpEncoder *self = (WebpEncoder *)encoder;
    guint8 *to = self->pixels + self->next++ * self->width * self->channels;
    for (gsize x = 0; x < self->width; x++)
        for (gsize k = 0; k < self->channels; k++)
            *to++ = (guint8)pst_quantise(k < 3 ? rgb[x * 3 + k] : alpha[x], 255);
    return TRUE;
}

static int go_on(int percent, const WebPPicture *picture)
{
    return !g_cancellable_is_cancelled(((PstSink *)picture->user_data)->cancellable);
}

/* The picture as a file without metadata, or FALSE with the sink's error set. */
static gboolean encode(WebpEncoder *self, WebPMemoryWriter *written)
{
    PstSink *sink = self->base.sink;
    WebPPicture picture;
    WebPPictureInit(&picture);
    picture.width = (int)self->width;
    picture.height = (int)self->height;
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = written;
    picture.progress_hook = go_on;
    picture.user_data = sink;
    int stride = (int)(self->width * self->channels);
    gboolean imported = self->channels == 4 ? WebPPictureImportRGBA(&picture, self->pixels, stride)
                                            : WebPPictureImportRGB(&picture, self->pixels, stride);
    g_clear_pointer(&self->pixels, g_free);
    gboolean done = imported && WebPEncode(&self->config, &picture);
    if (!done && !g_cancellable_set_error_if_cancelled(sink->cancellable, &sink->error))
        pst_picture_set_error(&sink->error,
                              !imported || picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY ? PST_PICTURE_ERROR_MEMORY
                                                                                             : PST_PICTURE_ERROR_IO,
                              sink->name, "can't be written as WebP (code %d)", (int)picture.error_code);
    WebPPictureFree(&picture);
    return done;
}

static gboolean finish(PstPictureEncoder *encoder)
{
    WebpEncoder *self = (WebpEncoder *)encoder;
    WebPMemoryWriter written;
    WebPData file = { NULL, 0 };
    WebPMemoryWriterInit(&written);
    gboolean done = encode(self, &written);
    WebPData image = { written.mem, written.size };
    if (done &&
        (WebPMuxSetImage(self->mux, &image, 0) != WEBP_MUX_OK || WebPMuxAssemble(self->mux, &file) != WEBP_MUX_OK)) {
        pst_picture_set_error(&encoder->sink->error, PST_PICTURE_ERROR_MEMORY, encoder->sink->name,
                              "not enough memory");
        done = FALSE;
    }
    done = done && pst_sink_write(encoder->sink, file.bytes, file.size);
    WebPDataClear(&file);
    WebPMemoryWriterClear(&written);
    return done;
}

static void encoder_free(PstPictureEncoder *encoder)
{
    WebpEncoder *self = (WebpEncoder *)encoder;
    WebPMuxDelete(self->mux);
    g_free(self->pixels);
    g_free(self);
}

static void set_chunk(WebPMux *mux, const char *name, const void *content, gsize size)
{
    const WebPData data = { content, size };
    if (content && size > 0)
        WebPMuxSetChunk(mux, name, &data, 1);
}

static void set_bytes(WebPMux *mux, const char *name, GBytes *bytes)
{
    if (bytes)
        set_chunk(mux, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

PstPictureEncoder *pst_webp_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                        const PstWriteOptions *options, PstSink *sink)
{
    if (MAX(info->width, info->height) > pst_format_longest_side(PST_FORMAT_WEBP)) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_TOO_BIG, sink->name,
                              "%d x %d pixels are too many for a WebP", info->width, info->height);
        return NULL;
    }
    WebpEncoder *self = g_new0(WebpEncoder, 1);
    self->base = (PstPictureEncoder){ sink, write_row, NULL, finish, encoder_free, NULL };
    self->width = (gsize)info->width;
    self->height = (gsize)info->height;
    self->channels = info->alpha ? 4 : 3;
    self->pixels = g_try_malloc_n(self->height, self->width * self->channels);
    self->mux = WebPMuxNew();
    if (!self->pixels || !self->mux || !WebPConfigPreset(&self->config, WEBP_PRESET_PICTURE, (float)options->quality)) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name, "not enough memory to write a WebP");
        encoder_free(&self->base);
        return NULL;
    }
    if (info->icc)
        set_bytes(self->mux, "ICCP", info->icc); /* without one it is sRGB */
    set_bytes(self->mux, "EXIF", metadata->exif);
    set_bytes(self->mux, "XMP ", metadata->xmp);
    if (metadata->recipe)
        set_chunk(self->mux, PST_WEBP_RECIPE, metadata->recipe, strlen(metadata->recipe));
    return &self->base;
}
