/* Projects: photograph, look, regions and results in a file, to go on another day. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"
#include "file_chooser.h"

void pst_window_open_project(PstWindow *window, const char *path)
{
    g_autoptr(GError) error = NULL;

    if (!pst_project_open(path, window->document, window->style_list, &error)) {
        pst_window_tell_error(window, error);
    }
}

static void on_chosen(gpointer widget, GFile *file)
{
    PstWindow *window = widget;
    const char *path = g_file_peek_path(file);
    g_autoptr(GError) error = NULL;

    if (pst_project_write(window->document, window->style_list, path, &error)) {
        pst_window_tell_saved(window, path, NULL);
    } else {
        pst_window_tell_error(window, error);
    }
}

void pst_window_save_project(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GtkFileChooser *chooser = pst_file_chooser_new(window, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save the Project"), NULL,
                                                   on_chosen);
    g_autofree char *stem = pst_file_stem(pst_document_photo(window->document)->name);
    g_autofree char *name = g_strconcat(stem, PST_PROJECT_SUFFIX, NULL);

    gtk_file_chooser_set_current_name(chooser, name);
    pst_file_chooser_show(chooser);
}
