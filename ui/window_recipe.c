/* Recipes as files: how the painting is made, kept for other photographs and other machines. */
#include "window_private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/common/advice.h"
#include "app/common/style_library.h"
#include "engine/picture/output.h"
#include "engine/paint/recipe.h"

/* In a window the file's name says enough. */
static void tell(PstWindow *window, const char *path, const GError *error)
{
    g_autofree char *folder = g_path_get_dirname(path), *text = pst_error_text(error);
    gsize length = strlen(folder) + 1;

    pst_window_tell(window, g_str_has_prefix(text, path) && strlen(text) > length && path[0] == '/' ? text + length : text,
                    NULL, NULL);
}

/* How large results are is asked when they are exported. */
static void set_look(PstWindow *window, PstLook *look)
{
    look->size = 0;
    pst_document_set_look(window->document, look, NULL);
}

void pst_window_open_recipe(PstWindow *window, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstLook) look = pst_recipe_read(path, NULL, &error);

    if (look && pst_library_complete(look, path, &error)) {
        set_look(window, look);
    } else {
        tell(window, path, error);
    }
}

/* Of the open picture. */
void pst_window_take_recipe(PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    const char *text = photo ? photo->full->info.recipe : NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(PstLook) look = text ? pst_recipe_parse(text, strlen(text), photo->name, NULL, &error) : NULL;

    if (look && pst_library_complete(look, photo->path ? photo->path : photo->name, &error)) {
        set_look(window, look);
    } else if (error) {
        tell(window, photo->path ? photo->path : photo->name, error);
    }
}

/* The chooser has asked whether an existing file is to be replaced. */
static gboolean save(const PstLook *look, const char *path, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };
    g_autoptr(PstOutput) output = NULL;
    g_autofree char *text = NULL, *written = NULL;

    if (!pst_recipe_origin_init(&origin, "pastiche " PASTICHE_VERSION, error)) {
        return FALSE;
    }
    pst_recipe_origin_set_date(&origin);
    if (!(text = pst_recipe_write(look, &origin, error)) ||
        !(output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error)) ||
        !pst_output_write(output, text, strlen(text), error)) {
        return FALSE;
    }
    written = pst_output_commit(output, error);
    return written != NULL;
}

static void on_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser)) : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    g_autoptr(GError) error = NULL;

    g_object_unref(chooser);
    if (path && !save(pst_document_look(window->document), path, &error)) {
        pst_window_tell(window, error->message, NULL, NULL);
    }
}

void pst_window_save_recipe(PstWindow *window)
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(_("Save the Recipe"), GTK_WINDOW(window),
                                                                GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), _("recipe.json"));
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), window, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
