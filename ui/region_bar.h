/* The regions of a look, and the tools for their masks: brush, eraser, lasso, gradient. It lies over the canvas, so
 * that styles can be picked beside it. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "canvas.h"

#define PST_TYPE_REGION_BAR pst_region_bar_get_type()
G_DECLARE_FINAL_TYPE(PstRegionBar, pst_region_bar, PST, REGION_BAR, GtkWidget)

/** The tools draw on `canvas`, which is borrowed. */
void pst_region_bar_set_document(PstRegionBar *bar, PstDocument *document, PstCanvas *canvas);

/** A tool is in the hand only while the bar is active: on the screen, with a photo open. */
void pst_region_bar_set_active(PstRegionBar *bar, gboolean active);

/** Makes the brush larger or smaller, by a factor. */
void pst_region_bar_scale_brush(PstRegionBar *bar, double factor);
