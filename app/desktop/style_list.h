/* The styles there are, one list for all windows of the application: built-in ones, the user's own, and those in use
 * for the time being. It reads the folders once and notices what changes in the user's own, whoever changes it.
 *
 * A GListModel of PstStyleItem. Nothing in it moves: a changed style stays in its place, a new one comes first.
 */
#pragma once

#include <gio/gio.h>

#include "engine/paint/look.h"
#include "engine/service/engine_service.h"
#include "style_item.h"

#define PST_TYPE_STYLE_LIST pst_style_list_get_type()
G_DECLARE_FINAL_TYPE(PstStyleList, pst_style_list, PST, STYLE_LIST, GObject)

/** Begins to read the styles. The engine service is borrowed and has to outlive the list and what was asked of it. */
PstStyleList *pst_style_list_new(PstEngineService *service);

/** The item of that identifier, or NULL; owned by the list. */
PstStyleItem *pst_style_list_find(PstStyleList *list, const char *id);

/** Adds a style that a look brought along, unless there is one of that identifier, or it was removed. */
void pst_style_list_add_style(PstStyleList *list, const char *id, const PstStyle *style);

/** The names of a look's styles as they are called by now, for people: "The Kiss + The Scream". Owned by the caller. */
char *pst_style_list_title(PstStyleList *list, const PstLook *look);

/** TRUE while styles are read or written. */
gboolean pst_style_list_is_busy(PstStyleList *list);

/* What takes files is done on the engine thread, one after the other. The callback, which may be NULL, is called
 * with a result for pst_style_list_finish() once the list is as it is then. */

/** Makes a style of a picture, or adds a style file to the user's own. */
void pst_style_list_add_file(PstStyleList *list, const char *path, GAsyncReadyCallback callback, gpointer data);

/** Reads the user's style of that identifier, which has just been written. */
void pst_style_list_read_own(PstStyleList *list, const char *id, GAsyncReadyCallback callback, gpointer data);

/** Adds a style to the user's own. */
void pst_style_list_keep(PstStyleList *list, const PstStyle *style, GAsyncReadyCallback callback, gpointer data);

/** Writes the user's style of that identifier, in place of the one there if there is one. */
void pst_style_list_replace(PstStyleList *list, const char *id, const PstStyle *style, GAsyncReadyCallback callback,
                            gpointer data);

/** Removes a style of the user's own, file and all. */
void pst_style_list_remove(PstStyleList *list, PstStyleItem *item, GAsyncReadyCallback callback, gpointer data);

/** Writes a style to another file. */
void pst_style_list_export(PstStyleList *list, PstStyleItem *item, const char *path, GAsyncReadyCallback callback,
                           gpointer data);

/** The style as it is now; the one that was, where it was removed. Owned by the caller. NULL with what reading and
 *  writing say. */
PstStyleItem *pst_style_list_finish(PstStyleList *list, GAsyncResult *result, GError **error);
