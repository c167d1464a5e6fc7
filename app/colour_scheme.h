/* Light or dark: as the desktop says, or as the user chose. */
#pragma once

#include <gio/gio.h>

/** Gives the application its action "appearance" ("follow-system", "light", "dark"), which is remembered, and the
 *  colours that it stands for. The desktop's choice is libadwaita's to know. */
void pst_colour_scheme_follow(GApplication *application);
