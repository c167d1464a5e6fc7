/* The painting handed to the desktop: by its portals as its background (org.freedesktop.portal.Wallpaper), in a letter
 * (org.freedesktop.portal.Email) or to another program (org.freedesktop.portal.OpenURI), which all ask before they do
 * anything; or as a file in the clipboard. */
#include "window_private.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define MAIL_SIDE 2048 /* pixels of the longer side, at most */

/* The bus may be NULL. FALSE where the file can't be handed over. */
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
    GFile *file; /* to be opened by a program that is chosen here where there is no portal; or NULL */
} Question;

static void on_program(GtkDialog *dialog, int response, PstWindow *window)
{
    g_autoptr(GAppInfo) program = gtk_app_chooser_get_app_info(GTK_APP_CHOOSER(dialog));
    g_autoptr(GFile) file = NULL;
    g_autoptr(GError) error = NULL;

    g_object_get(dialog, "gfile", &file, NULL);
    if (response == GTK_RESPONSE_OK && program) {
        GdkDisplay *display = gtk_widget_get_display(GTK_WIDGET(window));
        g_autoptr(GdkAppLaunchContext) context = gdk_display_get_app_launch_context(display);

        if (!g_app_info_launch(program, &(GList){ .data = file }, G_APP_LAUNCH_CONTEXT(context), &error)) {
            pst_window_tell_error(window, error);
        }
    }
    gtk_window_destroy(GTK_WINDOW(dialog));
}

static void choose_program(PstWindow *window, GFile *file)
{
    GtkWidget *dialog = gtk_app_chooser_dialog_new(GTK_WINDOW(window),
                                                   GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT, file);

    g_signal_connect_object(dialog, "response", G_CALLBACK(on_program), window, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* There is no portal. */
static void refuse(const Question *question)
{
    if (question->file) {
        choose_program(question->window, question->file);
    } else {
        pst_window_tell(question->window, question->refusal, NULL, NULL);
    }
}

static void question_free(Question *question)
{
    g_object_unref(question->window);
    g_clear_object(&question->file);
    g_free(question);
}

static void on_answered(GObject *source, GAsyncResult *result, gpointer data)
{
    Question *question = data;
    g_autoptr(GVariant)
        reply = g_dbus_connection_call_with_unix_fd_list_finish(G_DBUS_CONNECTION(source), NULL, result, NULL);

    if (!reply && pst_window_is_open(question->window)) {
        refuse(question);
    }
    question_free(question);
}

static const char *no_background(void)
{
    return _("This desktop takes no background from programs; export the painting instead.");
}

static const char *no_mail(void)
{
    return _("This desktop sends no pictures for programs; export the painting instead.");
}

static const char *no_program(void)
{
    return _("The painting can’t be handed on; export it instead.");
}

static void ask_portal(PstWindow *window, GDBusConnection *bus, const char *interface, const char *method,
                       GVariant *parameters, GUnixFDList *files, const char *refusal, const char *path)
{
    Question *question = g_new(Question, 1);

    *question = (Question){ g_object_ref(window), refusal, path ? g_file_new_for_path(path) : NULL };
    if (!bus) {
        g_variant_unref(g_variant_ref_sink(parameters));
        refuse(question);
        question_free(question);
        return;
    }
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
               g_variant_new("(ssa{sv})", "", uri, &options), NULL, no_background(), NULL);
    return TRUE;
}

/* The file opened for reading, in a list; its place there, or -1. */
static int add_file(GUnixFDList *files, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC), index = file >= 0 ? g_unix_fd_list_append(files, file, NULL) : -1;

    if (file >= 0) {
        close(file);
    }
    return index;
}

static gboolean write_mail(PstWindow *window, GDBusConnection *bus, const char *path)
{
    g_autoptr(GUnixFDList) files = g_unix_fd_list_new();
    int index = add_file(files, path);
    GVariantBuilder options, attachments;

    if (index < 0) {
        return FALSE;
    }
    g_variant_builder_init(&attachments, G_VARIANT_TYPE("ah"));
    g_variant_builder_add(&attachments, "h", index);
    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&options, "{sv}", "attachment_fds", g_variant_builder_end(&attachments));
    ask_portal(window, bus, "org.freedesktop.portal.Email", "ComposeEmail", g_variant_new("(sa{sv})", "", &options),
               files, no_mail(), NULL);
    return TRUE;
}

static gboolean open_with(PstWindow *window, GDBusConnection *bus, const char *path)
{
    g_autoptr(GUnixFDList) files = g_unix_fd_list_new();
    int index = add_file(files, path);
    GVariantBuilder options;

    if (index < 0) {
        return FALSE;
    }
    g_variant_builder_init(&options, G_VARIANT_TYPE_VARDICT);
    g_variant_builder_add(&options, "{sv}", "ask", g_variant_new_boolean(TRUE));
    ask_portal(window, bus, "org.freedesktop.portal.OpenURI", "OpenFile",
               g_variant_new("(sha{sv})", "", index, &options), files, no_program(), path);
    return TRUE;
}

static gboolean copy_file(PstWindow *window, GDBusConnection *bus, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    GdkFileList *list = gdk_file_list_new_from_array(&file, 1);

    gdk_clipboard_set(gtk_widget_get_clipboard(GTK_WIDGET(window)), GDK_TYPE_FILE_LIST, list);
    g_boxed_free(GDK_TYPE_FILE_LIST, list);
    pst_window_tell(window, _("The painting’s file is in the clipboard: paste it into a folder or a message."), NULL,
                    NULL);
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

        if (!errand->hand_over(window, bus, pst_export_item_path(item))) {
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

void pst_window_open_with(GtkWidget *widget, const char *action, GVariant *parameter)
{
    run(PST_WINDOW(widget), "share", 0, open_with, no_program());
}

void pst_window_copy_file(GtkWidget *widget, const char *action, GVariant *parameter)
{
    run(PST_WINDOW(widget), "share", 0, copy_file, no_program());
}
