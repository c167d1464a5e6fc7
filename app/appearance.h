/* Light or dark: as the system has it, or as the user says. Adds the action "appearance" ("follow-system", "light", "dark"). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct PstAppearance PstAppearance;

PstAppearance *pst_appearance_new(GApplication *application);
void pst_appearance_free(PstAppearance *appearance);

G_END_DECLS
