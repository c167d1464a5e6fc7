/* The map of styles: artworks as dots of their own colours, movements as names. The pointer paints the style under it;
 * a click holds it, and the next one lets go. The wheel zooms, dragging moves, the arrow keys go about.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/style_finder.h"

#define PST_TYPE_MAP_VIEW pst_map_view_get_type()
G_DECLARE_FINAL_TYPE(PstMapView, pst_map_view, PST, MAP_VIEW, GtkWidget)

/** What it shows; NULL shows nothing. Referenced. */
void pst_map_view_set_finder(PstMapView *view, PstStyleFinder *finder);
