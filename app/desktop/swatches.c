#include "swatches.h"

#define LEVELS 6  /* of a channel: colours that are nearer than that are one */
#define APART  64 /* 0 .. 255 of a channel, between two that are shown */

typedef struct {
    int count, sums[3];
} Bin;

static int by_count(gconstpointer a, gconstpointer b)
{
    return ((const Bin *)b)->count - ((const Bin *)a)->count;
}

static gboolean is_near(const Bin *a, const Bin *b)
{
    int most = 0;

    for (int c = 0; c < 3; c++) {
        most = MAX(most, ABS(a->sums[c] / a->count - b->sums[c] / b->count));
    }
    return most < APART;
}

static GdkTexture *texture_of(const Bin *bin)
{
    const guint8 pixel[4] = { (guint8)(bin->sums[0] / bin->count), (guint8)(bin->sums[1] / bin->count),
                              (guint8)(bin->sums[2] / bin->count), 255 };
    g_autoptr(GBytes) bytes = g_bytes_new(pixel, sizeof pixel);

    return gdk_memory_texture_new(1, 1, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes, 4);
}

GPtrArray *pst_swatches_new(GdkTexture *texture)
{
    GPtrArray *swatches = g_ptr_array_new_with_free_func(g_object_unref);
    Bin bins[LEVELS * LEVELS * LEVELS] = { 0 };
    const Bin *shown[PST_SWATCHES];
    int width = texture ? gdk_texture_get_width(texture) : 0, height = texture ? gdk_texture_get_height(texture) : 0;
    g_autofree guchar *pixels = g_malloc((gsize)4 * width * height);

    if (texture) {
        gdk_texture_download(texture, pixels, 4 * (gsize)width); /* native ARGB32: blue first */
    }
    for (gsize i = 0; i < (gsize)width * height; i++) {
        const guchar *p = pixels + 4 * i;
        Bin *bin = &bins[(p[0] * LEVELS / 256 * LEVELS + p[1] * LEVELS / 256) * LEVELS + p[2] * LEVELS / 256];

        bin->count++;
        for (int c = 0; c < 3; c++) {
            bin->sums[c] += p[c];
        }
    }
    qsort(bins, G_N_ELEMENTS(bins), sizeof *bins, by_count);
    for (gsize i = 0; i < G_N_ELEMENTS(bins) && bins[i].count > 0 && swatches->len < PST_SWATCHES; i++) {
        gboolean near = FALSE;

        for (guint k = 0; k < swatches->len; k++) {
            near |= is_near(&bins[i], shown[k]);
        }
        if (!near) {
            shown[swatches->len] = &bins[i];
            g_ptr_array_add(swatches, texture_of(&bins[i]));
        }
    }
    return swatches;
}
