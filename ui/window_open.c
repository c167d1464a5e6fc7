/* All the ways in which a picture gets into the window. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"
#include "app/desktop/preferences.h"
#include "app/desktop/sample.h"

#define RECENT 8

/* Another program's files may lie where there is no path to them. */
static char *local_path(PstWindow *window, GFile *file)
{
    char *path = g_file_get_path(file);

    if (!path) {
        pst_window_tell(window, _("That picture is not on this computer; save it first, then open the file."), NULL,
                        NULL);
    }
    return path;
}

static void remember(const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autofree char *uri = g_file_get_uri(file);

    gtk_recent_manager_add_item(gtk_recent_manager_get_default(), uri);
}

static void open_path(PstWindow *window, const char *path)
{
    if (pst_file_kind(path) == PST_FILE_JSON) {
        pst_window_open_recipe(window, path);
        return;
    }
    pst_document_open(window->document, path);
    if (pst_file_kind(path) == PST_FILE_PICTURE) {
        remember(path);
    }
}

void pst_window_open_files(PstWindow *window, GFile *const *files)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; files[i]; i++) {
        char *path = local_path(window, files[i]);

        if (path && pst_file_kind(path) == PST_FILE_TENSORS) {
            pst_window_add_style(window, path);
            g_free(path);
        } else if (path) {
            g_ptr_array_add(paths, path);
        }
    }
    if (paths->len == 1 && !g_file_test(paths->pdata[0], G_FILE_TEST_IS_DIR)) {
        open_path(window, paths->pdata[0]);
    } else if (paths->len > 0) {
        g_ptr_array_add(paths, NULL);
        pst_window_batch(window, (const char *const *)paths->pdata);
    }
}

static GtkFileFilter *picture_filter(gboolean styles)
{
    GtkFileFilter *filter = gtk_file_filter_new();

    gtk_file_filter_set_name(filter, styles ? _("Pictures and styles") : _("Pictures and recipes"));
    gtk_file_filter_add_mime_type(filter, "image/jpeg");
    gtk_file_filter_add_mime_type(filter, "image/png");
    if (styles) {
        gtk_file_filter_add_pattern(filter, "*.style");
    } else {
        gtk_file_filter_add_pattern(filter, "*.json");
    }
    return filter;
}

static const char *folder_key(gboolean styles)
{
    return styles ? "style-folder" : "open-folder";
}

static void choose(PstWindow *window, const char *title, GtkFileChooserAction action, gboolean styles,
                   void (*chosen)(GtkNativeDialog *, int, PstWindow *))
{
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(title, GTK_WINDOW(window), action, NULL, NULL);

    if (action == GTK_FILE_CHOOSER_ACTION_OPEN) {
        g_autoptr(GtkFileFilter) filter = picture_filter(styles);

        gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), filter);
        gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(chooser), TRUE);
    }
    pst_preferences_apply_folder(folder_key(styles), GTK_FILE_CHOOSER(chooser));
    g_signal_connect_object(chooser, "response", G_CALLBACK(chosen), window, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* The files chosen, NULL-terminated; owned by the caller. Ends the chooser. */
static GPtrArray *take_chosen(GtkNativeDialog *chooser, int response, gboolean styles)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_object_unref);

    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GListModel) list = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(chooser));

        pst_preferences_keep_folder(folder_key(styles), GTK_FILE_CHOOSER(chooser));
        for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
            g_ptr_array_add(files, g_list_model_get_item(list, i));
        }
    }
    g_object_unref(chooser);
    return files;
}

static void photo_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GPtrArray) files = take_chosen(chooser, response, FALSE);

    g_ptr_array_set_free_func(files, NULL);
    g_ptr_array_add(files, NULL);
    pst_window_open_files(window, (GFile *const *)files->pdata);
    for (guint i = 0; i + 1 < files->len; i++) {
        g_object_unref(files->pdata[i]);
    }
}

void pst_window_choose_photo(PstWindow *window)
{
    choose(window, _("Open a Photo"), GTK_FILE_CHOOSER_ACTION_OPEN, FALSE, photo_chosen);
}

void pst_window_choose_folder(PstWindow *window)
{
    if (pst_look_is_plain(pst_document_look(window->document))) {
        pst_window_tell(window, _("Pick a style first; all photos of the folder will be painted in it."), NULL, NULL);
        return;
    }
    choose(window, _("Paint All Photos of a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, FALSE, photo_chosen);
}

void pst_window_add_style_file(PstWindow *window, GFile *file)
{
    g_autofree char *path = local_path(window, file);

    if (path) {
        pst_window_add_style(window, path);
    }
}

static void style_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GPtrArray) files = take_chosen(chooser, response, TRUE);

    for (guint i = 0; i < files->len; i++) {
        pst_window_add_style_file(window, files->pdata[i]);
    }
}

void pst_window_choose_style(PstWindow *window)
{
    choose(window, _("Use a Picture as a Style"), GTK_FILE_CHOOSER_ACTION_OPEN, TRUE, style_chosen);
}

static void on_sample(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, NULL);

    /* Without it there is no sample to try; that is no reason to trouble anybody. */
    if (pst_window_is_open(window)) {
        pst_empty_page_set_sample(window->empty_page, texture ? GDK_PAINTABLE(texture) : NULL);
    }
}

void pst_window_show_sample(PstWindow *window)
{
    pst_sample_texture(window->service, on_sample, g_object_ref(window));
}

void pst_window_open_sample(PstWindow *window)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = pst_sample_path(&error);

    if (path) {
        pst_document_open(window->document, path);
    } else {
        pst_window_tell_error(window, error);
    }
}

static int compare_age(gconstpointer a, gconstpointer b)
{
    return g_date_time_compare(gtk_recent_info_get_visited((GtkRecentInfo *)b),
                               gtk_recent_info_get_visited((GtkRecentInfo *)a));
}

static void fill_recent(GtkRecentManager *manager, PstWindow *window)
{
    GList *items = g_list_sort(gtk_recent_manager_get_items(manager), compare_age);
    int count = 0;

    g_menu_remove_all(window->recent_menu);
    for (GList *link = items; link && count < RECENT; link = link->next) {
        GtkRecentInfo *info = link->data;
        g_autofree char *name = NULL;
        g_autoptr(GMenuItem) item = NULL;

        if (!gtk_recent_info_has_application(info, g_get_application_name()) || !gtk_recent_info_exists(info)) {
            continue;
        }
        name = g_strdup(gtk_recent_info_get_display_name(info));
        item = g_menu_item_new(name, NULL);
        g_menu_item_set_action_and_target(item, "win.open-uri", "s", gtk_recent_info_get_uri(info));
        g_menu_append_item(window->recent_menu, item);
        count++;
    }
    g_list_free_full(items, (GDestroyNotify)gtk_recent_info_unref);
}

void pst_window_fill_recent(PstWindow *window)
{
    GtkRecentManager *manager = gtk_recent_manager_get_default();

    g_signal_connect_object(manager, "changed", G_CALLBACK(fill_recent), window, 0);
    fill_recent(manager, window);
}
