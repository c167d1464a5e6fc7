/* What the window can do, by name. */
#include "window_private.h"

#define ZOOM_STEP 1.25

static void on_open(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_choose_photo(PST_WINDOW(widget));
}

static void on_open_sample(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_open_sample(PST_WINDOW(widget));
}

static void on_open_uri(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));

    pst_window_open_files(PST_WINDOW(widget), (GFile *[]){ file, NULL });
}

static void on_paste(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_paste(PST_WINDOW(widget));
}

static void on_batch(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_choose_folder(PST_WINDOW(widget));
}

static void on_add_style(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_choose_style(PST_WINDOW(widget));
}

static void on_add_style_uri(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GFile) file = g_file_new_for_uri(g_variant_get_string(parameter, NULL));

    pst_window_add_style_file(PST_WINDOW(widget), file);
}

static void on_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_ask_export(PST_WINDOW(widget));
}

static void on_copy(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_copy(PST_WINDOW(widget));
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

static void on_sidebar(GtkWidget *widget, const char *name, GVariant *parameter)
{
    GtkRevealer *revealer = GTK_REVEALER(PST_WINDOW(widget)->sidebar_revealer);

    gtk_revealer_set_reveal_child(revealer, !gtk_revealer_get_reveal_child(revealer));
}

static void on_results(GtkWidget *widget, const char *name, GVariant *parameter)
{
    GtkRevealer *revealer = GTK_REVEALER(PST_WINDOW(widget)->results_revealer);
    gboolean reveal = !gtk_revealer_get_reveal_child(revealer);

    gtk_revealer_set_reveal_child(revealer, reveal);
    g_object_set_data(G_OBJECT(widget), "results-hidden", GINT_TO_POINTER(!reveal));
}

/* What there is to stop, the most recent first. */
static void on_stop(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->exporting && pst_export_item_state(window->exporting) <= PST_EXPORT_RUNNING) {
        pst_export_item_cancel(window->exporting);
    } else if (pst_renderer_is_busy(pst_document_renderer(window->document))) {
        window->stopped = TRUE;
        pst_renderer_stop(pst_document_renderer(window->document));
    } else if (gtk_window_is_fullscreen(GTK_WINDOW(widget))) {
        gtk_window_unfullscreen(GTK_WINDOW(widget));
    }
}

static void on_restore_session(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->left_behind) {
        pst_session_restore(window->left_behind, window->document);
        g_clear_pointer(&window->left_behind, g_free);
    }
}

static void on_take_recipe(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_take_recipe(PST_WINDOW(widget));
}

static void on_save_recipe(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_save_recipe(PST_WINDOW(widget));
}

static void on_paint(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_renderer_resume(pst_document_renderer(PST_WINDOW(widget)->document));
}

static void on_search(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    gtk_revealer_set_reveal_child(GTK_REVEALER(window->sidebar_revealer), TRUE);
    gtk_stack_set_visible_child_name(GTK_STACK(window->pages), "styles");
    pst_style_page_search(window->style_page);
}

static void on_page(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    gtk_revealer_set_reveal_child(GTK_REVEALER(window->sidebar_revealer), TRUE);
    gtk_stack_set_visible_child_name(GTK_STACK(window->pages), g_variant_get_string(parameter, NULL));
}

static void on_brush_larger(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_region_panel_scale_brush(PST_WINDOW(widget)->region_panel, 1.25);
}

static void on_brush_smaller(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_region_panel_scale_brush(PST_WINDOW(widget)->region_panel, 0.8);
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
    gboolean results = g_list_model_get_n_items(pst_document_results(document)) > 0;
    GtkWidget *widget = GTK_WIDGET(window);
    static const char *const on_photo[] = { "win.zoom-in", "win.zoom-out", "win.zoom-fit", "win.zoom-one",
                                            "win.zoom-toggle" };

    g_object_get(document, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(on_photo); i++) {
        gtk_widget_action_set_enabled(widget, on_photo[i], photo);
    }
    gtk_widget_action_set_enabled(widget, "win.export", painted);
    gtk_widget_action_set_enabled(widget, "win.save-recipe", !pst_look_is_plain(pst_document_look(document)));
    gtk_widget_action_set_enabled(widget, "win.copy", painted && !busy);
    gtk_widget_set_sensitive(window->split_button, painted);
    gtk_widget_action_set_enabled(widget, "win.undo", can_undo);
    gtk_widget_action_set_enabled(widget, "win.redo", can_redo);
    gtk_widget_action_set_enabled(widget, "win.results", results);
    gtk_widget_action_set_enabled(widget, "win.paint", painted && !busy && window->stopped);
}

void pst_window_install_actions(PstWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    gtk_widget_class_install_action(widget_class, "win.open", NULL, on_open);
    gtk_widget_class_install_action(widget_class, "win.open-sample", NULL, on_open_sample);
    gtk_widget_class_install_action(widget_class, "win.open-uri", "s", on_open_uri);
    gtk_widget_class_install_action(widget_class, "win.paste", NULL, on_paste);
    gtk_widget_class_install_action(widget_class, "win.batch", NULL, on_batch);
    gtk_widget_class_install_action(widget_class, "win.add-style", NULL, on_add_style);
    gtk_widget_class_install_action(widget_class, "win.add-style-uri", "s", on_add_style_uri);
    gtk_widget_class_install_action(widget_class, "win.export", NULL, on_export);
    gtk_widget_class_install_action(widget_class, "win.copy", NULL, on_copy);
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
    gtk_widget_class_install_action(widget_class, "win.take-recipe", NULL, on_take_recipe);
    gtk_widget_class_install_action(widget_class, "win.save-recipe", NULL, on_save_recipe);
    gtk_widget_class_install_action(widget_class, "win.paint", NULL, on_paint);
    gtk_widget_class_install_action(widget_class, "win.search", NULL, on_search);
    gtk_widget_class_install_action(widget_class, "win.page", "s", on_page);
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
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketleft, 0, "win.brush-smaller", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_bracketright, 0, "win.brush-larger", NULL);
}
