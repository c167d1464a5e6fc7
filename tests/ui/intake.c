/* The ways in which other programs and the desktop hand pictures over: dropped, pasted, chosen, opened before. Drops and
 * pastes come from a program of its own, through the X server, as they do from a file manager or a browser. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "ui/batch_dialog.h"
#include "ui/window_private.h"

#define HOME_X 1400 /* where the other program's window goes, beside this one */
#define HOME_Y 200

static const char *other_program; /* its path */

typedef struct {
    GPid process;
    int output;
} Other;

/* Starts the other program with up to two offers, and waits until its window is where it is to be. */
static Other other_start(const char *first, const char *second)
{
    const char *argv[] = { other_program, first, second, NULL };
    g_autoptr(GError) error = NULL;
    char ready[16] = "";
    Other other;

    g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &other.process, NULL,
                             &other.output, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(read(other.output, ready, sizeof ready - 1), >, 0);
    g_assert_cmpstr(ready, ==, "ready\n");
    return other;
}

static void other_end(Other *other)
{
    kill(other->process, SIGTERM);
    close(other->output);
    g_spawn_close_pid(other->process);
}

static void on_ended(GPid process, int status, gpointer ended)
{
    *(gboolean *)ended = TRUE;
    g_assert_cmpint(status, ==, 0);
    g_spawn_close_pid(process);
}

static gboolean is_true(gpointer data)
{
    return *(gboolean *)data;
}

/* Moves the pointer as a hand does, while the main loop runs. */
static void xdotool(const char *commands)
{
    g_autofree char *line = g_strconcat("xdotool ", commands, NULL);
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) error = NULL;
    gboolean ended = FALSE;
    GPid process;

    g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
    g_spawn_async(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                  NULL, &process, &error);
    g_assert_no_error(error);
    g_child_watch_add(process, on_ended, &ended);
    spin_until(is_true, &ended);
}

/* Drags from the other program's window to a point of this one. */
static void drag_to(int x, int y)
{
    g_autofree char *out = g_strdup_printf("search --sync --onlyvisible --name '^other program$' windowmove --sync %d %d "
                                           "mousemove %d %d sleep 0.2 mousedown 1 sleep 0.2 mousemove %d %d sleep 0.1 "
                                           "mousemove %d %d sleep 0.3",
                                           HOME_X, HOME_Y, HOME_X + 100, HOME_Y + 100, HOME_X + 60, HOME_Y + 110,
                                           HOME_X + 20, HOME_Y + 120);
    g_autofree char *in = g_strdup_printf("mousemove %d %d sleep 0.2 mousemove %d %d sleep 0.4 mouseup 1 sleep 0.2", x + 9,
                                          y + 9, x, y);

    xdotool(out);
    xdotool(in);
}

/* On a busy machine the pointer may be gone before anybody saw it: a hand would try again. */
static void drag_until(int x, int y, Condition condition, gpointer data)
{
    for (int i = 0; i < 3 && !condition(data); i++) {
        drag_to(x, y);
        for (int k = 0; k < 50 && !condition(data); k++) {
            spin_for(100);
        }
    }
    spin_until(condition, data);
}

static char *to_uri(const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);

    return g_file_get_uri(file);
}

static char *as_file(const char *path)
{
    g_autofree char *uri = to_uri(path);

    return g_strconcat("files=", uri, NULL);
}

static const char *photo_name(Stage *stage)
{
    PstPhoto *photo = pst_document_photo(stage->window->document);

    return photo ? photo->name : NULL;
}

static gboolean has_photo(gpointer stage)
{
    return photo_name(stage) != NULL;
}

static gboolean has_message(gpointer stage)
{
    return pst_window_told(((Stage *)stage)->window) != NULL;
}

static void activate(Stage *stage, const char *action)
{
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(stage->window), action, NULL));
}

static void test_drop_file(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *offer = as_file(path);
    Other other = other_start(offer, NULL);

    drag_until(400, 400, has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    g_assert_cmpstr(pst_document_photo(stage->window->document)->path, ==, path);
    stage_rest(stage);
    other_end(&other);
    stage_free(stage);
}

static GtkWindow *toplevel(GType type)
{
    GListModel *windows = gtk_window_get_toplevels();

    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);

        if (G_TYPE_CHECK_INSTANCE_TYPE(window, type) && gtk_widget_get_mapped(GTK_WIDGET(window))) {
            return window;
        }
    }
    return NULL;
}

static gboolean batch_is_there(gpointer data)
{
    return toplevel(PST_TYPE_BATCH_DIALOG) != NULL;
}

/* Several are a batch; before a style is picked, the window says what to do. */
static void test_drop_several(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *first = sample_photo();
    g_autofree char *second = large_photo(600);
    g_autofree char *first_uri = to_uri(first);
    g_autofree char *second_uri = to_uri(second);
    g_autofree char *offer = g_strconcat("files=", first_uri, ",", second_uri, NULL);
    Other other = other_start(offer, NULL);
    GtkWidget *summary;

    drag_until(400, 400, has_message, stage);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "Pick a style first"));
    g_signal_emit_by_name(find_widget(GTK_WIDGET(stage->window->style_page), "grid"), "activate", 3);
    drag_until(400, 400, batch_is_there, NULL);
    summary = find_widget(GTK_WIDGET(toplevel(PST_TYPE_BATCH_DIALOG)), "summary");
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(summary)), ==, "2 photos");
    gtk_window_destroy(toplevel(PST_TYPE_BATCH_DIALOG));
    other_end(&other);
    stage_free(stage);
}

/* A browser names the address and brings the pixels along. */
static void test_drop_from_browser(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *picture = g_strconcat("picture=", path, NULL);
    Other other = other_start("files=https://example.org/lake.jpg", picture);
    g_autoptr(GdkTexture) texture = gdk_texture_new_from_filename(path, NULL);
    PstPhoto *photo;

    drag_until(400, 400, has_photo, stage);
    photo = pst_document_photo(stage->window->document);
    g_assert_cmpstr(photo->name, ==, "Dropped picture");
    g_assert_cmpint(photo->full->width, ==, gdk_texture_get_width(texture));
    g_assert_cmpint(photo->full->height, ==, gdk_texture_get_height(texture));
    stage_rest(stage);
    other_end(&other);
    stage_free(stage);
}

static void test_drop_address(void)
{
    Stage *stage = stage_new(1180, 760);
    Other other = other_start("files=https://example.org/lake.jpg", NULL);

    drag_until(400, 400, has_message, stage);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "not on this computer"));
    g_assert_null(photo_name(stage));
    other_end(&other);
    stage_free(stage);
}

static gboolean has_style(gpointer stage)
{
    return pst_document_look(((Stage *)stage)->window->document)->regions[0].count > 0;
}

/* A picture dropped beside the styles becomes one. */
static void test_drop_style(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *offer = as_file(path);
    GListModel *styles = pst_style_page_model(stage->window->style_page);
    guint before = g_list_model_get_n_items(styles);
    Other other = other_start(offer, NULL);
    g_autoptr(PstStyleItem) item = NULL;

    drag_until(1000, 500, has_style, stage);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, before + 1);
    item = g_list_model_get_item(styles, 0);
    g_assert_cmpstr(pst_style_item_style(item)->name, ==, "lake");
    g_assert_null(photo_name(stage));
    other_end(&other);
    stage_free(stage);
}

static void test_paste_picture(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *picture = g_strconcat("picture=", path, NULL);
    Other other = other_start(picture, NULL);
    g_autofree char *folder = scratch_path("");
    PstExportOptions options;

    spin_for(300);
    activate(stage, "win.paste");
    spin_until(has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "Pasted picture");
    /* A picture without a file has a name all the same. */
    pst_export_options_init(&options);
    options.folder = g_strdup(folder);
    g_autofree char *target = pst_export_options_path(&options, photo_name(stage),
                                                      pst_document_look(stage->window->document));
    g_assert_nonnull(strstr(target, "Pasted picture"));
    pst_export_options_clear(&options);
    stage_rest(stage);
    other_end(&other);
    stage_free(stage);
}

static void test_paste_file(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *offer = as_file(path);
    Other other = other_start(offer, NULL);

    spin_for(300);
    activate(stage, "win.paste");
    spin_until(has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_rest(stage);
    other_end(&other);
    /* Whoever offered it is gone. */
    spin_for(300);
    activate(stage, "win.paste");
    spin_until(has_message, stage);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "no picture"));
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_free(stage);
}

static char *recent_name(Stage *stage, int index)
{
    char *name = NULL;

    g_menu_model_get_item_attribute(G_MENU_MODEL(stage->window->recent_menu), index, "label", "s", &name);
    return name;
}

static gboolean two_recent(gpointer stage)
{
    return g_menu_model_get_n_items(G_MENU_MODEL(((Stage *)stage)->window->recent_menu)) == 2;
}

static void open_file(Stage *stage, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);

    pst_window_open_files(stage->window, (GFile *[]){ file, NULL });
    stage_rest(stage);
}

static void test_recent(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *first = large_photo(600);
    g_autofree char *second = scratch_path("second photo.jpg");
    g_autofree char *uri = to_uri(first);
    g_autofree char *gone = to_uri(second);
    g_autofree char *bytes = NULL;
    g_autofree char *newest = NULL;
    g_autofree char *oldest = NULL;
    gsize length;

    g_assert_true(g_file_get_contents(first, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(second, bytes, (gssize)length, NULL));
    open_file(stage, first);
    spin_for(1100); /* the list counts seconds */
    open_file(stage, second);
    spin_until(two_recent, stage);
    newest = recent_name(stage, 0);
    oldest = recent_name(stage, 1);
    g_assert_cmpstr(newest, ==, "second photo.jpg");
    g_assert_cmpstr(oldest, ==, "large-600.jpg");
    gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.open-uri", "s", uri);
    stage_rest(stage);
    g_assert_cmpstr(photo_name(stage), ==, "large-600.jpg");
    /* One that is gone by now. */
    g_remove(second);
    gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.open-uri", "s", gone);
    stage_rest(stage);
    g_assert_nonnull(strstr(pst_window_told(stage->window), "second photo.jpg"));
    g_assert_cmpstr(photo_name(stage), ==, "large-600.jpg");
    stage_free(stage);
}

static gboolean chooser_is_there(gpointer data)
{
    return toplevel(GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL;
}

/* Opens the chooser by its action, chooses the file, and answers. */
static void choose(Stage *stage, const char *action, const char *path, int response)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    GtkWindow *chooser;

    activate(stage, action);
    spin_until(chooser_is_there, NULL);
    chooser = toplevel(GTK_TYPE_FILE_CHOOSER_DIALOG);
    g_assert_true(gtk_window_get_transient_for(chooser) == GTK_WINDOW(stage->window));
    g_assert_true(gtk_file_chooser_set_file(GTK_FILE_CHOOSER(chooser), file, NULL));
    spin_for(500);
    gtk_dialog_response(GTK_DIALOG(chooser), response);
    stage_rest(stage);
    g_assert_null(toplevel(GTK_TYPE_FILE_CHOOSER_DIALOG));
}

static void test_chooser(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *style = large_photo(600);
    GListModel *styles = pst_style_page_model(stage->window->style_page);
    guint before = g_list_model_get_n_items(styles);

    choose(stage, "win.open", path, GTK_RESPONSE_CANCEL);
    g_assert_null(photo_name(stage));
    choose(stage, "win.open", path, GTK_RESPONSE_ACCEPT);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    choose(stage, "win.add-style", style, GTK_RESPONSE_ACCEPT);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, before + 1);
    g_assert_cmpstr(pst_document_look(stage->window->document)->regions[0].styles[0].id, ==, style);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    other_program = argv[1];
    g_test_add_func("/intake/drop/file", test_drop_file);
    g_test_add_func("/intake/drop/several", test_drop_several);
    g_test_add_func("/intake/drop/browser", test_drop_from_browser);
    g_test_add_func("/intake/drop/address", test_drop_address);
    g_test_add_func("/intake/drop/style", test_drop_style);
    g_test_add_func("/intake/paste/picture", test_paste_picture);
    g_test_add_func("/intake/paste/file", test_paste_file);
    g_test_add_func("/intake/recent", test_recent);
    g_test_add_func("/intake/chooser", test_chooser);
    return g_test_run();
}
