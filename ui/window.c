#include "window_private.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/common/advice.h"
#include "app/desktop/preferences.h"
#include "time_left.h"

#define PILL_DELAY 350 /* milliseconds of work before anything is said about it */

G_DEFINE_FINAL_TYPE(PstWindow, pst_window, GTK_TYPE_APPLICATION_WINDOW)

PstDocument *pst_window_document(PstWindow *window)
{
    return window->document;
}

gboolean pst_window_is_open(PstWindow *window)
{
    return gtk_widget_get_realized(GTK_WIDGET(window));
}

void pst_window_tell(PstWindow *window, const char *text, const char *button, const char *detailed_action)
{
    pst_message_bar_show(window->message_bar, text, button, detailed_action);
}

void pst_window_tell_error(PstWindow *window, const GError *error)
{
    g_autofree char *text = pst_error_text(error);

    pst_window_tell(window, text, NULL, NULL);
}

static gboolean is_exporting(PstWindow *window)
{
    return window->exporting && pst_export_item_state(window->exporting) <= PST_EXPORT_RUNNING;
}

static gboolean is_loading(PstWindow *window)
{
    gboolean loading;

    g_object_get(window->document, "loading", &loading, NULL);
    return loading;
}

gboolean pst_window_is_busy(PstWindow *window)
{
    return is_loading(window) || is_exporting(window) ||
           pst_renderer_is_busy(pst_document_renderer(window->document)) ||
           pst_style_list_is_busy(window->style_list) || pst_thumbnail_list_is_busy(window->thumbnails);
}

static gboolean on_pill_timer(gpointer data)
{
    PstWindow *window = data;

    window->pill_timer = 0;
    gtk_revealer_set_reveal_child(GTK_REVEALER(window->pill_revealer), TRUE);
    gtk_widget_set_can_target(window->pill_revealer, TRUE);
    gtk_widget_show(window->progress);
    return G_SOURCE_REMOVE;
}

void pst_window_update_progress(PstWindow *window)
{
    gboolean exporting = is_exporting(window), loading = is_loading(window);
    gboolean painting = pst_renderer_is_busy(pst_document_renderer(window->document));
    double share = exporting ? pst_export_item_share(window->exporting) : window->share;
    double seconds = exporting ? pst_export_item_seconds_left(window->exporting) : window->seconds_left;
    g_autofree char *left = pst_time_left(loading ? -1 : seconds);
    g_autofree char *text = g_strconcat(exporting ? _("Exporting")
                                        : loading ? _("Opening")
                                                  : _("Painting"),
                                        left, NULL);

    if (!exporting && !painting && !loading) {
        g_clear_handle_id(&window->pill_timer, g_source_remove);
        gtk_revealer_set_reveal_child(GTK_REVEALER(window->pill_revealer), FALSE);
        gtk_widget_set_can_target(window->pill_revealer, FALSE);
        gtk_widget_hide(window->progress);
    } else {
        gtk_label_set_text(GTK_LABEL(window->pill_label), text);
        gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(window->progress), loading ? 0 : share);
        if (!gtk_revealer_get_reveal_child(GTK_REVEALER(window->pill_revealer)) && window->pill_timer == 0) {
            window->pill_timer = g_timeout_add(PILL_DELAY, on_pill_timer, window);
        }
    }
    pst_window_update_actions(window);
}

static void on_renderer_busy(PstWindow *window)
{
    if (pst_renderer_is_busy(pst_document_renderer(window->document))) {
        window->share = 0;
        window->seconds_left = -1;
        window->stopped = FALSE;
    }
    pst_window_update_progress(window);
}

static void on_progress(PstRenderer *renderer, double share, double seconds_left, PstWindow *window)
{
    window->share = share;
    window->seconds_left = seconds_left;
    pst_window_update_progress(window);
}

static void on_preview(PstRenderer *renderer, PstRaster *raster, PstRaster *small, PstWindow *window)
{
    pst_canvas_set_painting(window->canvas, raster);
}

static void on_begin(PstRenderer *renderer, PstWindow *window)
{
    pst_canvas_begin(window->canvas);
}

static void on_strip(PstRenderer *renderer, PstRasterStrip *strip, PstWindow *window)
{
    pst_canvas_add_strip(window->canvas, strip);
}

static void on_finished(PstRenderer *renderer, PstPainting *painting, PstRaster *small, PstWindow *window)
{
    pst_canvas_end(window->canvas);
    pst_window_update_actions(window);
}

static void on_message(GObject *sender, const char *text, PstWindow *window)
{
    pst_window_tell(window, text, NULL, NULL);
}

static void on_photo_changed(PstDocument *document, PstRaster *original, PstWindow *window)
{
    pst_canvas_set_original(window->canvas, original);
    gtk_stack_set_visible_child_name(GTK_STACK(window->stack), original ? "picture" : "empty");
    pst_thumbnail_list_set_photo(window->thumbnails, pst_document_photo(document));
    if (original && pst_photo_is_reduced(pst_document_photo(document))) {
        pst_window_tell(window, _("This picture is very large: you work on a smaller copy, and export all of it."),
                        NULL, NULL);
    }
    if (original && pst_document_photo(document)->full->info.recipe) {
        pst_window_tell(window, _("This picture was painted by Pastiche and holds its recipe."), _("Use the Recipe"),
                        "win.take-recipe");
    }
}

static void show_title(PstWindow *window)
{
    PstPhoto *photo = pst_document_photo(window->document);
    g_autofree char *look = pst_look_title(pst_document_look(window->document));
    g_autofree char *subtitle = NULL;

    gtk_label_set_text(GTK_LABEL(window->title), photo ? photo->name : _("Pastiche"));
    gtk_window_set_title(GTK_WINDOW(window), photo ? photo->name : _("Pastiche"));
    gtk_widget_set_visible(window->subtitle, photo != NULL);
    if (photo) {
        subtitle = g_strdup_printf(*look ? "%d × %d · %s" : "%d × %d",
                                   MAX(photo->full->width, photo->full->info.full_width),
                                   MAX(photo->full->height, photo->full->info.full_height), look);
        gtk_label_set_text(GTK_LABEL(window->subtitle), subtitle);
        gtk_accessible_update_property(GTK_ACCESSIBLE(window->canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, photo->name,
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
    }
}

/* A look from a recipe or a session may have styles that are not in the grid. */
static void show_all_styles(PstWindow *window)
{
    const PstLook *look = pst_document_look(window->document);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const PstLookStyle *style = &look->regions[i].styles[k];

            pst_style_list_add_style(window->style_list, style->id, style->style);
        }
    }
}

static void on_look_changed(PstWindow *window)
{
    pst_canvas_cancel(window->canvas);
    show_all_styles(window);
    pst_window_note_styles(window);
    if (pst_look_is_plain(pst_document_look(window->document))) {
        pst_canvas_set_painting(window->canvas, NULL);
    }
    show_title(window);
    pst_window_update_actions(window);
}

static void on_photo_name(PstWindow *window)
{
    show_title(window);
    pst_window_update_actions(window);
}

static void on_results(PstWindow *window)
{
    gboolean any = g_list_model_get_n_items(pst_document_results(window->document)) > 1;

    pst_window_update_actions(window);
    if (any && !g_object_get_data(G_OBJECT(window), "results-hidden")) {
        gtk_revealer_set_reveal_child(GTK_REVEALER(window->results_revealer), TRUE);
    } else if (!any) {
        gtk_revealer_set_reveal_child(GTK_REVEALER(window->results_revealer), FALSE);
    }
}

static void on_zoom(PstWindow *window)
{
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * pst_canvas_zoom(window->canvas));

    gtk_label_set_text(GTK_LABEL(window->zoom_label), text);
}

static void on_page(PstWindow *window)
{
    const char *page = gtk_stack_get_visible_child_name(GTK_STACK(window->pages));

    pst_region_panel_set_active(window->region_panel, g_strcmp0(page, "regions") == 0);
}

static void bind_document(PstWindow *window)
{
    PstDocument *document = window->document;
    PstRenderer *renderer = pst_document_renderer(document);

    g_signal_connect_object(renderer, "preview", G_CALLBACK(on_preview), window, 0);
    g_signal_connect_object(renderer, "begin", G_CALLBACK(on_begin), window, 0);
    g_signal_connect_object(renderer, "strip", G_CALLBACK(on_strip), window, 0);
    g_signal_connect_object(renderer, "finished", G_CALLBACK(on_finished), window, 0);
    g_signal_connect_object(renderer, "progress", G_CALLBACK(on_progress), window, 0);
    g_signal_connect_object(renderer, "notify::busy", G_CALLBACK(on_renderer_busy), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "message", G_CALLBACK(on_message), window, 0);
    g_signal_connect_object(document, "photo-changed", G_CALLBACK(on_photo_changed), window, 0);
    g_signal_connect_object(document, "look-changed", G_CALLBACK(on_look_changed), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::photo-name", G_CALLBACK(on_photo_name), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::loading", G_CALLBACK(pst_window_update_progress), window,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(pst_document_results(document), "items-changed", G_CALLBACK(on_results), window,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(window->thumbnails, "message", G_CALLBACK(on_message), window, 0);
    pst_style_page_set_document(window->style_page, document, window->thumbnails);
    pst_adjust_panel_set_document(window->adjust_panel, document);
    pst_region_panel_set_document(window->region_panel, document, window->canvas);
    pst_history_strip_set_document(window->history_strip, document);
}

static gboolean pst_window_close_request(GtkWindow *gtk_window)
{
    int width, height;

    gtk_window_get_default_size(gtk_window, &width, &height);
    pst_preferences_set_window(width, height, gtk_window_is_maximized(gtk_window));
    return GTK_WINDOW_CLASS(pst_window_parent_class)->close_request(gtk_window);
}

static void pst_window_dispose(GObject *object)
{
    PstWindow *window = PST_WINDOW(object);

    g_clear_handle_id(&window->pill_timer, g_source_remove);
    g_clear_pointer(&window->session, pst_session_free);
    if (window->document) {
        g_object_run_dispose(G_OBJECT(window->document));
    }
    g_clear_object(&window->exporting);
    pst_window_end_styles(window);
    G_OBJECT_CLASS(pst_window_parent_class)->dispose(object);
}

static void pst_window_finalize(GObject *object)
{
    PstWindow *window = PST_WINDOW(object);

    g_clear_object(&window->document);
    g_clear_object(&window->thumbnails);
    g_clear_object(&window->style_list);
    g_free(window->left_behind);
    pst_export_options_clear(&window->export_options);
    G_OBJECT_CLASS(pst_window_parent_class)->finalize(object);
}

static void pst_window_class_init(PstWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_ADJUST_PANEL);
    g_type_ensure(PST_TYPE_CANVAS);
    g_type_ensure(PST_TYPE_EMPTY_PAGE);
    g_type_ensure(PST_TYPE_HISTORY_STRIP);
    g_type_ensure(PST_TYPE_MESSAGE_BAR);
    g_type_ensure(PST_TYPE_REGION_PANEL);
    g_type_ensure(PST_TYPE_STYLE_PAGE);
    G_OBJECT_CLASS(klass)->dispose = pst_window_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_window_finalize;
    GTK_WINDOW_CLASS(klass)->close_request = pst_window_close_request;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/window.ui");
    gtk_widget_class_bind_template_child(widget_class, PstWindow, title);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, subtitle);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, overlay);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, stack);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, progress);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, pill_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, pill_label);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, stop_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, zoom_label);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, results_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, sidebar_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, pages);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, split_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, export_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, empty_page);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, canvas);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, history_strip);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, style_page);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, adjust_panel);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, region_panel);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, message_bar);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, recent_menu);
    g_signal_new("export-started", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                 PST_TYPE_EXPORT_ITEM);
    g_signal_new("training-started", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                 PST_TYPE_TRAINING_RUN);
    pst_window_install_actions(klass);
    pst_window_install_style_actions(widget_class);
}

/* The original is seen as long as the key is held; releasing it reaches no shortcut, so this is none. */
static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       PstWindow *window)
{
    if (key != GDK_KEY_backslash || GTK_IS_EDITABLE(gtk_window_get_focus(GTK_WINDOW(window)))) {
        return GDK_EVENT_PROPAGATE;
    }
    pst_canvas_set_hold(window->canvas, TRUE);
    return GDK_EVENT_STOP;
}

static void on_key_released(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                            PstWindow *window)
{
    if (key == GDK_KEY_backslash) {
        pst_canvas_set_hold(window->canvas, FALSE);
    }
}

static void pst_window_init(PstWindow *window)
{
    GtkEventController *keys = gtk_event_controller_key_new();
    gboolean maximized;
    int width, height;
    g_autoptr(GPropertyAction) split = NULL;

    gtk_widget_init_template(GTK_WIDGET(window));
    split = g_property_action_new("split", window->canvas, "split");
    g_action_map_add_action(G_ACTION_MAP(window), G_ACTION(split));
    pst_preferences_get_window(&width, &height, &maximized);
    gtk_window_set_default_size(GTK_WINDOW(window), width, height);
    if (maximized) {
        gtk_window_maximize(GTK_WINDOW(window));
    }
    pst_preferences_get_export(&window->export_options);
    window->seconds_left = -1;
    g_signal_connect_swapped(window->canvas, "notify::zoom", G_CALLBACK(on_zoom), window);
    g_signal_connect_object(window->pages, "notify::visible-child", G_CALLBACK(on_page), window, G_CONNECT_SWAPPED);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), window);
    g_signal_connect(keys, "key-released", G_CALLBACK(on_key_released), window);
    gtk_widget_add_controller(GTK_WIDGET(window), keys);
    pst_accessible_name_buttons(GTK_WIDGET(window));
    pst_window_accept_drops(window, window->stack);
    pst_window_fill_recent(window);
}

PstWindow *pst_window_new(GtkApplication *application, PstEngineService *service, PstStyleList *style_list)
{
    PstWindow *window = g_object_new(PST_TYPE_WINDOW, "application", application, NULL);

    window->service = service;
    window->document = pst_document_new(service);
    window->style_list = g_object_ref(style_list);
    window->thumbnails = pst_thumbnail_list_new(service, style_list);
    window->session = pst_session_new(window->document);
    bind_document(window);
    pst_window_show_sample(window);
    pst_window_update_actions(window);
    return window;
}

void pst_window_offer_session(PstWindow *window)
{
    g_autofree char *path = pst_session_find();
    g_autofree char *name = path ? pst_session_name(path) : NULL;
    g_autofree char *text = NULL;

    if (!name) {
        return;
    }
    text = g_strdup_printf(_("Pastiche was interrupted while you worked on %s."), name);
    window->left_behind = g_steal_pointer(&path);
    pst_window_tell(window, text, _("Restore"), "win.restore-session");
}
