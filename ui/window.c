#include "window_private.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/common/advice.h"
#include "app/desktop/familiarity_check.h"
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

void pst_window_tell_saved(PstWindow *window, const char *path, const char *warning)
{
    g_autofree char *base = g_filename_display_basename(path);
    g_autofree char *saved = g_strdup_printf(_("Saved %s"), base);
    g_autofree char *text = warning ? g_strdup_printf("%s (%s)", saved, warning) : g_strdup(saved);
    g_autoptr(GVariant) target = g_variant_ref_sink(g_variant_new_string(path));
    g_autofree char *action = g_action_print_detailed_name("app.show-in-folder", target);

    pst_window_tell(window, text, _("Show in Folder"), action);
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

/* A masterpiece that is ended early is kept as it is. */
static void show_stop(PstWindow *window, gboolean keep)
{
    const char *label = keep ? _("_Keep This") : _("_Stop");

    if (g_strcmp0(gtk_button_get_label(GTK_BUTTON(window->stop_button)), label) == 0) {
        return;
    }
    gtk_button_set_label(GTK_BUTTON(window->stop_button), label);
    pst_accessible_name_buttons(window->stop_button);
    gtk_widget_set_tooltip_text(window->stop_button,
                                keep ? _("End refining with what is there (Esc)") : _("Stop painting (Esc)"));
}

void pst_window_update_progress(PstWindow *window)
{
    gboolean exporting = is_exporting(window), loading = is_loading(window);
    gboolean painting = pst_renderer_is_busy(pst_document_renderer(window->document));
    gboolean refining = pst_renderer_is_refining(pst_document_renderer(window->document));
    double share = exporting ? pst_export_item_share(window->exporting) : window->share;
    double seconds = exporting ? pst_export_item_seconds_left(window->exporting) : window->seconds_left;
    g_autofree char *left = pst_time_left(loading ? -1 : seconds);
    g_autofree char *text = g_strconcat(exporting  ? _("Exporting")
                                        : loading  ? _("Opening")
                                        : refining ? _("Refining")
                                                   : _("Painting"),
                                        left, NULL);

    if (!exporting && !painting && !loading) {
        g_clear_handle_id(&window->pill_timer, g_source_remove);
        gtk_revealer_set_reveal_child(GTK_REVEALER(window->pill_revealer), FALSE);
        gtk_widget_set_can_target(window->pill_revealer, FALSE);
        gtk_widget_hide(window->progress);
    } else {
        gtk_label_set_text(GTK_LABEL(window->pill_label), text);
        show_stop(window, refining && !exporting && !loading);
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
    if (pst_renderer_is_refining(renderer)) {
        pst_canvas_settle(window->canvas, raster);
    } else {
        pst_canvas_set_painting(window->canvas, raster);
    }
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
    if (pst_preferences_take_tour(2)) {
        pst_window_tell(
            window, _("2 of 2: Press the picture long, or hold \\, to see the photo. Export saves it at full size."),
            NULL, NULL);
    }
}

static void on_message(GObject *sender, const char *text, PstWindow *window)
{
    pst_window_tell(window, text, NULL, NULL);
}

static void on_damaged(PstDocument *document, const char *text, const char *path, PstWindow *window)
{
    g_autoptr(GVariant) target = g_variant_ref_sink(g_variant_new_string(path));
    g_autofree char *action = g_action_print_detailed_name("win.open-damaged", target);

    pst_window_tell(window, text, _("Open What Is Left"), action);
}

/* There as soon as there is a photo, so that the picture does not move when the first result comes. */
static gboolean results_wanted(PstWindow *window)
{
    return pst_document_photo(window->document) && !window->results_hidden;
}

static void on_photo_changed(PstDocument *document, PstRaster *original, PstWindow *window)
{
    pst_window_end_demo(window);
    if (pst_document_has_sought(document)) {
        pst_canvas_set_frame(window->canvas, original);
    } else {
        pst_canvas_set_original(window->canvas, original);
    }
    gtk_stack_set_visible_child_name(GTK_STACK(window->stack), original ? "picture" : "empty");
    gtk_revealer_set_reveal_child(GTK_REVEALER(window->results_revealer), results_wanted(window));
    pst_thumbnail_list_set_photo(window->thumbnails, pst_document_photo(document));
    pst_message_bar_withdraw(window->message_bar, "win.restore-session");
    if (original && pst_preferences_take_tour(1)) {
        pst_window_tell(window, _("1 of 2: Each style shows your photo in it. Click one; + mixes several."), NULL,
                        NULL);
    }
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
    const PstVideoInfo *video = pst_document_video(window->document);
    g_autofree char *name = video ? g_filename_display_basename(video->path) : g_strdup(photo ? photo->name : NULL);
    g_autofree char *look = pst_style_list_title(window->style_list, pst_document_look(window->document));
    g_autofree char *subtitle = NULL;

    gtk_label_set_text(GTK_LABEL(window->title), name ? name : _("Pastiche"));
    gtk_window_set_title(GTK_WINDOW(window), name ? name : _("Pastiche"));
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
    pst_window_show_demo(window);
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

static void on_zoom(PstWindow *window)
{
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * pst_canvas_zoom(window->canvas));

    gtk_label_set_text(GTK_LABEL(window->zoom_label), text);
}

static void on_regions(PstWindow *window)
{
    gboolean visible = gtk_widget_get_visible(GTK_WIDGET(window->region_bar));

    pst_region_bar_set_active(window->region_bar, visible);
}

/* The panel is as wide as it was: the first width that the window is given says where that begins. */
static void on_paned(PstWindow *window)
{
    int width = gtk_widget_get_width(window->paned), panel = pst_preferences_get_panel();

    if (width > 0) {
        g_signal_handlers_disconnect_by_func(window->paned, on_paned, window);
        gtk_paned_set_position(GTK_PANED(window->paned), width - MIN(panel, width * 2 / 5));
    }
}

/* A menu that closes leaves the keyboard to nobody. */
static void on_menu_closed(PstWindow *window)
{
    gtk_widget_grab_focus(pst_document_photo(window->document) ? GTK_WIDGET(window->canvas) : window->menu_button);
}

/* One photo needs no row. */
static void on_tray(PstWindow *window)
{
    gtk_revealer_set_reveal_child(GTK_REVEALER(window->tray_revealer),
                                  g_list_model_get_n_items(pst_tray_items(window->tray)) > 1);
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
    g_signal_connect_object(document, "damaged", G_CALLBACK(on_damaged), window, 0);
    g_signal_connect_object(document, "photo-changed", G_CALLBACK(on_photo_changed), window, 0);
    g_signal_connect_object(document, "look-changed", G_CALLBACK(on_look_changed), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::photo-name", G_CALLBACK(on_photo_name), window, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::loading", G_CALLBACK(pst_window_update_progress), window,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(pst_document_results(document), "items-changed", G_CALLBACK(pst_window_update_actions),
                            window, G_CONNECT_SWAPPED);
    g_signal_connect_object(window->thumbnails, "message", G_CALLBACK(on_message), window, 0);
    pst_style_page_set_document(window->style_page, document, window->thumbnails);
    pst_adjust_panel_set_document(window->adjust_panel, document);
    pst_region_bar_set_document(window->region_bar, document, window->canvas);
    pst_video_bar_set_document(window->video_bar, document);
    pst_history_strip_set_document(window->history_strip, document);
    pst_tray_strip_set_tray(window->tray_strip, window->tray, window->service);
    g_signal_connect_object(pst_tray_items(window->tray), "items-changed", G_CALLBACK(on_tray), window,
                            G_CONNECT_SWAPPED);
}

static gboolean pst_window_close_request(GtkWindow *gtk_window)
{
    PstWindow *window = PST_WINDOW(gtk_window);
    int width, height;

    gtk_window_get_default_size(gtk_window, &width, &height);
    pst_preferences_set_window(width, height, gtk_window_is_maximized(gtk_window));
    if (gtk_widget_get_mapped(window->view) && gtk_widget_get_mapped(window->sidebar)) {
        pst_preferences_set_panel(gtk_widget_get_width(window->sidebar));
    }
    return GTK_WINDOW_CLASS(pst_window_parent_class)->close_request(gtk_window);
}

/* Ends what the window asks of the engine. */
static void end_work(PstWindow *window)
{
    g_clear_pointer(&window->session, pst_session_free);
    if (window->exporting) {
        g_signal_handlers_disconnect_by_data(window->exporting, window);
    }
    if (window->document) {
        g_object_run_dispose(G_OBJECT(window->document));
    }
}

/* When it is closed: an answer under way holds a window for longer than the engine may live. */
static void pst_window_unrealize(GtkWidget *widget)
{
    pst_window_end_demo(PST_WINDOW(widget));
    end_work(PST_WINDOW(widget));
    GTK_WIDGET_CLASS(pst_window_parent_class)->unrealize(widget);
}

static void pst_window_dispose(GObject *object)
{
    PstWindow *window = PST_WINDOW(object);

    g_clear_handle_id(&window->pill_timer, g_source_remove);
    end_work(window);
    g_clear_object(&window->exporting);
    pst_window_end_styles(window);
    G_OBJECT_CLASS(pst_window_parent_class)->dispose(object);
}

static void pst_window_finalize(GObject *object)
{
    PstWindow *window = PST_WINDOW(object);

    g_clear_object(&window->tray);
    g_clear_object(&window->document);
    g_clear_object(&window->thumbnails);
    g_clear_object(&window->style_list);
    g_free(window->left_behind);
    g_free(window->sample_style);
    g_object_unref(window->recent_menu);
    pst_export_options_clear(&window->export_options);
    G_OBJECT_CLASS(pst_window_parent_class)->finalize(object);
}

static void pst_window_class_init(PstWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    gtk_icon_theme_add_resource_path(gtk_icon_theme_get_for_display(gdk_display_get_default()),
                                     "/org/pastiche/Pastiche/icons");
    g_type_ensure(PST_TYPE_ADJUST_PANEL);
    g_type_ensure(PST_TYPE_CANVAS);
    g_type_ensure(PST_TYPE_EMPTY_PAGE);
    g_type_ensure(PST_TYPE_HISTORY_STRIP);
    g_type_ensure(PST_TYPE_MESSAGE_BAR);
    g_type_ensure(PST_TYPE_REGION_BAR);
    g_type_ensure(PST_TYPE_STYLE_PAGE);
    g_type_ensure(PST_TYPE_TRAY_STRIP);
    g_type_ensure(PST_TYPE_VIDEO_BAR);
    G_OBJECT_CLASS(klass)->dispose = pst_window_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_window_finalize;
    widget_class->unrealize = pst_window_unrealize;
    GTK_WINDOW_CLASS(klass)->close_request = pst_window_close_request;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/window.ui");
    gtk_widget_class_bind_template_child(widget_class, PstWindow, title);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, subtitle);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, stack);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, progress);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, pill_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, pill_label);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, stop_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, zoom_label);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, results_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, tray_revealer);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, tray_strip);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, paned);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, view);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, sidebar);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, split_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, regions_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, menu_button);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, empty_page);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, canvas);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, history_strip);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, style_page);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, adjust_panel);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, adjust_scroller);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, region_bar);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, message_bar);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, video_bar);
    gtk_widget_class_bind_template_child(widget_class, PstWindow, recent_section);
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
    g_autoptr(GPropertyAction) split = NULL, regions = NULL;

    gtk_widget_init_template(GTK_WIDGET(window));
    split = g_property_action_new("split", window->canvas, "split");
    g_action_map_add_action(G_ACTION_MAP(window), G_ACTION(split));
    regions = g_property_action_new("regions", window->region_bar, "visible");
    g_action_map_add_action(G_ACTION_MAP(window), G_ACTION(regions));
    pst_preferences_get_window(&width, &height, &maximized);
    gtk_window_set_default_size(GTK_WINDOW(window), width, height);
    if (maximized) {
        gtk_window_maximize(GTK_WINDOW(window));
    }
    pst_preferences_get_export(&window->export_options);
    window->recent_menu = g_menu_new();
    window->seconds_left = -1;
    g_signal_connect_swapped(window->canvas, "notify::zoom", G_CALLBACK(on_zoom), window);
    g_signal_connect_swapped(window->region_bar, "notify::visible", G_CALLBACK(on_regions), window);
    g_signal_connect_swapped(window->paned, "notify::max-position", G_CALLBACK(on_paned), window);
    g_signal_connect_swapped(gtk_menu_button_get_popover(GTK_MENU_BUTTON(window->menu_button)), "closed",
                             G_CALLBACK(on_menu_closed), window);
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
    window->tray = pst_tray_new(window->document, service);
    window->session = pst_session_new(window->document, window->tray, window->style_list);
    g_signal_connect_object(style_list, "items-changed", G_CALLBACK(show_title), window, G_CONNECT_SWAPPED);
    bind_document(window);
    pst_familiarity_check_follow(window->document, service);
    pst_window_show_samples(window);
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
    text = g_strdup_printf(pst_session_was_closed(path) ? _("Last time you worked on %s.")
                                                        : _("Pastiche was interrupted while you worked on %s."),
                           name);
    window->left_behind = g_steal_pointer(&path);
    pst_message_bar_offer(window->message_bar, text, _("Restore"), "win.restore-session");
}
