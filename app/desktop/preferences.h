/* What the program remembers from one start to the next, in GSettings. Where the schema is not installed, nothing is
 * remembered and everything is at its default.
 */
#pragma once

#include <gtk/gtk.h>

#include "export_item.h"

G_BEGIN_DECLS

/** The settings, shared by all; NULL without the schema. */
GSettings *pst_preferences(void);

/** `options` are overwritten, not cleared. A folder that was never chosen is the user's pictures folder. */
void pst_preferences_get_export(PstExportOptions *options);
void pst_preferences_set_export(const PstExportOptions *options);

/** The folder that a chooser of files begins in; `key` is "open-folder" or "style-folder". */
void pst_preferences_apply_folder(const char *key, GtkFileChooser *chooser);
/** Remembers the folder of what was chosen, for the next time. */
void pst_preferences_keep_folder(const char *key, GtkFileChooser *chooser);

/** Identifiers of the styles used lately, the latest first; NULL-terminated, owned by the caller. */
GStrv pst_preferences_get_recent_styles(void);
/** Puts a style before the others. */
void pst_preferences_add_recent_style(const char *id);

void pst_preferences_get_window(int *width, int *height, gboolean *maximized);
void pst_preferences_set_window(int width, int height, gboolean maximized);

G_END_DECLS
