#include "raster.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"

#define SMALLEST 512 /* pixels of the longer side below which no further level helps */

static int count_levels(int width, int height)
{
    int levels = 1;

    for (int side = MAX(width, height); side > SMALLEST && levels < PST_RASTER_LEVELS; side = (side + 1) / 2) {
        levels++;
    }
    return levels;
}

static guint32 quantise(float value)
{
    return (guint32)(value > 0 ? (value < 1 ? value : 1) * 255 + 0.5f : 0);
}

static guint32 *convert(const PstPicture *picture, int first, int rows)
{
    gsize start = (gsize)first * picture->width, count = (gsize)rows * picture->width;
    const float *rgb = picture->rgb + 3 * start;
    guint32 *pixels = pst_memory_new(count * sizeof *pixels, G_MEM_ALIGN);

    for (gsize i = 0; i < count; i++, rgb += 3) {
        float alpha = picture->alpha ? picture->alpha[start + i] : 1;

        pixels[i] = quantise(alpha) << 24 | quantise(rgb[0] * alpha) << 16 | quantise(rgb[1] * alpha) << 8 |
                    quantise(rgb[2] * alpha);
    }
    return pixels;
}

/* Means of 2x2 pixels, two channels at a time; an odd last row or column counts twice. */
static guint32 *halve(const guint32 *pixels, int width, int height)
{
    int new_width = (width + 1) / 2, new_height = (height + 1) / 2;
    guint32 *half = pst_memory_new((gsize)new_width * new_height * sizeof *half, G_MEM_ALIGN);

    for (int y = 0; y < new_height; y++) {
        const guint32 *above = pixels + (gsize)2 * y * width, *below = 2 * y + 1 < height ? above + width : above;

        for (int x = 0; x < new_width; x++) {
            int left = 2 * x, right = MIN(2 * x + 1, width - 1);
            guint32 even = 0x00020002, odd = 0x00020002;
            const guint32 four[] = { above[left], above[right], below[left], below[right] };

            for (int i = 0; i < 4; i++) {
                even += four[i] & 0x00ff00ff;
                odd += four[i] >> 8 & 0x00ff00ff;
            }
            half[(gsize)y * new_width + x] = (even >> 2 & 0x00ff00ff) | (odd >> 2 & 0x00ff00ff) << 8;
        }
    }
    return half;
}

PstRasterStrip *pst_raster_strip_new(const PstPicture *picture, int first)
{
    PstRasterStrip *strip = g_new0(PstRasterStrip, 1);
    int levels = count_levels(picture->width, picture->height);
    int width = picture->width, height = MIN(PST_RASTER_STRIP_ROWS, picture->height - first);
    guint32 *pixels = convert(picture, first, height);

    strip->first = first;
    strip->rows = height;
    for (int k = 0; k < levels; k++) {
        guint32 *half = k + 1 < levels ? halve(pixels, width, height) : NULL;

        strip->levels[k].width = width;
        strip->levels[k].height = height;
        strip->levels[k].pixels = g_bytes_new_with_free_func(pixels, (gsize)width * height * sizeof(guint32),
                                                             pst_memory_free, pixels);
        pixels = half;
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return strip;
}

void pst_raster_strip_free(PstRasterStrip *strip)
{
    for (int k = 0; k < PST_RASTER_LEVELS; k++) {
        g_clear_pointer(&strip->levels[k].pixels, g_bytes_unref);
    }
    g_free(strip);
}

static PstRaster *new_empty(int width, int height, int levels, gboolean alpha)
{
    PstRaster *raster = g_new0(PstRaster, 1);

    raster->width = width;
    raster->height = height;
    raster->levels = levels;
    raster->alpha = alpha;
    raster->strips = g_ptr_array_new_with_free_func((GDestroyNotify)pst_raster_strip_free);
    return raster;
}

PstRaster *pst_raster_new_from_pixels(GBytes *pixels, int width, int height, gboolean alpha)
{
    PstRaster *raster = new_empty(width, height, 1, alpha);
    PstRasterStrip *strip = g_new0(PstRasterStrip, 1);

    strip->rows = height;
    strip->levels[0].width = width;
    strip->levels[0].height = height;
    strip->levels[0].pixels = g_bytes_ref(pixels);
    g_ptr_array_add(raster->strips, strip);
    return raster;
}

PstRaster *pst_raster_new(const PstPicture *picture, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstRaster) raster = new_empty(picture->width, picture->height,
                                            count_levels(picture->width, picture->height), picture->alpha != NULL);

    for (int y = 0; y < picture->height; y += PST_RASTER_STRIP_ROWS) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
            return NULL;
        }
        g_ptr_array_add(raster->strips, pst_raster_strip_new(picture, y));
    }
    return g_steal_pointer(&raster);
}

void pst_raster_free(PstRaster *raster)
{
    if (raster) {
        g_ptr_array_unref(raster->strips);
        g_free(raster);
    }
}
