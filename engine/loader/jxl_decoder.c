/* JPEG XL (ISO/IEC 18181) by libjxl, which turns pictures upright. */
#include "whole_decoder.h"

#include "engine/picture/metadata.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <jxl/decode.h>

enum { MAX_BOX = 16 << 20 };

typedef struct {
    PstWholeDecoder whole;
    GBytes *file;
    guint8 *pixels;
    gboolean known; /* the header is */
    char box[5];    /* that is being read, or "" */
    GByteArray *content;
} JxlReader;

static JxlPixelFormat pixel_format(const JxlReader *self)
{
    const PstRowLayout *layout = &self->whole.base.layout;
    guint32 channels = (layout->colour == PST_COLOUR_GREY ? 1 : 3) + (layout->alpha ? 1 : 0);
    return (JxlPixelFormat){ channels, layout->depth == 8 ? JXL_TYPE_UINT8 : JXL_TYPE_UINT16, JXL_NATIVE_ENDIAN, 0 };
}

/* A decoder that has the whole file before it. */
static JxlDecoder *begin(const JxlReader *self, int events, GError **error)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(self->file, &size);
    JxlDecoder *decoder = JxlDecoderCreate(NULL);
    if (decoder && JxlDecoderSubscribeEvents(decoder, events) == JXL_DEC_SUCCESS &&
        JxlDecoderSetInput(decoder, data, size) == JXL_DEC_SUCCESS) {
        JxlDecoderCloseInput(decoder);
        return decoder;
    }
    JxlDecoderDestroy(decoder);
    pst_loader_fail(error, PST_PICTURE_ERROR_MEMORY, NULL);
    return NULL;
}

static gboolean decode(PstWholeDecoder *whole, GError **error)
{
    JxlReader *self = (JxlReader *)whole;
    JxlPixelFormat format = pixel_format(self);
    gsize needed = 0;
    whole->stride = (gsize)whole->base.width * pst_row_layout_pixel_size(&whole->base.layout);
    self->pixels = pst_whole_decoder_allocate(whole, error);
    JxlDecoder *decoder = self->pixels ? begin(self, JXL_DEC_FULL_IMAGE, error) : NULL;
    if (!decoder)
        return FALSE;
    JxlDecoderStatus status = JxlDecoderProcessInput(decoder);
    if (status == JXL_DEC_NEED_IMAGE_OUT_BUFFER &&
        JxlDecoderImageOutBufferSize(decoder, &format, &needed) == JXL_DEC_SUCCESS &&
        needed <= whole->stride * (gsize)whole->base.height &&
        JxlDecoderSetImageOutBuffer(decoder, &format, self->pixels, needed) == JXL_DEC_SUCCESS)
        status = JxlDecoderProcessInput(decoder);
    JxlDecoderDestroy(decoder);
    whole->rows = self->pixels;
    return status == JXL_DEC_FULL_IMAGE ||
           pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED,
                           status == JXL_DEC_NEED_MORE_INPUT ? N_("the file ends too early")
                                                             : N_("its pixels can't be decoded"));
}

static void jxl_reader_free(PstPictureDecoder *decoder)
{
    JxlReader *self = (JxlReader *)decoder;
    g_bytes_unref(self->file);
    g_byte_array_unref(self->content);
    g_free(self->pixels);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static gboolean take_info(JxlReader *self, JxlDecoder *decoder, GError **error)
{
    JxlBasicInfo basic;
    if (JxlDecoderGetBasicInfo(decoder, &basic) != JXL_DEC_SUCCESS)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its header can't be read"));
    if (!pst_whole_decoder_check_size(basic.xsize, basic.ysize, error))
        return FALSE;
    PstRowLayout layout = { basic.num_color_channels == 1 ? PST_COLOUR_GREY : PST_COLOUR_RGB,
                            basic.bits_per_sample > 8 ? 16 : 8, basic.alpha_bits > 0 };
    /* Floats of three channels while it decodes. */
    pst_whole_decoder_init(&self->whole, PST_FORMAT_JXL, (int)basic.xsize, (int)basic.ysize, layout, 9,
                           jxl_reader_free);
    self->whole.base.info.depth = (int)CLAMP(basic.bits_per_sample, 1, 64);
    if (basic.have_animation)
        self->whole.base.info.lost |= PST_LOST_MOTION;
    return self->known = TRUE;
}

static void take_colour(JxlReader *self, JxlDecoder *decoder)
{
    PstPictureDecoder *base = &self->whole.base;
    JxlPixelFormat format = pixel_format(self);
    JxlColorEncoding encoding;
    gsize size = 0;
    if (JxlDecoderGetColorAsEncodedProfile(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, &encoding) ==
            JXL_DEC_SUCCESS &&
        (encoding.transfer_function == JXL_TRANSFER_FUNCTION_PQ ||
         encoding.transfer_function == JXL_TRANSFER_FUNCTION_HLG)) {
        enum { P3_DCI = 11, P3_D65 = 12 };
        gboolean p3 = encoding.primaries == JXL_PRIMARIES_P3 && encoding.white_point == JXL_WHITE_POINT_D65;
        const guint8 codes[] = { p3 ? P3_D65 : (guint8)encoding.primaries, (guint8)encoding.transfer_function, 0, 1 };
        if (pst_colour_spec_set_cicp(&base->colour, codes, &base->info))
            return;
    }
    if (JxlDecoderGetICCProfileSize(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, &size) == JXL_DEC_SUCCESS &&
        size > 0 && size <= MAX_BOX) {
        g_autofree guint8 *profile = g_malloc(size);
        if (JxlDecoderGetColorAsICCProfile(decoder, &format, JXL_COLOR_PROFILE_TARGET_DATA, profile, size) ==
            JXL_DEC_SUCCESS)
            base->colour.icc = g_bytes_new_take(g_steal_pointer(&profile), size);
    }
}

/* What is in the box that was read. */
static void take_box(JxlReader *self, JxlDecoder *decoder)
{
    PstPictureDecoder *base = &self->whole.base;
    gsize size = self->box[0] ? self->content->len - JxlDecoderReleaseBoxBuffer(decoder) : 0;
    const guint8 *data = self->content->data;
    if (strcmp(self->box, "Exif") == 0 && size > 4) {
        guint64 skipped = 4 + ((guint64)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3]);
        if (skipped < size)
            pst_loader_take_exif(base, data + skipped, size - (gsize)skipped, TRUE);
    } else if (strcmp(self->box, "xml ") == 0) {
        pst_metadata_take_xmp(&base->info, data, size);
    }
    self->box[0] = '\0';
}

static void begin_box(JxlReader *self, JxlDecoder *decoder)
{
    enum { FIRST = 1 << 16 };
    char type[5] = "";
    take_box(self, decoder);
    JxlDecoderGetBoxType(decoder, type, JXL_TRUE);
    if (strcmp(type, "Exif") != 0 && strcmp(type, "xml ") != 0)
        return;
    memcpy(self->box, type, sizeof type);
    g_byte_array_set_size(self->content, FIRST);
    JxlDecoderSetBoxBuffer(decoder, self->content->data, FIRST);
}

static gboolean grow_box(JxlReader *self, JxlDecoder *decoder)
{
    guint filled = self->content->len - (guint)JxlDecoderReleaseBoxBuffer(decoder);
    if (self->content->len > MAX_BOX)
        return FALSE;
    g_byte_array_set_size(self->content, self->content->len * 2);
    JxlDecoderSetBoxBuffer(decoder, self->content->data + filled, self->content->len - filled);
    return TRUE;
}

static gboolean read_header(JxlReader *self, JxlDecoder *decoder, GError **error)
{
    JxlDecoderSetDecompressBoxes(decoder, JXL_TRUE);
    for (;;) {
        switch (JxlDecoderProcessInput(decoder)) {
        case JXL_DEC_BASIC_INFO:
            if (!take_info(self, decoder, error))
                return FALSE;
            break;
        case JXL_DEC_COLOR_ENCODING:
            take_colour(self, decoder);
            break;
        case JXL_DEC_BOX:
            begin_box(self, decoder);
            break;
        case JXL_DEC_BOX_NEED_MORE_OUTPUT:
            if (!grow_box(self, decoder))
                return TRUE;
            break;
        case JXL_DEC_SUCCESS:
            take_box(self, decoder);
            return self->known || pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("it has no pixels"));
        default:
            /* What is missing of the pixels is told when they are read. */
            return self->known || pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its header can't be read"));
        }
    }
}

PstPictureDecoder *pst_jxl_decoder_new(const PstLoaderInput *input, GError **error)
{
    JxlReader *self = g_new0(JxlReader, 1);
    self->whole.base.free = jxl_reader_free;
    self->whole.decode = decode;
    self->file = g_bytes_ref(input->file);
    self->content = g_byte_array_new();
    JxlDecoder *decoder = begin(self, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_BOX, error);
    gboolean done = decoder && read_header(self, decoder, error);
    JxlDecoderDestroy(decoder);
    if (done)
        return &self->whole.base;
    jxl_reader_free(&self->whole.base);
    return NULL;
}
