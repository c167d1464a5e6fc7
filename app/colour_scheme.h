/* Light or dark: as the system has it, or as the user says. Adds the action "appearance"
 * ("follow-system", "light", "dark"). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct PstColourScheme PstColourScheme;

PstColourScheme *pst_colour_scheme_new(GApplication *application);
void pst_colour_scheme_free(PstColourScheme *scheme);

G_END_DECLS
