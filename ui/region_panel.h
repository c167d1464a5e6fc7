/* The regions of a look, and the brush for their masks. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "canvas.h"

G_BEGIN_DECLS

#define PST_TYPE_REGION_PANEL pst_region_panel_get_type()
G_DECLARE_FINAL_TYPE(PstRegionPanel, pst_region_panel, PST, REGION_PANEL, GtkWidget)

/** The brush paints on `canvas`, which is borrowed. */
void pst_region_panel_set_document(PstRegionPanel *panel, PstDocument *document, PstCanvas *canvas);

/** The brush is in the hand only while the panel is active: on the screen, with a photo open. */
void pst_region_panel_set_active(PstRegionPanel *panel, gboolean active);

/** Makes the brush larger or smaller, by a factor. */
void pst_region_panel_scale_brush(PstRegionPanel *panel, double factor);

G_END_DECLS
