/* The styles there are, as a list for the screen: built-in ones, the user's, and pictures dropped in. Their thumbnails
 * show the open photograph in each style; those on the screen are painted first.
 *
 * A GListModel of PstStyleItem. Signals: "message" (const char *text), "added" (PstStyleItem *item): a dropped picture
 * has become a style.
 */
#pragma once

#include <gio/gio.h>

#include "engine/service/photo.h"
#include "engine/service/engine_service.h"
#include "style_item.h"

G_BEGIN_DECLS

#define PST_TYPE_STYLE_LIST pst_style_list_get_type()
G_DECLARE_FINAL_TYPE(PstStyleList, pst_style_list, PST, STYLE_LIST, GObject)

/** Begins to read the library. The engine service is borrowed and has to outlive the style list. */
PstStyleList *pst_style_list_new(PstEngineService *service);

/** Reads the library again: a style was made or removed. Dropped pictures stay. */
void pst_style_list_reload(PstStyleList *style_list);

/** The photograph that thumbnails show; NULL for the styles' own pictures. */
void pst_style_list_set_photo(PstStyleList *style_list, PstPhoto *photo);

/** An item has come on the screen, or left it. */
void pst_style_list_show(PstStyleList *style_list, PstStyleItem *item);
void pst_style_list_hide(PstStyleList *style_list, PstStyleItem *item);

/** Makes a style of a picture, or adds a style file to the user's own styles. */
void pst_style_list_add_file(PstStyleList *style_list, const char *path);

/** The item of that id, or NULL; owned by the style list. */
PstStyleItem *pst_style_list_find(PstStyleList *style_list, const char *id);

/** Adds a style that a restored session brought along, unless there is one of that id. */
void pst_style_list_add_style(PstStyleList *style_list, const char *id, const PstStyle *style);

/** One of the user's own styles is new, or another one now. */
void pst_style_list_put(PstStyleList *style_list, const char *id, const PstStyle *style);

/** A style of the user's own is gone. */
void pst_style_list_remove(PstStyleList *style_list, const char *id);

/** TRUE while the library is being read or thumbnails are under way. */
gboolean pst_style_list_is_busy(PstStyleList *style_list);

G_END_DECLS
