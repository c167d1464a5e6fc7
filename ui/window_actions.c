/* What the window can do, by name. */
#include <glib/gi18n.h>

#include "help_dialog.h"
#include "light_dialog.h"
#include "variants_dialog.h"
#include "window_private.h"

#define ZOOM_STEP 1.25

static void on_open_uri(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));

    pst_window_open_files(PST_WINDOW(widget), (GFile *[]){ file, NULL });
}

static void on_add_style_uri(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));

    pst_window_add_style_file(PST_WINDOW(widget), file);
}

static void on_undo(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_document_undo(PST_WINDOW(widget)->document);
}

static void on_redo(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_document_redo(PST_WINDOW(widget)->document);
}

static void on_zoom_in(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstCanvas *canvas = PST_WINDOW(widget)->canvas;

    pst_canvas_set_zoom(canvas, pst_canvas_zoom(canvas) * ZOOM_STEP);
}

static void on_zoom_out(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstCanvas *canvas = PST_WINDOW(widget)->canvas;

    pst_canvas_set_zoom(canvas, pst_canvas_zoom(canvas) / ZOOM_STEP);
}

static void on_zoom_fit(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_canvas_fit(PST_WINDOW(widget)->canvas);
}

static void on_zoom_one(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_canvas_set_zoom(PST_WINDOW(widget)->canvas, 1);
}

static void on_zoom_toggle(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstCanvas *canvas = PST_WINDOW(widget)->canvas;

    if (pst_canvas_is_fit(canvas)) {
        pst_canvas_set_zoom(canvas, 1);
    } else {
        pst_canvas_fit(canvas);
    }
}

static void on_fullscreen(GtkWidget *widget, const char *name, GVariant *parameter)
{
    if (gtk_window_is_fullscreen(GTK_WINDOW(widget))) {
        gtk_window_unfullscreen(GTK_WINDOW(widget));
    } else {
        gtk_window_fullscreen(GTK_WINDOW(widget));
    }
}

void pst_window_show_gallery(PstWindow *window, gboolean gallery)
{
    gtk_widget_set_visible(window->view, !gallery);
    gtk_widget_set_visible(window->adjust_scroller, !gallery);
    pst_style_page_set_gallery(window->style_page, gallery);
}

void pst_window_show_sidebar(PstWindow *window, gboolean show)
{
    if (!show) {
        pst_window_show_gallery(window, FALSE);
    }
    gtk_widget_set_visible(window->sidebar, show);
}

static void on_sidebar(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    pst_window_show_sidebar(window, !gtk_widget_get_visible(window->sidebar));
}

static void on_results(GtkWidget *widget, const char *name, GVariant *parameter)
{
    GtkRevealer *revealer = GTK_REVEALER(PST_WINDOW(widget)->results_revealer);
    gboolean reveal = !gtk_revealer_get_reveal_child(revealer);

    gtk_revealer_set_reveal_child(revealer, reveal);
    PST_WINDOW(widget)->results_hidden = !reveal;
}

/* What there is to stop, the most recent first. */
static void on_stop(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->exporting && pst_export_item_state(window->exporting) <= PST_EXPORT_RUNNING) {
        pst_export_item_cancel(window->exporting);
    } else if (pst_renderer_is_busy(pst_document_renderer(window->document))) {
        window->stopped = !pst_renderer_is_refining(pst_document_renderer(window->document));
        pst_renderer_stop(pst_document_renderer(window->document));
    } else if (gtk_widget_get_visible(GTK_WIDGET(window->region_bar))) {
        gtk_widget_hide(GTK_WIDGET(window->region_bar));
    } else if (!gtk_widget_get_visible(window->view)) {
        pst_window_show_gallery(window, FALSE);
    } else if (gtk_window_is_fullscreen(GTK_WINDOW(widget))) {
        gtk_window_unfullscreen(GTK_WINDOW(widget));
    }
}

static void on_restore_session(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->left_behind) {
        pst_session_restore(window->left_behind, window->document, window->tray, window->style_list);
        g_clear_pointer(&window->left_behind, g_free);
    }
}

static void on_paint(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_renderer_resume(pst_document_renderer(PST_WINDOW(widget)->document));
}

static void on_search(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    pst_window_show_sidebar(window, TRUE);
    pst_style_page_search(window->style_page);
}

static void on_keep_variant(PstVariantsDialog *dialog, PstLook *look, PstWindow *window)
{
    pst_document_set_look(window->document, look, NULL);
}

static void on_variants(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GtkWidget *dialog = pst_variants_dialog_new(GTK_WINDOW(window), window->service, window->document,
                                                window->style_list);

    g_signal_connect_object(dialog, "keep", G_CALLBACK(on_keep_variant), window, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_match_saved(PstWindow *window, const char *path)
{
    pst_window_tell_saved(window, path, NULL);
}

static void on_match_light(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GtkWidget *dialog = pst_light_dialog_new(GTK_WINDOW(window), window->document);

    g_signal_connect_object(dialog, "saved", G_CALLBACK(on_match_saved), window, G_CONNECT_SWAPPED);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_compare(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    g_autoptr(GPtrArray) looks = pst_results_compared(pst_document_results(window->document));
    GtkWidget *dialog = pst_variants_dialog_new_comparison(GTK_WINDOW(window), window->service, window->document,
                                                           window->style_list, looks);

    g_signal_connect_object(dialog, "keep", G_CALLBACK(on_keep_variant), window, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_help(GtkWidget *widget, const char *name, GVariant *parameter)
{
    gtk_window_present(GTK_WINDOW(pst_help_dialog_new(GTK_WINDOW(widget))));
}

/* Styles have all of the window, or share it with the picture. */
static void on_gallery(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    pst_window_show_sidebar(window, TRUE);
    pst_window_show_gallery(window, gtk_widget_get_visible(window->view));
}

static void on_brush_larger(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_region_bar_scale_brush(PST_WINDOW(widget)->region_bar, 1.25);
}

static void on_brush_smaller(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_region_bar_scale_brush(PST_WINDOW(widget)->region_bar, 0.8);
}

static void on_share_look(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    pst_tray_share_look(window->tray);
    pst_window_tell(window, _("All photos of the tray have this look now."), NULL, NULL);
}

/* By one photo of the tray, forwards or back. */
static void on_next_photo(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    GListModel *items = pst_tray_items(window->tray);
    int count = (int)g_list_model_get_n_items(items);

    for (int i = 0; i < count; i++) {
        g_autoptr(PstTrayItem) item = g_list_model_get_item(items, (guint)i);
        int next = i + g_variant_get_int32(parameter);

        if (pst_tray_item_open(item) && next >= 0 && next < count) {
            g_autoptr(PstTrayItem) other = g_list_model_get_item(items, (guint)next);

            pst_tray_open(window->tray, other);
            return;
        }
    }
}

static void on_original(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_canvas_set_hold(PST_WINDOW(widget)->canvas, g_variant_get_boolean(parameter));
}

void pst_window_update_actions(PstWindow *window)
{
    PstDocument *document = window->document;
    gboolean photo = pst_document_photo(document) != NULL, can_undo, can_redo;
    gboolean painted = photo && !pst_look_is_plain(pst_document_look(document));
    gboolean busy = pst_renderer_is_busy(pst_document_renderer(document));
    guint results = g_list_model_get_n_items(pst_document_results(document));
    GtkWidget *widget = GTK_WIDGET(window);
    static const char *const on_photo[] = { "win.zoom-in", "win.zoom-out", "win.zoom-fit", "win.zoom-one",
                                            "win.zoom-toggle" };

    g_object_get(document, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(on_photo); i++) {
        gtk_widget_action_set_enabled(widget, on_photo[i], photo);
    }
    gtk_widget_action_set_enabled(widget, "win.export", painted);
    gtk_widget_action_set_enabled(widget, "win.print", painted);
    gtk_widget_action_set_enabled(widget, "win.set-wallpaper", painted);
    gtk_widget_action_set_enabled(widget, "win.mail", painted);
    gtk_widget_action_set_enabled(widget, "win.open-with", painted);
    gtk_widget_action_set_enabled(widget, "win.copy-file", painted);
    gtk_widget_action_set_enabled(widget, "win.save-project", photo);
    gtk_widget_action_set_enabled(widget, "win.variants", photo);
    gtk_widget_action_set_enabled(widget, "win.match-light", photo);
    gtk_widget_action_set_enabled(widget, "win.save-recipe", !pst_look_is_plain(pst_document_look(document)));
    gtk_widget_action_set_enabled(widget, "win.copy", painted && !busy);
    gtk_widget_action_set_enabled(widget, "win.share-look", painted);
    gtk_widget_action_set_enabled(widget, "win.export-all", painted);
    gtk_widget_set_sensitive(window->split_button, painted);
    gtk_widget_set_sensitive(window->regions_button, photo);
    gtk_widget_action_set_enabled(widget, "win.undo", can_undo);
    gtk_widget_action_set_enabled(widget, "win.redo", can_redo);
    gtk_widget_action_set_enabled(widget, "win.results", results > 0);
    gtk_widget_action_set_enabled(widget, "win.compare", results > 1);
    gtk_widget_action_set_enabled(widget, "win.copy-video-command", painted && pst_document_video(document));
    gtk_widget_action_set_enabled(widget, "win.paint", painted && !busy && window->stopped);
}

void pst_window_install_actions(PstWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    gtk_widget_class_install_action(widget_class, "win.open", NULL, pst_window_choose_photo);
    gtk_widget_class_install_action(widget_class, "win.open-damaged", "s", pst_window_open_damaged);
    gtk_widget_class_install_action(widget_class, "win.open-sample", NULL, pst_window_open_sample);
    gtk_widget_class_install_action(widget_class, "win.open-uri", "s", on_open_uri);
    gtk_widget_class_install_action(widget_class, "win.paste", NULL, pst_window_paste);
    gtk_widget_class_install_action(widget_class, "win.batch", NULL, pst_window_choose_folder);
    gtk_widget_class_install_action(widget_class, "win.add-style", NULL, pst_window_choose_style);
    gtk_widget_class_install_action(widget_class, "win.add-style-uri", "s", on_add_style_uri);
    gtk_widget_class_install_action(widget_class, "win.export", NULL, pst_window_ask_export);
    gtk_widget_class_install_action(widget_class, "win.copy", NULL, pst_window_copy);
    gtk_widget_class_install_action(widget_class, "win.export-all", NULL, pst_window_ask_export_all);
    gtk_widget_class_install_action(widget_class, "win.share-look", NULL, on_share_look);
    gtk_widget_class_install_action(widget_class, "win.next-photo", "i", on_next_photo);
    gtk_widget_class_install_action(widget_class, "win.undo", NULL, on_undo);
    gtk_widget_class_install_action(widget_class, "win.redo", NULL, on_redo);
    gtk_widget_class_install_action(widget_class, "win.zoom-in", NULL, on_zoom_in);
    gtk_widget_class_install_action(widget_class, "win.zoom-out", NULL, on_zoom_out);
    gtk_widget_class_install_action(widget_class, "win.zoom-fit", NULL, on_zoom_fit);
    gtk_widget_class_install_action(widget_class, "win.zoom-one", NULL, on_zoom_one);
    gtk_widget_class_install_action(widget_class, "win.zoom-toggle", NULL, on_zoom_toggle);
    gtk_widget_class_install_action(widget_class, "win.fullscreen", NULL, on_fullscreen);
    gtk_widget_class_install_action(widget_class, "win.sidebar", NULL, on_sidebar);
    gtk_widget_class_install_action(widget_class, "win.results", NULL, on_results);
    gtk_widget_class_install_action(widget_class, "win.stop", NULL, on_stop);
    gtk_widget_class_install_action(widget_class, "win.restore-session", NULL, on_restore_session);
    gtk_widget_class_install_action(widget_class, "win.take-recipe", NULL, pst_window_take_recipe);
    gtk_widget_class_install_action(widget_class, "win.save-recipe", NULL, pst_window_save_recipe);
    gtk_widget_class_install_action(widget_class, "win.paint", NULL, on_paint);
    gtk_widget_class_install_action(widget_class, "win.search", NULL, on_search);
    gtk_widget_class_install_action(widget_class, "win.gallery", NULL, on_gallery);
    gtk_widget_class_install_action(widget_class, "win.compare", NULL, on_compare);
    gtk_widget_class_install_action(widget_class, "win.help", NULL, on_help);
    gtk_widget_class_install_action(widget_class, "win.mail", NULL, pst_window_mail);
    gtk_widget_class_install_action(widget_class, "win.open-with", NULL, pst_window_open_with);
    gtk_widget_class_install_action(widget_class, "win.copy-file", NULL, pst_window_copy_file);
    gtk_widget_class_install_action(widget_class, "win.copy-video-command", NULL, pst_window_copy_video_command);
    gtk_widget_class_install_action(widget_class, "win.save-project", NULL, pst_window_save_project);
    gtk_widget_class_install_action(widget_class, "win.variants", NULL, on_variants);
    gtk_widget_class_install_action(widget_class, "win.match-light", NULL, on_match_light);
    gtk_widget_class_install_action(widget_class, "win.print", NULL, pst_window_print);
    gtk_widget_class_install_action(widget_class, "win.set-wallpaper", NULL, pst_window_set_wallpaper);
    gtk_widget_class_install_action(widget_class, "win.brush-larger", NULL, on_brush_larger);
    gtk_widget_class_install_action(widget_class, "win.brush-smaller", NULL, on_brush_smaller);
    gtk_widget_class_install_action(widget_class, "win.original", "b", on_original);

    /* Keys that a text being edited has other uses for: it sees them first. */
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "win.copy", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "win.redo", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "win.stop", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Page_Down, 0, "win.next-photo", "i", 1);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Page_Up, 0, "win.next-photo", "i", -1);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketleft, 0, "win.brush-smaller", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketright, 0, "win.brush-larger", NULL);
}
