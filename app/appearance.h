/* Light or dark: as the system has it, or as the user says, which is remembered. Adds the action "appearance" ("system", "light", "dark"). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct PstAppearance PstAppearance;

/** `settings` may be NULL. */
PstAppearance *pst_appearance_new(GApplication *application, GSettings *settings);
void pst_appearance_free(PstAppearance *appearance);

G_END_DECLS
