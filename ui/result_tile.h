/* One result in the strip, with its star; the one that is seen has a frame. Signal "star": to be kept, or not. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/result.h"

#define PST_TYPE_RESULT_TILE pst_result_tile_get_type()
G_DECLARE_FINAL_TYPE(PstResultTile, pst_result_tile, PST, RESULT_TILE, GtkWidget)

GtkWidget *pst_result_tile_new(void);

/** What to show, or NULL. */
void pst_result_tile_set_result(PstResultTile *tile, PstResult *result);
PstResult *pst_result_tile_result(PstResultTile *tile);
