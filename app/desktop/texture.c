#include "texture.h"

#include <string.h>

GdkTexture *pst_texture_from_strip(const PstRasterStrip *strip, int level)
{
    int width = strip->levels[level].width, height = strip->levels[level].height;

    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, strip->levels[level].pixels, 4 * (gsize)width);
}

static GBytes *join_strips(const PstRaster *raster)
{
    gsize row = 4 * (gsize)raster->width;
    guint8 *pixels = g_malloc_n((gsize)raster->height, row), *end = pixels;

    for (guint i = 0; i < raster->strips->len; i++) {
        const PstRasterStrip *strip = raster->strips->pdata[i];
        gsize size;
        const guint8 *data = g_bytes_get_data(strip->levels[0].pixels, &size);

        memcpy(end, data, size);
        end += size;
    }
    return g_bytes_new_take(pixels, (gsize)raster->height * row);
}

GdkTexture *pst_texture_from_raster(const PstRaster *raster)
{
    g_autoptr(GBytes) pixels = NULL;

    if (raster->strips->len == 1) {
        return pst_texture_from_strip(raster->strips->pdata[0], 0);
    }
    pixels = join_strips(raster);
    return gdk_memory_texture_new(raster->width, raster->height, GDK_MEMORY_DEFAULT, pixels, 4 * (gsize)raster->width);
}
