/* Finds a style that is in no list: in words, on the map, by chance, by variations, on the way from the one at hand.
 * The window behind it paints what is found at once.
 *
 * Signal "keep" (gpointer PstStyle, borrowed): it is to be one of the user's own.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/style_finder.h"

#define PST_TYPE_FINDER_DIALOG pst_finder_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstFinderDialog, pst_finder_dialog, PST, FINDER_DIALOG, GtkWindow)

GtkWidget *pst_finder_dialog_new(GtkWindow *parent, PstEngineService *service, PstDocument *document);

/** Looks for artworks by a text, as soon as they are read. */
void pst_finder_dialog_ask(PstFinderDialog *dialog, const char *text);
