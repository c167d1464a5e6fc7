/* Recipes as files: how the painting is made, kept for other photographs and other machines. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/advice.h"
#include "app/desktop/recipe_file.h"
#include "file_chooser.h"

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

static void on_chosen(gpointer widget, GFile *file)
{
    PstWindow *window = widget;
    const char *path = g_file_peek_path(file);
    g_autoptr(GError) error = NULL;

    if (pst_recipe_file_write(pst_document_look(window->document), path, &error)) {
        pst_window_tell_saved(window, path, NULL);
    } else {
        pst_window_tell_error(window, error);
    }
}

void pst_window_save_recipe(GtkWidget *widget, const char *action, GVariant *parameter)
{
    GtkFileChooser *chooser = pst_file_chooser_new(widget, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save the Recipe"), NULL,
                                                   on_chosen);

    gtk_file_chooser_set_current_name(chooser, _("recipe.json"));
    pst_file_chooser_show(chooser);
}
