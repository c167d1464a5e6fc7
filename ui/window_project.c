/* Projects: photograph, look, regions and results in a file, to go on another day. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"

void pst_window_open_project(PstWindow *window, const char *path)
{
    g_autoptr(GError) error = NULL;

    if (!pst_project_open(path, window->document, window->style_list, &error)) {
        pst_window_tell_error(window, error);
    }
}

static void on_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser))
                                                            : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    g_autoptr(GError) error = NULL;

    g_object_unref(chooser);
    /* The chooser has asked whether an existing file is to be replaced. */
    if (path && pst_project_write(window->document, window->style_list, path, &error)) {
        pst_window_tell_saved(window, path, NULL);
    } else if (path) {
        pst_window_tell_error(window, error);
    }
}

void pst_window_save_project(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(_("Save the Project"), GTK_WINDOW(window),
                                                                GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
    g_autofree char *stem = pst_file_stem(pst_document_photo(window->document)->name);
    g_autofree char *name = g_strconcat(stem, PST_PROJECT_SUFFIX, NULL);

    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), window, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
