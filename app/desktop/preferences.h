/* What the program remembers from one start to the next, in GSettings. Where the schema is not installed, nothing is
 * remembered and everything is at its default.
 */
#pragma once

#include "export_item.h"

G_BEGIN_DECLS

/** The settings, shared by all; NULL without the schema. */
GSettings *pst_preferences(void);

/** `options` are overwritten, not cleared. A folder that was never chosen is the user's pictures folder. */
void pst_preferences_get_export(PstExportOptions *options);
void pst_preferences_set_export(const PstExportOptions *options);

void pst_preferences_get_window(int *width, int *height, gboolean *maximized);
void pst_preferences_set_window(int width, int height, gboolean maximized);

G_END_DECLS
