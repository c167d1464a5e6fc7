/* All the ways in which a painting gets out of the window. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/desktop/preferences.h"
#include "app/desktop/texture.h"
#include "batch_dialog.h"
#include "export_dialog.h"

static void on_item_state(PstExportItem *item, GParamSpec *pspec, PstWindow *window)
{
    const char *message = pst_export_item_message(item);

    switch (pst_export_item_state(item)) {
    case PST_EXPORT_DONE: {
        g_autofree char *base = g_filename_display_basename(pst_export_item_path(item));
        g_autofree char *text = g_strdup_printf(_("Saved %s"), base);
        g_autoptr(GVariant) path = g_variant_ref_sink(g_variant_new_string(message));
        g_autofree char *action = g_action_print_detailed_name("app.show-in-folder", path);

        pst_window_tell(window, text, _("Show in Folder"), action);
        break;
    }
    case PST_EXPORT_FAILED:
        pst_window_tell(window, message, NULL, NULL);
        break;
    case PST_EXPORT_SKIPPED:
        pst_window_tell(window, message, NULL, NULL);
        break;
    default:
        break;
    }
    pst_window_update_progress(window);
}

static void on_export(PstExportDialog *dialog, PstExportOptions *options, PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    PstLook *look = pst_document_look(window->document);
    PstPainting *painting = pst_renderer_painting(pst_document_renderer(window->document), photo, look);

    pst_export_options_clear(&window->export_options);
    pst_export_options_copy(options, &window->export_options);
    pst_preferences_set_export(options);
    g_clear_object(&window->exporting);
    window->exporting = pst_export_item_new(photo, look, painting, options);
    g_signal_connect_object(window->exporting, "notify::state", G_CALLBACK(on_item_state), window, 0);
    g_signal_connect_object(window->exporting, "notify::share", G_CALLBACK(pst_window_update_progress), window,
                            G_CONNECT_SWAPPED);
    g_signal_emit_by_name(window, "export-started", window->exporting);
    pst_export_item_start(window->exporting, window->service);
    pst_window_update_progress(window);
}

void pst_window_ask_export(PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    GtkWidget *dialog;

    if (!photo) {
        return;
    }
    if (window->exporting && pst_export_item_state(window->exporting) <= PST_EXPORT_RUNNING) {
        pst_window_tell(window, _("An export is under way; wait for it, or stop it."), NULL, NULL);
        return;
    }
    dialog = pst_export_dialog_new(GTK_WINDOW(window), &window->export_options, photo,
                                   pst_document_look(window->document));
    g_signal_connect_object(dialog, "export", G_CALLBACK(on_export), window, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_copied(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, &error);

    if (!pst_window_is_open(window)) {
        return;
    }
    if (texture) {
        gdk_clipboard_set_texture(gtk_widget_get_clipboard(GTK_WIDGET(window)), texture);
        pst_window_tell(window, _("The painting is in the clipboard."), NULL, NULL);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_window_tell_error(window, error);
    }
}

void pst_window_copy(PstWindow *window)
{
    PstPainting *painting = pst_renderer_painting(pst_document_renderer(window->document),
                                                  pst_document_photo(window->document),
                                                  pst_document_look(window->document));

    if (painting) {
        pst_texture_make_of_painting(window->service, painting, on_copied, g_object_ref(window));
    } else {
        pst_window_tell(window, _("The painting is not finished yet."), NULL, NULL);
    }
}

void pst_window_batch(PstWindow *window, const char *const *paths)
{
    PstLook *look = pst_document_look(window->document);
    PstExportOptions options;
    GtkWidget *dialog;
    g_autofree char *folder = NULL;

    if (pst_look_is_plain(look)) {
        pst_window_tell(window, _("Pick a style first; then drop the photos or the folder again."), NULL, NULL);
        return;
    }
    pst_export_options_copy(&window->export_options, &options);
    folder = g_file_test(paths[0], G_FILE_TEST_IS_DIR) ? g_strdup(paths[0]) : g_path_get_dirname(paths[0]);
    g_free(options.folder);
    options.folder = g_build_filename(folder, _("painted"), NULL);
    dialog = pst_batch_dialog_new(GTK_WINDOW(window), window->service, paths, look, &options);
    gtk_window_set_application(GTK_WINDOW(dialog), gtk_window_get_application(GTK_WINDOW(window)));
    pst_export_options_clear(&options);
    gtk_window_present(GTK_WINDOW(dialog));
}
