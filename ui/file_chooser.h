/* The desktop's own dialogs, in which files and folders are chosen. */
#pragma once

#include <gtk/gtk.h>

/** Takes one of the files that were chosen, which has a path; called for each, in order. */
typedef void (*PstFileChosen)(gpointer widget, GFile *file);

/** A dialog over the window of `widget`, for pst_file_chooser_show(). It begins where files were chosen last; `key` is
 *  where the preferences keep that (pst_preferences_apply_folder()), or NULL. It asks whether a file that it saves to
 *  may be replaced. `chosen` is not called after the widget's end. */
GtkFileChooser *pst_file_chooser_new(gpointer widget, GtkFileChooserAction action, const char *title, const char *key,
                                     PstFileChosen chosen);

/** Shows only files of these media types (NULL-terminated), under that name. */
void pst_file_chooser_filter(GtkFileChooser *chooser, const char *name, const char *const *types);

/** The dialog ends itself. */
void pst_file_chooser_show(GtkFileChooser *chooser);
