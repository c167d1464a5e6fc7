#include "application.h"

#include <glib/gi18n.h>

#include "app/desktop/export_item.h"
#include "app/desktop/training_run.h"
#include "colour_scheme.h"
#include "engine/service/engine_service.h"
#include "ui/window.h"

struct _PstApplication {
    AdwApplication parent_instance;
    PstEngineService *service;
    PstStyleList *style_list;
};

G_DEFINE_FINAL_TYPE(PstApplication, pst_application, ADW_TYPE_APPLICATION)

static void on_shown_in_folder(GObject *source, GAsyncResult *result, gpointer folder)
{
    g_autofree char *uri = folder;
    g_autoptr(GVariant) reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);

    /* Where no file manager can select a file, its folder will do. */
    if (!reply) {
        g_app_info_launch_default_for_uri(uri, NULL, NULL);
    }
}

static void on_show_in_folder(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GDBusConnection *bus = g_application_get_dbus_connection(data);
    g_autoptr(GFile) file = g_file_new_for_path(g_variant_get_string(parameter, NULL));
    g_autoptr(GFile) folder = g_file_get_parent(file);
    g_autofree char *uri = g_file_get_uri(file);
    const char *uris[] = { uri, NULL };

    if (bus && folder) {
        g_dbus_connection_call(bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                               "org.freedesktop.FileManager1", "ShowItems", g_variant_new("(^ass)", uris, ""), NULL,
                               G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_shown_in_folder, g_file_get_uri(folder));
    }
}

static gboolean any_window_active(GtkApplication *application)
{
    GtkWindow *window = gtk_application_get_active_window(application);

    return window && gtk_window_is_active(window);
}

/* An export outlives its window: the application goes on until it is done, and notifies where no window is active. */
static void on_export_state(PstExportItem *item, GParamSpec *pspec, GApplication *application)
{
    PstExportState state = pst_export_item_state(item);

    if (state < PST_EXPORT_DONE) {
        return;
    }
    g_signal_handlers_disconnect_by_func(item, on_export_state, application);
    if (state != PST_EXPORT_SKIPPED && !any_window_active(GTK_APPLICATION(application))) {
        g_autoptr(GNotification)
            notification = g_notification_new(state == PST_EXPORT_DONE ? _("Painting saved") : _("Painting not saved"));

        g_notification_set_body(notification, pst_export_item_message(item));
        if (state == PST_EXPORT_DONE) {
            g_notification_add_button_with_target(notification, _("Show in Folder"), "app.show-in-folder", "s",
                                                  pst_export_item_path(item));
        }
        g_application_send_notification(application, NULL, notification);
    }
    g_application_release(application);
}

static void on_export_started(PstWindow *window, PstExportItem *item, GApplication *application)
{
    g_application_hold(application);
    g_signal_connect(item, "notify::state", G_CALLBACK(on_export_state), application);
}

/* A training ends when no window may be active. */
static void on_training_state(PstTrainingRun *run, GParamSpec *pspec, GApplication *application)
{
    PstTrainingRunState state = pst_training_run_state(run);

    if ((state == PST_TRAINING_RUN_DONE || state == PST_TRAINING_RUN_FAILED) &&
        !any_window_active(GTK_APPLICATION(application))) {
        gboolean done = state == PST_TRAINING_RUN_DONE;
        g_autoptr(GNotification) notification = g_notification_new(done ? _("Style trained") : _("Training failed"));

        g_notification_set_body(notification,
                                done ? pst_training_run_request(run)->name : pst_training_run_message(run));
        g_application_send_notification(application, NULL, notification);
    }
}

static void on_training_started(PstWindow *window, PstTrainingRun *run, GApplication *application)
{
    g_signal_handlers_disconnect_by_func(run, on_training_state, application);
    g_signal_connect_object(run, "notify::state", G_CALLBACK(on_training_state), application, 0);
}

static PstWindow *new_window(PstApplication *application)
{
    PstWindow *window = pst_window_new(GTK_APPLICATION(application), application->service, application->style_list);

    g_signal_connect_object(window, "export-started", G_CALLBACK(on_export_started), application, 0);
    g_signal_connect_object(window, "training-started", G_CALLBACK(on_training_started), application, 0);
    return window;
}

static void on_new_window(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    gtk_window_present(GTK_WINDOW(new_window(data)));
}

static void on_quit(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    GList *windows = g_list_copy(gtk_application_get_windows(data));

    g_list_free_full(windows, (GDestroyNotify)gtk_window_close);
}

static void on_about(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    gtk_show_about_dialog(gtk_application_get_active_window(data), "program-name", _("Pastiche"), "logo-icon-name",
                          PST_APPLICATION_ID, "version", PASTICHE_VERSION, "comments",
                          _("Turns photographs into paintings, on your own computer."), "license-type",
                          GTK_LICENSE_MIT_X11, "copyright", "© Pastiche authors", NULL);
}

static const GActionEntry actions[] = {
    { .name = "show-in-folder", .activate = on_show_in_folder, .parameter_type = "s" },
    { .name = "new-window", .activate = on_new_window },
    { .name = "about", .activate = on_about },
    { .name = "quit", .activate = on_quit },
};

static const struct {
    const char *action;
    const char *keys[4];
} accelerators[] = {
    { "app.new-window", { "<Control>n" } },
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.open", { "<Control>o" } },
    { "win.batch", { "<Control><Shift>o" } },
    { "win.export", { "<Control>e", "<Control>s" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
    { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
    { "win.zoom-fit", { "<Control>0", "<Control>KP_0" } },
    { "win.zoom-one", { "<Control>1", "<Control>KP_1" } },
    { "win.split", { "<Control>b" } },
    { "win.fullscreen", { "F11" } },
    { "win.sidebar", { "F9" } },
    { "win.results", { "<Control>h" } },
    { "win.paint", { "<Control>Return" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.help", { "F1" } },
    { "win.search", { "<Control>f" } },
    { "win.train", { "<Control>t" } },
    { "win.find-style", { "<Control><Shift>f" } },
    { "win.gallery", { "<Control>g" } },
    { "win.variants", { "<Control>d" } },
    { "win.compare", { "<Control><Shift>b" } },
    { "win.print", { "<Control>p" } },
    { "win.regions", { "<Control>r" } },
};

static void pst_application_startup(GApplication *gapplication)
{
    PstApplication *application = PST_APPLICATION(gapplication);

    G_APPLICATION_CLASS(pst_application_parent_class)->startup(gapplication);
    application->service = pst_engine_service_new(NULL);
    application->style_list = pst_style_list_new(application->service);
    pst_colour_scheme_follow(gapplication);
    gtk_window_set_default_icon_name(PST_APPLICATION_ID);
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions), application);
    for (gsize i = 0; i < G_N_ELEMENTS(accelerators); i++) {
        gtk_application_set_accels_for_action(GTK_APPLICATION(application), accelerators[i].action,
                                              accelerators[i].keys);
    }
}

static void pst_application_activate(GApplication *application)
{
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));

    if (!window) {
        window = GTK_WINDOW(new_window(PST_APPLICATION(application)));
        pst_window_offer_training(PST_WINDOW(window));
        pst_window_offer_session(PST_WINDOW(window));
    }
    gtk_window_present(window);
}

/* A window without a photo takes it; otherwise there is a new one. */
static PstWindow *free_window(PstApplication *application)
{
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));

    return PST_IS_WINDOW(window) && !pst_document_photo(pst_window_document(PST_WINDOW(window)))
               ? PST_WINDOW(window)
               : new_window(application);
}

static void pst_application_open(GApplication *application, GFile **files, int count, const char *hint)
{
    PstWindow *window = free_window(PST_APPLICATION(application));
    g_autofree GFile **list = g_new0(GFile *, (gsize)count + 1);

    for (int i = 0; i < count; i++) {
        list[i] = files[i];
    }
    gtk_window_present(GTK_WINDOW(window));
    pst_window_open_files(window, list);
}

static void pst_application_shutdown(GApplication *gapplication)
{
    PstApplication *application = PST_APPLICATION(gapplication);

    /* What it has learnt so far is kept; the next start offers to go on. */
    if (pst_training_run_current()) {
        pst_training_run_wait(pst_training_run_current());
    }
    G_APPLICATION_CLASS(pst_application_parent_class)->shutdown(gapplication);
    g_clear_object(&application->style_list);
    g_clear_pointer(&application->service, pst_engine_service_free);
    /* What the engine still had to say: that its jobs are cancelled. */
    while (g_main_context_iteration(NULL, FALSE)) {
    }
}

static void pst_application_class_init(PstApplicationClass *klass)
{
    GApplicationClass *application_class = G_APPLICATION_CLASS(klass);

    application_class->startup = pst_application_startup;
    application_class->activate = pst_application_activate;
    application_class->open = pst_application_open;
    application_class->shutdown = pst_application_shutdown;
}

static void pst_application_init(PstApplication *application)
{
}

PstApplication *pst_application_new(void)
{
    return g_object_new(PST_TYPE_APPLICATION, "application-id", PST_APPLICATION_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                        "resource-base-path", "/org/pastiche/Pastiche", NULL);
}
