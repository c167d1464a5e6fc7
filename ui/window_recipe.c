/* Recipes as files: how the painting is made, kept for other photographs and other machines. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/advice.h"
#include "app/desktop/recipe_file.h"

/* Takes the look over. */
static void take(PstWindow *window, PstLook *taken, const char *path, GError *error)
{
    g_autoptr(PstLook) look = taken;

    if (look) {
        look->size = 0; /* how large results are is asked when they are exported */
        pst_document_set_look(window->document, look, NULL);
    } else if (error) {
        g_autofree char *text = pst_error_text_in_window(error, path);

        pst_window_tell(window, text, NULL, NULL);
    }
}

void pst_window_open_recipe(PstWindow *window, const char *path)
{
    g_autoptr(GError) error = NULL;
    PstLook *look = pst_recipe_file_read(path, &error);

    take(window, look, path, error);
}

/* Of the open picture. */
void pst_window_take_recipe(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    PstPhoto *photo = pst_document_photo(window->document);
    g_autoptr(GError) error = NULL;
    PstLook *look = photo ? pst_recipe_file_read_photo(photo, &error) : NULL;

    if (photo) {
        take(window, look, photo->path ? photo->path : photo->name, error);
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
    if (path && pst_recipe_file_write(pst_document_look(window->document), path, &error)) {
        pst_window_tell_saved(window, path, NULL);
    } else if (path) {
        pst_window_tell_error(window, error);
    }
}

void pst_window_save_recipe(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(_("Save the Recipe"), GTK_WINDOW(window),
                                                                GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), _("recipe.json"));
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), window, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
