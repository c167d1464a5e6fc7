/* Recipes: of the open picture, of a file, to a file. */
#include "window_private.h"

#include <glib/gi18n.h>
#include <string.h>

void pst_window_use_recipe(PstWindow *window, const PstPaintRecipe *recipe)
{
    g_autoptr(PstLook) look = pst_look_new();

    pst_look_take_recipe(look, 0, recipe);
    pst_document_set_look(window->document, look, NULL);
}

void pst_window_take_recipe(PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    const char *text = photo ? photo->full->info.recipe : NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPaintRecipe) recipe = text ? pst_paint_recipe_parse(text, strlen(text), photo->name, &error) : NULL;

    if (recipe) {
        pst_window_use_recipe(window, recipe);
    } else if (error) {
        pst_window_tell(window, error->message, NULL, NULL);
    }
}

static void on_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser)) : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    g_autoptr(PstPaintRecipe) recipe = pst_look_to_recipe(pst_document_look(window->document), 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (path && recipe) {
        pst_paint_recipe_set_date(recipe);
        text = pst_paint_recipe_to_text(recipe, &error);
        if (!text || !g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error)) {
            pst_window_tell(window, error->message, NULL, NULL);
        }
    }
    g_object_unref(chooser);
}

void pst_window_save_recipe(PstWindow *window)
{
    GtkFileChooserNative *chooser;

    if (!pst_look_has_recipe(pst_document_look(window->document))) {
        pst_window_tell(window, _("A recipe can’t hold regions or broad strokes yet; remove them first."), NULL, NULL);
        return;
    }
    chooser = gtk_file_chooser_native_new(_("Save the Recipe"), GTK_WINDOW(window), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                          NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), _("recipe.json"));
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), window, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
