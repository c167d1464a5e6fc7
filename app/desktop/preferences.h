/* What the program remembers from one start to the next, in GSettings. Where the schema is not installed, nothing is
 * remembered and everything is at its default.
 */
#pragma once

#include <gtk/gtk.h>

#include "export_item.h"

/** The settings, shared by all; NULL without the schema. */
GSettings *pst_preferences(void);

/** `options` are overwritten, not cleared. A folder that was never chosen is the user's pictures folder. */
void pst_preferences_get_export(PstExportOptions *options);
void pst_preferences_set_export(const PstExportOptions *options);

/** The folder that a chooser of files begins in; `key` is "open-folder" or "style-folder". */
void pst_preferences_apply_folder(const char *key, GtkFileChooser *chooser);
/** Remembers the folder of what was chosen, for the next time. */
void pst_preferences_keep_folder(const char *key, GtkFileChooser *chooser);

/** How far painting goes in a new window: as it was chosen last. */
PstFinish pst_preferences_get_finish(void);
void pst_preferences_set_finish(PstFinish finish);

/** Identifiers of the styles used lately, the latest first; NULL-terminated, owned by the caller. */
GStrv pst_preferences_get_recent_styles(void);
/** Puts a style before the others. */
void pst_preferences_add_recent_style(const char *id);

/** TRUE once, when step `step` (from 1) of the tour is due: those before were shown, and this one was not. */
gboolean pst_preferences_take_tour(int step);

/** Width of the panel beside the picture, in logical pixels. */
int pst_preferences_get_panel(void);
void pst_preferences_set_panel(int width);

/** Identifiers of the styles that the user likes best; NULL-terminated, owned by the caller. */
GStrv pst_preferences_get_favourites(void);
void pst_preferences_set_favourite(const char *id, gboolean favourite);

void pst_preferences_get_window(int *width, int *height, gboolean *maximized);
void pst_preferences_set_window(int width, int height, gboolean maximized);
