/* The photographs that a window has at hand, one of them open: each keeps its own look and its results while another
 * one is open.
 *
 * A photograph that is opened by itself takes the place of the only one there is; beside several it is added.
 * Signal: "changed" (): photographs came or went, or another one is open, or a look was shared.
 */
#pragma once

#include "document.h"
#include "tray_item.h"

#define PST_TYPE_TRAY pst_tray_get_type()
G_DECLARE_FINAL_TYPE(PstTray, pst_tray, PST, TRAY, GObject)

/** Follows the document from now on. Both are borrowed and have to outlive the tray. */
PstTray *pst_tray_new(PstDocument *document, PstEngineService *service);

/** PstTrayItem, in the order in which they came. */
GListModel *pst_tray_items(PstTray *tray);

/** Adds the files, and the pictures in the folders and in folders within them, of a NULL-terminated list, and opens the
 *  first that is new; "message" of the document tells what was left out, or that there is no picture. */
void pst_tray_add(PstTray *tray, const char *const *paths);

/** Takes in photographs as they were left (PstTrayItem), in place of the only one there is; none is opened. */
void pst_tray_restore(PstTray *tray, GPtrArray *items);

void pst_tray_open(PstTray *tray, PstTrayItem *item);

/** Takes it out. The open one is followed by its neighbour; the only one stays. */
void pst_tray_remove(PstTray *tray, PstTrayItem *item);

/** Gives the look of the open photograph to all others, without its regions: masks belong to one photograph. */
void pst_tray_share_look(PstTray *tray);

/** What a photograph is to be painted as: its own look, or where it was not open yet that of the open one without its
 *  regions. NULL where it was taken out. Owned by the caller. */
PstLook *pst_tray_look(PstTray *tray, const char *path);

/** Whether photographs have different looks. */
gboolean pst_tray_is_mixed(PstTray *tray);

/** The files and folders that were added, NULL-terminated; owned by the tray. */
const char *const *pst_tray_sources(PstTray *tray);
