/* A photo of the tray.
 *
 * Signals: "remove" (): it is to be taken out.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/tray_item.h"

#define PST_TYPE_TRAY_TILE pst_tray_tile_get_type()
G_DECLARE_FINAL_TYPE(PstTrayTile, pst_tray_tile, PST, TRAY_TILE, GtkWidget)

GtkWidget *pst_tray_tile_new(void);

/** What it shows from now on, or NULL. */
void pst_tray_tile_set_item(PstTrayTile *tile, PstTrayItem *item);

PstTrayItem *pst_tray_tile_item(PstTrayTile *tile);
