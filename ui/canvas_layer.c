#include "canvas_layer.h"

#include <math.h>

#include "app/desktop/texture.h"

#define PIXELS_SHOW 2.0 /* from this zoom on, pixels are drawn as squares */

typedef struct {
    int first, rows;
    int levels;
    GBytes *pixels[PST_RASTER_LEVELS];
    GdkTexture *textures[PST_RASTER_LEVELS]; /* of the same pixels */
} Strip;

struct PstCanvasLayer {
    int width, height;
    gboolean sharp;    /* its pixels are the picture's */
    GPtrArray *strips; /* of Strip */
};

static void strip_free(gpointer data)
{
    Strip *strip = data;

    for (int k = 0; k < strip->levels; k++) {
        g_object_unref(strip->textures[k]);
        g_bytes_unref(strip->pixels[k]);
    }
    g_free(strip);
}

PstCanvasLayer *pst_canvas_layer_new(int width, int height, gboolean sharp)
{
    PstCanvasLayer *layer = g_new0(PstCanvasLayer, 1);

    layer->width = width;
    layer->height = height;
    layer->sharp = sharp;
    layer->strips = g_ptr_array_new_with_free_func(strip_free);
    return layer;
}

PstCanvasLayer *pst_canvas_layer_new_from_raster(const PstRaster *raster, gboolean sharp)
{
    PstCanvasLayer *layer = pst_canvas_layer_new(raster->width, raster->height, sharp);

    for (guint i = 0; i < raster->strips->len; i++) {
        pst_canvas_layer_add(layer, raster->strips->pdata[i]);
    }
    return layer;
}

void pst_canvas_layer_free(PstCanvasLayer *layer)
{
    if (layer) {
        g_ptr_array_unref(layer->strips);
        g_free(layer);
    }
}

void pst_canvas_layer_add(PstCanvasLayer *layer, const PstRasterStrip *strip)
{
    Strip *own = g_new0(Strip, 1);

    own->first = strip->first;
    own->rows = strip->rows;
    for (int k = 0; k < PST_RASTER_LEVELS && strip->levels[k].pixels; k++) {
        own->pixels[k] = g_bytes_ref(strip->levels[k].pixels);
        own->textures[k] = pst_texture_from_strip(strip, k);
        own->levels++;
    }
    g_ptr_array_add(layer->strips, own);
}

static const cairo_user_data_key_t pixels_key;

/* The strip as a cairo surface that keeps its pixels alive. */
static cairo_surface_t *make_surface(const Strip *strip, int level)
{
    int width = gdk_texture_get_width(strip->textures[level]), height = gdk_texture_get_height(strip->textures[level]);
    GBytes *pixels = strip->pixels[level];
    guchar *data = (guchar *)g_bytes_get_data(pixels, NULL);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(data, CAIRO_FORMAT_ARGB32, width, height, 4 * width);

    cairo_surface_set_user_data(surface, &pixels_key, g_bytes_ref(pixels), (cairo_destroy_func_t)g_bytes_unref);
    return surface;
}

static void draw_strip(const Strip *strip, int level, cairo_filter_t filter, cairo_t *cr, const graphene_rect_t *place)
{
    cairo_surface_t *surface = make_surface(strip, level);

    cairo_save(cr);
    cairo_rectangle(cr, place->origin.x, place->origin.y, place->size.width, place->size.height);
    cairo_clip(cr);
    cairo_translate(cr, place->origin.x, place->origin.y);
    cairo_scale(cr, place->size.width / cairo_image_surface_get_width(surface),
                place->size.height / cairo_image_surface_get_height(surface));
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), filter);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
}

static void draw_with_cairo(const Strip *strip, int level, cairo_filter_t filter, GtkSnapshot *snapshot,
                            const graphene_rect_t *place, const graphene_rect_t *visible)
{
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, visible);

    draw_strip(strip, level, filter, cr, place);
    cairo_destroy(cr);
}

/* Where a strip goes: at whole pixels of the screen. */
static graphene_rect_t place_of(const PstCanvasLayer *layer, const Strip *strip, const graphene_rect_t *area,
                                int scale_factor)
{
    double scale = area->size.height / layer->height; /* logical pixels per pixel of the layer */
    double top = round((area->origin.y + strip->first * scale) * scale_factor) / scale_factor;
    double bottom = round((area->origin.y + (strip->first + strip->rows) * scale) * scale_factor) / scale_factor;

    return GRAPHENE_RECT_INIT(area->origin.x, (float)top, area->size.width, (float)(bottom - top));
}

/* The smallest of a strip's pictures that is no smaller than it is seen. */
static int level_of(double zoom)
{
    return zoom < 1 ? (int)floor(-log2(zoom) + 1e-6) : 0;
}

void pst_canvas_layer_draw(PstCanvasLayer *layer, cairo_t *cr, const graphene_rect_t *area, int scale_factor)
{
    int level = level_of(area->size.width / layer->width * scale_factor);

    for (guint i = 0; i < layer->strips->len; i++) {
        const Strip *strip = layer->strips->pdata[i];
        graphene_rect_t place = place_of(layer, strip, area, scale_factor);

        draw_strip(strip, MIN(level, strip->levels - 1), CAIRO_FILTER_BILINEAR, cr, &place);
    }
}

void pst_canvas_layer_snapshot(PstCanvasLayer *layer, GtkSnapshot *snapshot, const graphene_rect_t *area,
                               const graphene_rect_t *clip, int scale_factor, gboolean cairo)
{
    double zoom = area->size.width / layer->width * scale_factor;
    gboolean squares = zoom >= PIXELS_SHOW && layer->sharp;
    int level = level_of(zoom);

    gtk_snapshot_push_clip(snapshot, clip);
    for (guint i = 0; i < layer->strips->len; i++) {
        const Strip *strip = layer->strips->pdata[i];
        graphene_rect_t place = place_of(layer, strip, area, scale_factor), visible;

        if (!graphene_rect_intersection(&place, clip, &visible) || visible.size.width <= 0 ||
            visible.size.height <= 0) {
            continue;
        }
        if (squares) {
            draw_with_cairo(strip, 0, CAIRO_FILTER_NEAREST, snapshot, &place, &visible);
        } else if (cairo) {
            draw_with_cairo(strip, MIN(level, strip->levels - 1), CAIRO_FILTER_BILINEAR, snapshot, &place, &visible);
        } else {
            gtk_snapshot_append_texture(snapshot, strip->textures[MIN(level, strip->levels - 1)], &place);
        }
    }
    gtk_snapshot_pop(snapshot);
}
