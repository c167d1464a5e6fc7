/* A picture on the canvas, drawn from strips at the resolution that the zoom asks for. It may have holes while strips
 * are still to come.
 */
#pragma once

#include <gtk/gtk.h>

#include "engine/service/raster.h"

typedef struct PstCanvasLayer PstCanvasLayer;

/** An empty layer of a picture of that size. Where it is `sharp`, its pixels are worth seeing as squares when they are
 *  large; a preview's are not. */
PstCanvasLayer *pst_canvas_layer_new(int width, int height, gboolean sharp);
PstCanvasLayer *pst_canvas_layer_new_from_raster(const PstRaster *raster, gboolean sharp);
void pst_canvas_layer_free(PstCanvasLayer *layer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstCanvasLayer, pst_canvas_layer_free)

/** Adds a strip; its pixels are shared. */
void pst_canvas_layer_add(PstCanvasLayer *layer, const PstRasterStrip *strip);

/** Draws the layer over the whole of `area`, as far as the context's clip lets it. */
void pst_canvas_layer_draw(PstCanvasLayer *layer, cairo_t *cr, const graphene_rect_t *area, int scale_factor);

/** Draws the layer over the whole of `area` (logical pixels), as far as it is in `clip`. `scale_factor` is the
 *  screen's. Strips meet at whole pixels of the screen, so that no seam shows. `cairo` says that the renderer is
 *  cairo's: its textures fade at their edges when they are shrunk, so it gets cairo drawing, which is faster there
 *  too. */
void pst_canvas_layer_snapshot(PstCanvasLayer *layer, GtkSnapshot *snapshot, const graphene_rect_t *area,
                               const graphene_rect_t *clip, int scale_factor, gboolean cairo);
