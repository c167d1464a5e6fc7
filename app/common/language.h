/* The language that the program speaks. */
#pragma once

#include <glib.h>

/** Takes character set and language from the environment; numbers keep their point. Translations are looked for in
 *  $PASTICHE_LOCALE, else in share/locale beside the program's folder, else where they were meant to be installed.
 *  Call it first. */
void pst_language_begin(void);

/** From now on messages are as they stand in the source: for output that programs read. */
void pst_language_untranslated(void);
