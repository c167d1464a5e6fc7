/* PNG by libpng. */
#include "encoder.h"
#include "error.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include <png.h>

enum { MAX_SIDE = 1000000 }; /* libpng's own, which other programs with libpng have too */

static void png_failed(png_structp png, png_const_charp message)
{
    PstSink *sink = png_get_error_ptr(png);
    if (!sink->error)
        pst_picture_set_error(&sink->error,
                              strstr(message, "memory") ? PST_PICTURE_ERROR_MEMORY
                                                        : PST_PICTURE_ERROR_IO,
                              sink->name, "can't be written as PNG (%s); try again", message);
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

static void quantise_row(const PstPicture *picture, int y, int depth, guint8 *row)
{
    gsize start = (gsize)y * (gsize)picture->width;
    const float *rgb = picture->rgb + start * 3;
    const float *alpha = picture->alpha ? picture->alpha + start : NULL;
    gsize channels = alpha ? 4 : 3;
    for (gsize x = 0; x < (gsize)picture->width; x++)
        for (gsize k = 0; k < channels; k++) {
            float value = k < 3 ? rgb[x * 3 + k] : alpha[x];
            unsigned level = pst_quantise(value, depth == 16 ? 65535 : 255);
            if (depth == 16)
                *row++ = (guint8)(level >> 8);
            *row++ = (guint8)level;
        }
}

static void set_density(png_structp png, png_infop header, const PstPictureInfo *info)
{
    if (info->dpi_x > 0.5 && info->dpi_y > 0.5 && info->dpi_x < 1e6 && info->dpi_y < 1e6)
        png_set_pHYs(png, header, (png_uint_32)lround(info->dpi_x / 0.0254),
                     (png_uint_32)lround(info->dpi_y / 0.0254), PNG_RESOLUTION_METER);
}

static gboolean encode(png_structp png, png_infop header, const PstPicture *picture,
                       const PstWriteOptions *options, PstSink *sink, guint8 *row)
{
    if (setjmp(png_jmpbuf(png)))
        return FALSE;
    png_set_write_fn(png, sink, png_drain, png_flush_nothing);
    png_set_compression_level(png, options->compression);
    png_set_IHDR(png, header, (png_uint_32)picture->width, (png_uint_32)picture->height,
                 options->depth, picture->alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB_gAMA_and_cHRM(png, header, PNG_sRGB_INTENT_PERCEPTUAL);
    set_density(png, header, &picture->info);
    png_write_info(png, header);
    for (int y = 0; y < picture->height; y++) {
        if (y % PST_ENCODER_ROWS_PER_CHECK == 0 &&
            g_cancellable_set_error_if_cancelled(sink->cancellable, &sink->error))
            return FALSE;
        quantise_row(picture, y, options->depth, row);
        png_write_row(png, row);
    }
    png_write_end(png, NULL);
    return TRUE;
}

gboolean pst_png_encode(const PstPicture *picture, const PstWriteOptions *options, PstSink *sink)
{
    if (picture->width > MAX_SIDE || picture->height > MAX_SIDE) {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_TOO_BIG, sink->name,
                              "%d x %d pixels are too many for a PNG; make the picture smaller",
                              picture->width, picture->height);
        return FALSE;
    }
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, sink, png_failed, png_warned);
    png_infop header = png ? png_create_info_struct(png) : NULL;
    gboolean done = FALSE;
    if (header) {
        g_autofree guint8 *row = g_malloc_n((gsize)picture->width, 8);
        done = encode(png, header, picture, options, sink, row);
    } else {
        pst_picture_set_error(&sink->error, PST_PICTURE_ERROR_MEMORY, sink->name,
                              "not enough memory to write a PNG; close other programs");
    }
    png_destroy_write_struct(&png, &header);
    return done;
}
