/* The painting handed to the desktop, by its portals: as its background (org.freedesktop.portal.Wallpaper), or in a
 * letter (org.freedesktop.portal.Email). Both ask before they do anything. */
#include "window_private.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define MAIL_SIDE 2048 /* pixels of the longer side, at most */

/* FALSE where there is nobody to ask. */
typedef gboolean (*HandOver)(PstWindow *window, GDBusConnection *bus, const char *path);

/* What is to be done with it when it is painted. */
typedef struct {
    HandOver hand_over;
    const char *refusal; /* what is said where the desktop can't do that */
} Errand;

/* An answer that is waited for. */
typedef struct {
    PstWindow *window;
    const char *refusal;
} Question;

static void on_answered(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Question *question = data;
    g_autoptr(PstWindow) window = question->window;
    g_autoptr(GVariant)
        reply = g_dbus_connection_call_with_unix_fd_list_finish(G_DBUS_CONNECTION(source), NULL, result, NULL);

    if (!reply && pst_window_is_open(window)) {
        pst_window_tell(window, question->refusal, NULL, NULL);
    }
}

static const char *no_background(void)
{
    return _("This desktop takes no background from programs; export the painting instead.");
}

static const char *no_mail(void)
{
    return _("This desktop sends no pictures for programs; export the painting instead.");
}

static void ask_portal(PstWindow *window, GDBusConnection *bus, const char *interface, const char *method,
                       GVariant *parameters, GUnixFDList *files, const char *refusal)
{
    Question *question = g_new(Question, 1);

    *question = (Question){ g_object_ref(window), refusal };
    g_dbus_connection_call_with_unix_fd_list(bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                                             interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, files,
                                             NULL, on_answered, question);
}

static gboolean set_background(PstWindow *window, GDBusConnection *bus, const char *path)
{
    g_autofree char *uri = g_filename_to_uri(path, NULL, NULL);
    GVariantBuilder options;

    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&options, "{sv}", "show-preview", g_variant_new_boolean(TRUE));
    g_variant_builder_add(&options, "{sv}", "set-on", g_variant_new_string("background"));
    ask_portal(window, bus, "org.freedesktop.portal.Wallpaper", "SetWallpaperURI",
               g_variant_new("(ssa{sv})", "", uri, &options), NULL, no_background());
    return TRUE;
}

static gboolean write_mail(PstWindow *window, GDBusConnection *bus, const char *path)
{
    g_autoptr(GUnixFDList) files = g_unix_fd_list_new();
    int file = open(path, O_RDONLY | O_CLOEXEC), index = file >= 0 ? g_unix_fd_list_append(files, file, NULL) : -1;
    GVariantBuilder options, attachments;

    if (file >= 0) {
        close(file);
    }
    if (index < 0) {
        return FALSE;
    }
    g_variant_builder_init(&attachments, G_VARIANT_TYPE("ah"));
    g_variant_builder_add(&attachments, "h", index);
    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&options, "{sv}", "attachment_fds", g_variant_builder_end(&attachments));
    ask_portal(window, bus, "org.freedesktop.portal.Email", "ComposeEmail", g_variant_new("(sa{sv})", "", &options),
               files, no_mail());
    return TRUE;
}

static void on_state(PstExportItem *item, GParamSpec *pspec, PstWindow *window)
{
    const Errand *errand = g_object_get_data(G_OBJECT(item), "errand");
    PstExportState state = pst_export_item_state(item);

    if (state == PST_EXPORT_FAILED) {
        pst_window_tell(window, pst_export_item_message(item), NULL, NULL);
    } else if (state == PST_EXPORT_DONE) {
        g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);

        if (!bus || !errand->hand_over(window, bus, pst_export_item_path(item))) {
            pst_window_tell(window, errand->refusal, NULL, NULL);
        }
    }
    pst_window_update_progress(window);
}

/* Into a file of the program's own, as others go on reading it; the next one takes its place. */
static void run(PstWindow *window, const char *folder, int side, HandOver hand_over, const char *refusal)
{
    Errand *errand;
    PstExportOptions options;
    PstPhoto *photo = pst_document_photo(window->document);
    PstLook *look = pst_document_look(window->document);

    if (window->exporting && pst_export_item_state(window->exporting) <= PST_EXPORT_RUNNING) {
        pst_window_tell(window, _("An export is under way; wait for it, or stop it."), NULL, NULL);
        return;
    }
    errand = g_new(Errand, 1);
    *errand = (Errand){ hand_over, refusal };
    pst_export_options_init(&options);
    options.folder = g_build_filename(g_get_user_data_dir(), "pastiche", folder, NULL);
    options.conflict = PST_CONFLICT_OVERWRITE;
    options.side = side;
    g_clear_object(&window->exporting);
    window->exporting = pst_export_item_new(
        photo, look, pst_renderer_painting(pst_document_renderer(window->document), photo, look), &options);
    pst_export_options_clear(&options);
    g_object_set_data_full(G_OBJECT(window->exporting), "errand", errand, g_free);
    g_signal_connect_object(window->exporting, "notify::state", G_CALLBACK(on_state), window, 0);
    g_signal_connect_object(window->exporting, "notify::share", G_CALLBACK(pst_window_update_progress), window,
                            G_CONNECT_SWAPPED);
    pst_export_item_start(window->exporting, window->service);
    pst_window_update_progress(window);
}

void pst_window_set_wallpaper(GtkWidget *widget, const char *action, GVariant *parameter)
{
    run(PST_WINDOW(widget), "wallpaper", 0, set_background, no_background());
}

void pst_window_mail(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstPhoto *photo = pst_document_photo(PST_WINDOW(widget)->document);
    int longer = MAX(MAX(photo->full->width, photo->full->info.full_width),
                     MAX(photo->full->height, photo->full->info.full_height));

    run(PST_WINDOW(widget), "mail", MIN(longer, MAIL_SIDE), write_mail, no_mail());
}
