/* The picture in the window: the painting, the original beside or beneath it, zoom and pan, and a brush for masks.
 *
 * Properties: "zoom" (double, screen pixels per picture pixel; read-only), "fit" (boolean, read-only), "split"
 * (boolean: original to the left of a line that can be dragged, painting to its right), "brush" (boolean: the pointer
 * paints).
 * Signals: "brush-begin", "brush-move" (double x, double y: in units of the picture's longer side), "brush-end".
 *
 * Pointer: the wheel zooms about it, dragging pans, a double click goes between fit and 1:1, holding still shows the
 * original. Pinching zooms; two fingers on a touchpad pan, with Ctrl they zoom.
 */
#pragma once

#include <gtk/gtk.h>

#include "engine/paint/mask.h"
#include "engine/service/raster.h"

#define PST_TYPE_CANVAS pst_canvas_get_type()
G_DECLARE_FINAL_TYPE(PstCanvas, pst_canvas, PST, CANVAS, GtkWidget)

/** Another photograph (NULL: none); there is no painting of it yet. */
void pst_canvas_set_original(PstCanvas *canvas, const PstRaster *original);

/** The same of another one of the same size, a frame of a video: the view stays where it is. */
void pst_canvas_set_frame(PstCanvas *canvas, const PstRaster *original);

/** A whole painting of any size, stretched over the picture. NULL: none, the original is seen. */
void pst_canvas_set_painting(PstCanvas *canvas, const PstRaster *painting);

/** The same, which takes the place of the one there stroke by stroke, in a second; at once where motion is unwanted. */
void pst_canvas_settle(PstCanvas *canvas, const PstRaster *painting);

/** A painting at full size will come strip by strip; what is there stays beneath until pst_canvas_end(). */
void pst_canvas_begin(PstCanvas *canvas);
void pst_canvas_add_strip(PstCanvas *canvas, const PstRasterStrip *strip);
void pst_canvas_end(PstCanvas *canvas);
/** What has come of it is dropped. */
void pst_canvas_cancel(PstCanvas *canvas);

void pst_canvas_fit(PstCanvas *canvas);
/** Zooms about the middle, or about the pointer where it is over the canvas. */
void pst_canvas_set_zoom(PstCanvas *canvas, double zoom);
double pst_canvas_zoom(PstCanvas *canvas);
gboolean pst_canvas_is_fit(PstCanvas *canvas);

/** Shows the original alone, as long as `hold`. */
void pst_canvas_set_hold(PstCanvas *canvas, gboolean hold);

/** The mask to tint (NULL: none), and the brush's radius in units of the picture's longer side (0: no brush). */
void pst_canvas_set_mask(PstCanvas *canvas, PstMask *mask);
void pst_canvas_set_brush(PstCanvas *canvas, double radius);
