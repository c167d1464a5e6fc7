/* HEIC and AVIF (ISO/IEC 23008-12) by libheif, which turns pictures upright by their own boxes. */
#include "whole_decoder.h"

#include "engine/picture/metadata.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <libheif/heif.h>

typedef struct {
    PstWholeDecoder whole;
    struct heif_context *context;
    struct heif_image_handle *handle;
    struct heif_image *image;
    int bits; /* of samples in the file */
} HeifDecoder;

static gboolean fail(struct heif_error failure, GError **error)
{
    PstPictureError code = failure.code == heif_error_Unsupported_feature ||
                                   failure.code == heif_error_Unsupported_filetype
                               ? PST_PICTURE_ERROR_UNSUPPORTED
                           : failure.code == heif_error_Memory_allocation_error ? PST_PICTURE_ERROR_MEMORY
                                                                                : PST_PICTURE_ERROR_DAMAGED;
    return pst_loader_fail(error, code, failure.message);
}

/* Samples of 10 or 12 bits to the range of 16. */
static void widen(HeifDecoder *self, guint8 *rows)
{
    guint32 largest = (1u << self->bits) - 1;
    gsize samples = (gsize)self->whole.base.width * (self->whole.base.layout.alpha ? 4 : 3);
    for (int y = 0; y < self->whole.base.height; y++) {
        guint16 *row = (guint16 *)(rows + (gsize)y * self->whole.stride);
        for (gsize i = 0; i < samples; i++)
            row[i] = (guint16)(MIN(row[i], largest) * 65535u / largest);
    }
}

static gboolean decode(PstWholeDecoder *whole, GError **error)
{
    HeifDecoder *self = (HeifDecoder *)whole;
    PstPictureDecoder *base = &whole->base;
    gboolean deep = base->layout.depth == 16, alpha = base->layout.alpha, native = G_BYTE_ORDER == G_LITTLE_ENDIAN;
    enum heif_chroma deep_chroma = alpha    ? native ? heif_chroma_interleaved_RRGGBBAA_LE
                                                     : heif_chroma_interleaved_RRGGBBAA_BE
                                   : native ? heif_chroma_interleaved_RRGGBB_LE
                                            : heif_chroma_interleaved_RRGGBB_BE;
    enum heif_chroma chroma = deep ? deep_chroma : alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
    int stride = 0;
    struct heif_error failure = heif_decode_image(self->handle, &self->image, heif_colorspace_RGB, chroma, NULL);
    if (failure.code != heif_error_Ok)
        return fail(failure, error);
    guint8 *rows = heif_image_get_plane(self->image, heif_channel_interleaved, &stride);
    if (!rows || heif_image_get_width(self->image, heif_channel_interleaved) != base->width ||
        heif_image_get_height(self->image, heif_channel_interleaved) != base->height)
        return pst_loader_fail(error, PST_PICTURE_ERROR_DAMAGED, N_("its size is not what its header says"));
    whole->rows = rows;
    whole->stride = (gsize)stride;
    if (deep)
        widen(self, rows);
    for (int y = 0; alpha && heif_image_is_premultiplied_alpha(self->image) && y < base->height; y++)
        pst_loader_divide_by_alpha(rows + (gsize)y * whole->stride, base->width, 3, base->layout.depth);
    return TRUE;
}

static void heif_decoder_free(PstPictureDecoder *decoder)
{
    HeifDecoder *self = (HeifDecoder *)decoder;
    heif_image_release(self->image);
    heif_image_handle_release(self->handle);
    heif_context_free(self->context);
    pst_picture_decoder_clear(decoder);
    g_free(self);
}

static void read_colour(HeifDecoder *self)
{
    enum { UNSPECIFIED = 2, RGB = 0, FULL_RANGE = 1 };
    PstPictureDecoder *base = &self->whole.base;
    struct heif_color_profile_nclx *nclx = NULL;
    gsize size = heif_image_handle_get_raw_color_profile_size(self->handle);
    if (size > 0) {
        g_autofree guint8 *profile = g_malloc(size);
        if (heif_image_handle_get_raw_color_profile(self->handle, profile).code == heif_error_Ok)
            base->colour.icc = g_bytes_new_take(g_steal_pointer(&profile), size);
    }
    if (!base->colour.icc && heif_image_handle_get_nclx_color_profile(self->handle, &nclx).code == heif_error_Ok) {
        /* The decoder makes RGB of all ranges and matrices. */
        const guint8 codes[] = { (guint8)nclx->color_primaries, (guint8)nclx->transfer_characteristics, RGB,
                                 FULL_RANGE };
        if (codes[0] != UNSPECIFIED && codes[1] != UNSPECIFIED)
            pst_colour_spec_set_cicp(&base->colour, codes, &base->info);
        heif_nclx_color_profile_free(nclx);
    }
}

static void read_block(HeifDecoder *self, heif_item_id id)
{
    PstPictureDecoder *base = &self->whole.base;
    gsize size = heif_image_handle_get_metadata_size(self->handle, id);
    g_autofree guint8 *block = g_try_malloc(MAX(size, 1));
    const char *type = heif_image_handle_get_metadata_type(self->handle, id);
    const char *content = heif_image_handle_get_metadata_content_type(self->handle, id);
    if (!block || heif_image_handle_get_metadata(self->handle, id, block).code != heif_error_Ok)
        return;
    if (g_strcmp0(type, "Exif") == 0 && size > 4) {
        /* It begins with the distance to the TIFF header, big-endian. */
        guint64 skipped = 4 + ((guint64)block[0] << 24 | block[1] << 16 | block[2] << 8 | block[3]);
        if (skipped < size)
            pst_loader_take_exif(base, block + skipped, size - (gsize)skipped, TRUE);
    } else if (g_strcmp0(content, "application/rdf+xml") == 0) {
        pst_metadata_take_xmp(&base->info, block, size);
    }
}

static void read_metadata(HeifDecoder *self)
{
    enum { MAX_BLOCKS = 16 };
    heif_item_id ids[MAX_BLOCKS];
    int count = heif_image_handle_get_list_of_metadata_block_IDs(self->handle, NULL, ids, MAX_BLOCKS);
    for (int i = 0; i < count; i++)
        read_block(self, ids[i]);
}

static void note_lost(HeifDecoder *self)
{
    enum { MAX_AUXILIARY = 16 };
    PstPictureInfo *info = &self->whole.base.info;
    heif_item_id ids[MAX_AUXILIARY];
    int count = heif_image_handle_get_list_of_auxiliary_image_IDs(
        self->handle, LIBHEIF_AUX_IMAGE_FILTER_OMIT_ALPHA | LIBHEIF_AUX_IMAGE_FILTER_OMIT_DEPTH, ids, MAX_AUXILIARY);
    if (heif_image_handle_has_depth_image(self->handle))
        info->lost |= PST_LOST_DEPTH;
    for (int i = 0; i < count; i++) {
        struct heif_image_handle *auxiliary = NULL;
        const char *type = NULL;
        if (heif_image_handle_get_auxiliary_image_handle(self->handle, ids[i], &auxiliary).code == heif_error_Ok &&
            heif_image_handle_get_auxiliary_type(auxiliary, &type).code == heif_error_Ok) {
            if (type && strstr(type, "hdrgainmap"))
                info->lost |= PST_LOST_GAIN_MAP;
            heif_image_handle_free_auxiliary_types(auxiliary, &type);
        }
        heif_image_handle_release(auxiliary);
    }
}

static gboolean open_heif(HeifDecoder *self, const PstLoaderInput *input, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(input->file, &size);
    self->context = heif_context_alloc();
    heif_context_set_maximum_image_size_limit(self->context, G_MAXINT); /* who asks has limits of its own */
    heif_context_set_max_decoding_threads(self->context, 0);
    struct heif_error failure = heif_context_read_from_memory_without_copy(self->context, data, size, NULL);
    if (failure.code == heif_error_Ok)
        failure = heif_context_get_primary_image_handle(self->context, &self->handle);
    if (failure.code != heif_error_Ok)
        return fail(failure, error);
    int width = heif_image_handle_get_width(self->handle), height = heif_image_handle_get_height(self->handle);
    if (!pst_whole_decoder_check_size((guint64)MAX(width, 0), (guint64)MAX(height, 0), error))
        return FALSE;
    self->bits = CLAMP(heif_image_handle_get_luma_bits_per_pixel(self->handle), 1, 16);
    gboolean is_avif = size > 12 && memcmp((const guint8 *)data + 8, "avi", 3) == 0;
    /* Planes of YCbCr, of tiles, and the RGB that is made of them. */
    pst_whole_decoder_init(&self->whole, is_avif ? PST_FORMAT_AVIF : PST_FORMAT_HEIC, width, height,
                           (PstRowLayout){ PST_COLOUR_RGB, self->bits > 8 ? 16 : 8,
                                           heif_image_handle_has_alpha_channel(self->handle) != 0 },
                           3, self->whole.base.free);
    self->whole.base.info.depth = self->bits;
    return TRUE;
}

PstPictureDecoder *pst_heif_decoder_new(const PstLoaderInput *input, GError **error)
{
    HeifDecoder *self = g_new0(HeifDecoder, 1);
    self->whole.base.free = heif_decoder_free;
    self->whole.decode = decode;
    if (!open_heif(self, input, error)) {
        heif_decoder_free(&self->whole.base);
        return NULL;
    }
    read_colour(self);
    read_metadata(self);
    note_lost(self);
    return &self->whole.base;
}
