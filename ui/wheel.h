/* A wheel turns one way only. */
#pragma once

#include <gtk/gtk.h>

/** Lets the wheel move a scrolled window that is wider than it is seen, and no higher. */
void pst_wheel_sideways(GtkWidget *scrolled_window);
