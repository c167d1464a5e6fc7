/* A photograph of the tray (tray.h): its file, its own look where it was open, and a small picture.
 *
 * Properties: "open" (boolean: it is the document's), "texture" (GdkTexture or NULL while it is not read).
 */
#pragma once

#include <gdk/gdk.h>

#include "engine/paint/look.h"
#include "engine/service/engine_service.h"

#define PST_TYPE_TRAY_ITEM pst_tray_item_get_type()
G_DECLARE_FINAL_TYPE(PstTrayItem, pst_tray_item, PST, TRAY_ITEM, GObject)

PstTrayItem *pst_tray_item_new(const char *path);

const char *pst_tray_item_path(PstTrayItem *item);
const char *pst_tray_item_name(PstTrayItem *item); /* for people */

gboolean pst_tray_item_open(PstTrayItem *item);
void pst_tray_item_set_open(PstTrayItem *item, gboolean open);

/** The look that the photograph was left with, and what had been painted of it (PstResult); NULL where it was not open
 *  yet. Owned by the item. */
PstLook *pst_tray_item_look(PstTrayItem *item);
GListModel *pst_tray_item_results(PstTrayItem *item);

/** Either may be NULL: what is there stays. `results` are copied. */
void pst_tray_item_keep(PstTrayItem *item, PstLook *look, GListModel *results);

GdkTexture *pst_tray_item_texture(PstTrayItem *item);
void pst_tray_item_set_texture(PstTrayItem *item, GdkTexture *texture);

/** Reads the small picture in the background where there is none; a file that can't be read stays without. */
void pst_tray_item_read_texture(PstTrayItem *item, PstEngineService *service);
