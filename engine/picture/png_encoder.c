/* PNG by libpng. */
#include "picture_encoder.h"
#include "error.h"
#include "raw_profile.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

typedef struct {
    PstPictureEncoder base;
    png_structp png;
    png_infop header;
    gsize width;
    int depth;
    gboolean alpha;
    guint8 *row;
} PngEncoder;

static void png_failed(png_structp png, png_const_charp message)
{
    PstSink *sink = png_get_error_ptr(png);
    if (!sink->error)
        pst_picture_set_error(&sink->error, strstr(message, "memory") ? PST_PICTURE_ERROR_MEMORY : PST_PICTURE_ERROR_IO,
                              sink->name, "can't be written as PNG (%s)", message);
    png_longjmp(png, 1);
}

static void png_warned(png_structp png, png_const_charp message)
{
}

static void png_drain(png_structp png, png_bytep data, size_t size)
{
    if (!pst_sink_write(png_get_io_ptr(png), data, size))
        png_error(png, "writing failed");
}

static void png_flush_nothing(png_structp png)
{
}

static void quantise_row(const PngEncoder *self, const float *rgb, const float *alpha)
{
    gsize channels = self->alpha ? 4 : 3;
    guint8 *row = self->row;
    for (gsize x = 0; x < self->width; x++)
        for (gsize k = 0; k < channels; k++) {
            float value = k < 3 ? rgb[x * 3 + k] : alpha[x];
            int level = pst_quantise(value, self->depth == 16 ? 65535 : 255);
            if (self->depth == 16)
                *row++ = (guint8)(level >> 8);
            *row++ = (guint8)level;
        }
}

static void set_density(png_structp png, png_infop header, const PstPictureInfo *info)
{
    if (info->dpi_x > 0.5 && info->dpi_y > 0.5 && info->dpi_x < 1e6 && info->dpi_y < 1e6)
        png_set_pHYs(png, header, (png_uint_32)lround(info->dpi_x / 0.0254), (png_uint_32)lround(info->dpi_y / 0.0254),
                     PNG_RESOLUTION_METER);
}

static void set_text(png_structp png, png_infop header, const char *key, const char *text, gsize size)
{
    g_autofree char *key_copy = g_strdup(key);
    g_autofree char *text_copy = g_strndup(text, size);
    /* tEXt where it suffices: more programs show it. */
    gboolean plain = g_str_is_ascii(text_copy) && strcmp(key, PST_TEXT_XMP) != 0 && strcmp(key, PST_TEXT_RECIPE) != 0;
    char none[1] = "";
    png_text entry = {
        .compression = plain ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE,
        .key = key_copy,
        .text = text_copy,
        .text_length = plain ? size : 0,
        .itxt_length = plain ? 0 : size,
        .lang = none,
        .lang_key = none,
    };
    png_set_text(png, header, &entry, 1); /* copies */
}

static void set_metadata(png_structp png, png_infop header, const PstMetadataParts *metadata)
{
    gsize size;
    if (metadata->exif) {
        const void *data = g_bytes_get_data(metadata->exif, &size);
        png_set_eXIf_1(png, header, (png_uint_32)size, (png_bytep)data); /* copies */
    }
    if (metadata->xmp) {
        const char *data = g_bytes_get_data(metadata->xmp, &size);
        set_text(png, header, PST_TEXT_XMP, data, size);
    }
    if (metadata->iptc) {
        g_autofree char *text = pst_raw_profile_encode("iptc", metadata->iptc);
        set_text(png, header, PST_RAW_PROFILE "iptc", text, strlen(text));
    }
    if (metadata->recipe)
        set_text(png, header, PST_TEXT_RECIPE, metadata->recipe, strlen(metadata->recipe));
    for (guint i = 0; i < metadata->texts->len; i++) {
        const PstPictureText *text = metadata->texts->pdata[i];
        set_text(png, header, text->key, text->text, strlen(text->text));
    }
}

static gboolean begin(PngEncoder *self, const PstPictureInfo *info, const PstMetadataParts *metadata,
                      const PstWriteOptions *options)
{
    png_structp png = self->png;
    if (setjmp(png_jmpbuf(png)))
        return FALSE;
    png_set_write_fn(png, self->base.sink, png_drain, png_flush_nothing);
    if (options->compression) {
        png_set_compression_level(png, options->compression);
    } else {
        png_set_compression_level(png, 1);
        png_set_compression_strategy(png, Z_RLE);
        png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
    }
    png_set_IHDR(png, self->header, (png_uint_32)info->width, (png_uint_32)info->height, options->depth,
                 info->alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (info->icc) {
        gsize size;
        const void *data = g_bytes_get_data(info->icc, &size);
        png_set_iCCP(png, self->header, "photograph", PNG_COMPRESSION_TYPE_BASE, data, (png_uint_32)size);
    } else {
        png_set_sRGB_gAMA_and_cHRM(png, self->header, PNG_sRGB_INTENT_PERCEPTUAL);
    }
    set_density(png, self->header, info);
    set_metadata(png, self->header, metadata);
    png_write_info(png, self->header);
    return TRUE;
}

static gboolean write_row(PstPictureEncoder *encoder, const float *rgb, const float *alpha)
{
    PngEncoder *self = (PngEncoder *)encoder;
    if (setjmp(png_jmpbuf(self->png)))
        return FALSE;
    quantise_row(self, rgb, alpha);
    png_write_row(self->png, self->row);
    return TRUE;
}

static gboolean finish(PstPictureEncoder *encoder)
{
    PngEncoder *self = (PngEncoder *)encoder;
    if (setjmp(png_jmpbuf(self->png)))
        return FALSE;
    png_write_end(self->png, NULL);
    return TRUE;
}

static void encoder_free(PstPictureEncoder *encoder)
{
    PngEncoder *self = (PngEncoder *)encoder;
    png_destroy_write_struct(&self->png, &self->header);
    g_free(self->row);
    g_free(self);
}

PstPictureEncoder *pst_png_encoder_new(const PstPictureInfo *info, const PstMetadataParts *metadata,
                                       const PstWriteOptions *options, PstSink *sink)
{
    if (MAX(info->width, info->height) > pst_format_longest_side(PST_FORMAT_PNG)) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_TOO_BIG, sink->name,
                              "%d x %d pixels are too many for a PNG", info->width, info->height);
        return NULL;
    }
    PngEncoder *self = g_new0(PngEncoder, 1);
    self->base = (PstPictureEncoder){ sink, write_row, NULL, finish, encoder_free, NULL };
    self->width = (gsize)info->width;
    self->depth = options->depth;
    self->alpha = info->alpha;
    self->row = g_malloc_n(self->width, 8);
    self->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, sink, png_failed, png_warned);
    self->header = self->png ? png_create_info_struct(self->png) : NULL;
    if (!self->header)
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name, "not enough memory to write a PNG");
    else if (begin(self, info, metadata, options))
        return &self->base;
    encoder_free(&self->base);
    return NULL;
}
