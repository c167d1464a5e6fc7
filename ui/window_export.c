/* All the ways in which a painting gets out of the window. */
#include "window_private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/desktop/preferences.h"
#include "app/desktop/texture.h"
#include "batch_dialog.h"
#include "export_dialog.h"

static void on_item_state(PstExportItem *item, GParamSpec *pspec, PstWindow *window)
{
    const char *message = pst_export_item_message(item);

    switch (pst_export_item_state(item)) {
    case PST_EXPORT_DONE:
        pst_window_tell_saved(window, pst_export_item_path(item), pst_export_item_warning(item));
        break;
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

/* For the next time; a name and a size are of one picture, unless the name is a pattern for all. */
static void remember(PstWindow *window, const PstExportOptions *options)
{
    PstExportOptions next;

    pst_export_options_copy(options, &next);
    next.side = 0;
    if (!strchr(options->pattern, '{')) {
        g_free(next.pattern);
        next.pattern = g_strdup(window->export_options.pattern);
    }
    pst_export_options_clear(&window->export_options);
    window->export_options = next;
    pst_preferences_set_export(&next);
}

static void on_export(PstExportDialog *dialog, PstExportOptions *options, PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    PstLook *look = pst_document_look(window->document);
    PstPainting *painting = pst_renderer_painting(pst_document_renderer(window->document), photo, look);
    g_autoptr(PstInputs) inputs = pst_inputs_new();

    remember(window, options);
    g_clear_object(&window->exporting);
    window->exporting = pst_export_item_new(photo, look, painting, options);
    pst_document_add_inputs(inputs);
    pst_export_item_set_inputs(window->exporting, inputs);
    g_signal_connect_object(window->exporting, "notify::state", G_CALLBACK(on_item_state), window, 0);
    g_signal_connect_object(window->exporting, "notify::share", G_CALLBACK(pst_window_update_progress), window,
                            G_CONNECT_SWAPPED);
    g_signal_emit_by_name(window, "export-started", window->exporting);
    pst_export_item_start(window->exporting, window->service);
    pst_window_update_progress(window);
}

void pst_window_ask_export(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
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

/* What is done with a painting's pixels. */
typedef struct {
    PstWindow *window;
    PstUseTexture use;
} Use;

static void on_texture(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Use *use = data;
    g_autoptr(PstWindow) window = use->window;
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, &error);

    if (!pst_window_is_open(window)) {
        return;
    }
    if (texture) {
        use->use(window, texture);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_window_tell_error(window, error);
    }
}

void pst_window_use_painting(PstWindow *window, PstUseTexture use)
{
    PstPainting *painting = pst_renderer_painting(pst_document_renderer(window->document),
                                                  pst_document_photo(window->document),
                                                  pst_document_look(window->document));
    Use *order;

    if (!painting) {
        pst_window_tell(window, _("The painting is not finished yet."), NULL, NULL);
        return;
    }
    order = g_new(Use, 1);
    *order = (Use){ g_object_ref(window), use };
    pst_texture_make_of_painting(window->service, painting, on_texture, order);
}

static void copy(PstWindow *window, GdkTexture *texture)
{
    gdk_clipboard_set_texture(gtk_widget_get_clipboard(GTK_WIDGET(window)), texture);
    pst_window_tell(window, _("The painting is in the clipboard."), NULL, NULL);
}

void pst_window_copy(GtkWidget *widget, const char *action, GVariant *parameter)
{
    pst_window_use_painting(PST_WINDOW(widget), copy);
}

void pst_window_ask_export_all(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    const char *const *paths = pst_tray_sources(window->tray);
    PstExportOptions options;
    GtkWidget *dialog;
    g_autofree char *folder = NULL, *style = NULL;

    pst_export_options_copy(&window->export_options, &options);
    folder = g_file_test(paths[0], G_FILE_TEST_IS_DIR) ? g_strdup(paths[0]) : g_path_get_dirname(paths[0]);
    g_free(options.folder);
    options.folder = g_build_filename(folder, _("painted"), NULL);
    if (!pst_tray_is_mixed(window->tray)) {
        style = pst_style_list_title(window->style_list, pst_document_look(window->document));
    }
    dialog = pst_batch_dialog_new(GTK_WINDOW(window), window->service, window->tray, style, &options);
    gtk_window_set_application(GTK_WINDOW(dialog), gtk_window_get_application(GTK_WINDOW(window)));
    pst_export_options_clear(&options);
    gtk_window_present(GTK_WINDOW(dialog));
}
