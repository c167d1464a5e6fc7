/* Names for screen readers where the toolkit finds none by itself. */
#pragma once

#include <gtk/gtk.h>

/** Names every button in `root`, itself too: by its text, or where it has only an icon, by its tooltip. Call it again
 *  for one whose text has changed. */
void pst_accessible_name_buttons(GtkWidget *root);

/** Names the row or cell of a list that shows `child`: it is what the keyboard reaches. `description` may be NULL. */
void pst_accessible_name_row(GtkWidget *child, const char *name, const char *description);
