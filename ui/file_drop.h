/* Files that are dropped on a widget, one or many. */
#pragma once

#include <gtk/gtk.h>

/** Takes one of the files; called on the main thread for each, in order. */
typedef void (*PstFileDrop)(gpointer data, GFile *file);

/** Has the widget accept files that are dropped on it, for as long as it lives. */
void pst_file_drop_accept(GtkWidget *widget, PstFileDrop take, gpointer data);
