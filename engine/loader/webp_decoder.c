/* WebP by libwebp; of an animation the first frame. */
#include "whole_decoder.h"

#include "engine/picture/metadata.h"

#include <glib/gi18n-lib.h>

#include <webp/decode.h>
#include <webp/demux.h>

typedef struct {
    PstWholeDecoder whole;
    WebPData data;
    WebPDemuxer *demuxer;
    WebPAnimDecoder *animation; /* or NULL */
    guint8 *pixels;
} WebpDecoder;

static gboolean decode_animation(WebpDecoder *self, GError **error)
{
    WebPAnimDecoderOptions options;
    int time;
    guint8 *frame;
    WebPAnimDecoderOptionsInit(&options);
    options.color_mode = MODE_RGBA;
    self->animation = WebPAnimDecoderNew(&self->data, &options);
    if (!self->animation || !WebPAnimDecoderGetNext(self->animation, &frame, &time))
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its first frame can't be decoded"));
    self->whole.rows = frame;
    return TRUE;
}

static gboolean decode(PstWholeDecoder *whole, GError **error)
{
    WebpDecoder *self = (WebpDecoder *)whole;
    gsize height = (gsize)whole->base.height;
    WebPIterator frame;
    whole->stride = (gsize)whole->base.width * (whole->base.layout.alpha ? 4 : 3);
    if (WebPDemuxGetI(self->demuxer, WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG)
        return decode_animation(self, error);
    if (!(self->pixels = pst_whole_decoder_allocate(whole, error)))
        return FALSE;
    gboolean done = WebPDemuxGetFrame(self->demuxer, 1, &frame);
    if (done) {
        guint8 *rows = whole->base.layout.alpha
                           ? WebPDecodeRGBAInto(frame.fragment.bytes, frame.fragment.size, self->pixels,
                                                whole->stride * height, (int)whole->stride)
                           : WebPDecodeRGBInto(frame.fragment.bytes, frame.fragment.size, self->pixels,
                                               whole->stride * height, (int)whole->stride);
        done = rows != NULL && frame.width == whole->base.width && frame.height == whole->base.height;
        WebPDemuxReleaseIterator(&frame);
    }
    whole->rows = self->pixels;
    return done || pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its pixels can't be decoded"));
}

static void webp_decoder_free(PstPictureDecoder *decoder)
{
    WebpDecoder *self = (WebpDecoder *)decoder;
    WebPAnimDecoderDelete(self->animation);
    WebPDemuxDelete(self->demuxer);
    g_free(self->pixels);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static void read_metadata(WebpDecoder *self)
{
    PstPictureDecoder *base = &self->whole.base;
    WebPChunkIterator chunk;
    if (WebPDemuxGetChunk(self->demuxer, "ICCP", 1, &chunk)) {
        base->colour.icc = g_bytes_new(chunk.chunk.bytes, chunk.chunk.size);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    if (WebPDemuxGetChunk(self->demuxer, "XMP ", 1, &chunk)) {
        pst_metadata_take_xmp(&base->info, chunk.chunk.bytes, chunk.chunk.size);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    if (WebPDemuxGetChunk(self->demuxer, PST_WEBP_RECIPE, 1, &chunk)) {
        pst_metadata_take_recipe(&base->info, chunk.chunk.bytes, chunk.chunk.size);
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    if (WebPDemuxGetChunk(self->demuxer, "EXIF", 1, &chunk)) {
        /* Some programs begin it as in a JPEG. */
        gsize skipped = chunk.chunk.size > 6 && memcmp(chunk.chunk.bytes, "Exif\0", 6) == 0 ? 6 : 0;
        pst_loader_take_exif(base, chunk.chunk.bytes + skipped, chunk.chunk.size - skipped, FALSE);
        WebPDemuxReleaseChunkIterator(&chunk);
    } else {
        pst_metadata_take_orientation(&base->info, 0);
    }
}

PstPictureDecoder *pst_webp_decoder_new(const PstLoaderInput *input, GError **error)
{
    WebPData data = { g_bytes_get_data(input->file, NULL), g_bytes_get_size(input->file) };
    WebPDemuxer *demuxer = WebPDemux(&data);
    if (!demuxer) {
        pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("the file ends too early"));
        return NULL;
    }
    WebpDecoder *self = g_new0(WebpDecoder, 1);
    PstPictureDecoder *base = &self->whole.base;
    self->data = data;
    self->demuxer = demuxer;
    guint32 width = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH),
            height = WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT);
    guint32 flags = WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS);
    WebPBitstreamFeatures features = { 0 };
    WebPIterator frame;
    if (WebPDemuxGetFrame(demuxer, 1, &frame)) {
        WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &features);
        WebPDemuxReleaseIterator(&frame);
    }
    gboolean alpha = flags & ANIMATION_FLAG || features.has_alpha;
    pst_whole_decoder_init(&self->whole, PST_FORMAT_WEBP, (int)width, (int)height,
                           (PstRowLayout){ PST_COLOUR_RGB, 8, alpha }, flags & ANIMATION_FLAG ? 3 : 2,
                           webp_decoder_free);
    self->whole.decode = decode;
    read_metadata(self);
    if (flags & ANIMATION_FLAG)
        base->info.lost |= PST_LOST_MOTION;
    if (pst_whole_decoder_check_size(width, height, error))
        return base;
    webp_decoder_free(base);
    return NULL;
}
