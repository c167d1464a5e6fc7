#include "file_chooser.h"

#include "app/desktop/preferences.h"

typedef struct {
    const char *key;
    PstFileChosen chosen;
} Choice;

static void on_response(GtkFileChooser *chooser, int response, gpointer widget)
{
    const Choice *choice = g_object_get_data(G_OBJECT(chooser), "choice");
    g_autoptr(GListModel) files = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_files(chooser) : NULL;

    if (files && choice->key) {
        pst_preferences_keep_folder(choice->key, chooser);
    }
    for (guint i = 0; files && i < g_list_model_get_n_items(files); i++) {
        g_autoptr(GFile) file = g_list_model_get_item(files, i);

        if (g_file_peek_path(file)) {
            choice->chosen(widget, file);
        }
    }
    g_object_unref(chooser);
}

GtkFileChooser *pst_file_chooser_new(gpointer widget, GtkFileChooserAction action, const char *title, const char *key,
                                     PstFileChosen chosen)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(widget));
    GtkFileChooser *chooser = GTK_FILE_CHOOSER(gtk_file_chooser_native_new(title, window, action, NULL, NULL));
    const Choice choice = { key, chosen };

    if (key) {
        pst_preferences_apply_folder(key, chooser);
    }
    g_object_set_data_full(G_OBJECT(chooser), "choice", g_memdup2(&choice, sizeof choice), g_free);
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_response), widget, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    return chooser;
}

void pst_file_chooser_filter(GtkFileChooser *chooser, const char *name, const char *const *types)
{
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();

    gtk_file_filter_set_name(filter, name);
    for (const char *const *type = types; *type; type++) {
        gtk_file_filter_add_mime_type(filter, *type);
    }
    gtk_file_chooser_add_filter(chooser, filter);
}

void pst_file_chooser_show(GtkFileChooser *chooser)
{
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
