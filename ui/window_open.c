/* All the ways in which a picture gets into the window. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"
#include "app/desktop/preferences.h"

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
    if (g_str_has_suffix(path, PST_PROJECT_SUFFIX)) {
        pst_window_open_project(window, path);
        return;
    }
    if (pst_file_kind(path) == PST_FILE_JSON) {
        pst_window_open_recipe(window, path);
        return;
    }
    pst_document_open(window->document, path);
    if (pst_file_kind(path) == PST_FILE_PICTURE || pst_file_kind(path) == PST_FILE_VIDEO) {
        remember(path);
    }
}

/* Of several files: the row of photos has no place for videos. */
static void leave_out_videos(PstWindow *window, GPtrArray *paths)
{
    for (guint i = paths->len; paths->len > 1 && i-- > 0;) {
        g_autofree char *name = NULL, *text = NULL;

        if (pst_file_kind(paths->pdata[i]) != PST_FILE_VIDEO) {
            continue;
        }
        name = g_filename_display_basename(paths->pdata[i]);
        text = g_strdup_printf(_("%s was left out: a video is opened by itself."), name);
        pst_window_tell(window, text, NULL, NULL);
        g_ptr_array_remove_index(paths, i);
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
    leave_out_videos(window, paths);
    if (paths->len == 1 && !g_file_test(paths->pdata[0], G_FILE_TEST_IS_DIR)) {
        open_path(window, paths->pdata[0]);
    } else if (paths->len > 0) {
        g_ptr_array_add(paths, NULL);
        pst_tray_add(window->tray, (const char *const *)paths->pdata);
    }
}

void pst_window_open_damaged(GtkWidget *widget, const char *action, GVariant *parameter)
{
    pst_document_salvage(PST_WINDOW(widget)->document, g_variant_get_string(parameter, NULL));
}

static GtkFileFilter *picture_filter(gboolean styles)
{
    GtkFileFilter *filter = gtk_file_filter_new();

    gtk_file_filter_set_name(filter, styles ? _("Pictures and styles") : _("Pictures, videos, projects and recipes"));
    for (const char *const *type = pst_media_types(); *type; type++) {
        gtk_file_filter_add_mime_type(filter, *type);
    }
    if (styles) {
        gtk_file_filter_add_pattern(filter, "*.style");
    } else {
        gtk_file_filter_add_mime_type(filter, "video/*");
        gtk_file_filter_add_pattern(filter, "*.json");
        gtk_file_filter_add_pattern(filter, "*" PST_PROJECT_SUFFIX);
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

void pst_window_choose_photo(GtkWidget *widget, const char *action, GVariant *parameter)
{
    choose(PST_WINDOW(widget), _("Open a Photo"), GTK_FILE_CHOOSER_ACTION_OPEN, FALSE, photo_chosen);
}

void pst_window_choose_folder(GtkWidget *widget, const char *action, GVariant *parameter)
{
    choose(PST_WINDOW(widget), _("Paint All Photos of a Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, FALSE,
           photo_chosen);
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

void pst_window_choose_style(GtkWidget *widget, const char *action, GVariant *parameter)
{
    choose(PST_WINDOW(widget), _("Use a Picture as a Style"), GTK_FILE_CHOOSER_ACTION_OPEN, TRUE, style_chosen);
}

static int compare_age(gconstpointer a, gconstpointer b)
{
    return g_date_time_compare(gtk_recent_info_get_visited((GtkRecentInfo *)b),
                               gtk_recent_info_get_visited((GtkRecentInfo *)a));
}

/* A submenu without entries would be a door to nowhere. */
static void show_recent(PstWindow *window, gboolean any)
{
    gboolean shown = g_menu_model_get_n_items(G_MENU_MODEL(window->recent_section)) > 0;
    g_autoptr(GMenuItem) item = NULL;

    if (any && !shown) {
        item = g_menu_item_new_submenu(_("Open _Recent"), G_MENU_MODEL(window->recent_menu));
        g_menu_append_item(window->recent_section, item);
    } else if (!any && shown) {
        g_menu_remove_all(window->recent_section);
    }
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
    show_recent(window, count > 0);
}

void pst_window_fill_recent(PstWindow *window)
{
    GtkRecentManager *manager = gtk_recent_manager_get_default();

    g_signal_connect_object(manager, "changed", G_CALLBACK(fill_recent), window, 0);
    fill_recent(manager, window);
}
