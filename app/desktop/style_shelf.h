/* The styles there are, as a list for the screen: built-in ones, the user's, and pictures dropped in. Their thumbnails
 * show the open photograph in each style; those on the screen are painted first.
 *
 * A GListModel of PstStyleItem. Signals: "message" (const char *text), "added" (PstStyleItem *item): a dropped picture
 * has become a style.
 */
#pragma once

#include <gio/gio.h>

#include "engine/studio/photo.h"
#include "engine/studio/studio.h"
#include "style_item.h"

G_BEGIN_DECLS

#define PST_TYPE_STYLE_SHELF pst_style_shelf_get_type()
G_DECLARE_FINAL_TYPE(PstStyleShelf, pst_style_shelf, PST, STYLE_SHELF, GObject)

/** Begins to read the library. The studio is borrowed and has to outlive the shelf. */
PstStyleShelf *pst_style_shelf_new(PstStudio *studio);

/** Reads the library again: a style was made or removed. Dropped pictures stay. */
void pst_style_shelf_reload(PstStyleShelf *shelf);

/** The photograph that thumbnails show; NULL for the styles' own pictures. */
void pst_style_shelf_set_photo(PstStyleShelf *shelf, PstPhoto *photo);

/** An item has come on the screen, or left it. */
void pst_style_shelf_show(PstStyleShelf *shelf, PstStyleItem *item);
void pst_style_shelf_hide(PstStyleShelf *shelf, PstStyleItem *item);

/** Makes a style of a picture, or adds a style file to the user's own styles. */
void pst_style_shelf_add_file(PstStyleShelf *shelf, const char *path);

/** The item of that id, or NULL; owned by the shelf. */
PstStyleItem *pst_style_shelf_find(PstStyleShelf *shelf, const char *id);

/** Adds a style that a restored session brought along, unless there is one of that id. */
void pst_style_shelf_add_style(PstStyleShelf *shelf, const char *id, const PstStyle *style);

/** One of the user's own styles is new, or another one now. */
void pst_style_shelf_put(PstStyleShelf *shelf, const char *id, const PstStyle *style);

/** A style of the user's own is gone. */
void pst_style_shelf_remove(PstStyleShelf *shelf, const char *id);

/** TRUE while the library is being read or thumbnails are under way. */
gboolean pst_style_shelf_is_busy(PstStyleShelf *shelf);

G_END_DECLS
