/* The ways in which other programs and the desktop hand pictures over: dropped, pasted, chosen, opened before. Drops
 * and pastes come from a program of its own, through the X server, as they do from a file manager or a browser. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/desktop/export_item.h"
#include "harness.h"

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
    g_autofree char *out = g_strdup_printf(
        "search --sync --onlyvisible --name '^other program$' windowmove --sync %d %d "
        "mousemove %d %d sleep 0.2 mousedown 1 sleep 0.2 mousemove %d %d sleep 0.1 "
        "mousemove %d %d sleep 0.3",
        HOME_X, HOME_Y, HOME_X + 100, HOME_Y + 100, HOME_X + 60, HOME_Y + 110, HOME_X + 20, HOME_Y + 120);
    g_autofree char *in = g_strdup_printf("mousemove %d %d sleep 0.2 mousemove %d %d sleep 0.4 mouseup 1 sleep 0.2",
                                          x + 9, y + 9, x, y);

    xdotool(out);
    xdotool(in);
}

/* On a busy machine the pointer may be gone before anybody saw it: a hand would try again, until its patience ends. */
static void drag_until(int x, int y, Condition condition, gpointer data)
{
    for (int i = 0; i < 12 && !condition(data); i++) {
        drag_to(x, y);
        for (int k = 0; k < 100 && !condition(data); k++) {
            spin_for(100);
        }
    }
    g_assert_true(condition(data));
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
    PstPhoto *photo = pst_document_photo(stage->document);

    return photo ? photo->name : NULL;
}

static gboolean has_photo(gpointer stage)
{
    return photo_name(stage) != NULL;
}

static gboolean has_message(gpointer stage)
{
    return ((Stage *)stage)->told != NULL;
}

static void test_drop_file(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *offer = as_file(path);
    Other other = other_start(offer, NULL);

    drag_until(400, 400, has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    g_assert_cmpstr(pst_document_photo(stage->document)->path, ==, path);
    stage_rest(stage);
    other_end(&other);
    stage_free(stage);
}

static gboolean tray_is_seen(gpointer stage)
{
    return gtk_revealer_get_reveal_child(GTK_REVEALER(find_widget(((Stage *)stage)->window, "tray_revealer")));
}

/* Several are a row below the picture, the first of them open. */
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

    drag_until(400, 400, tray_is_seen, stage);
    spin_until(has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_pick(stage, 3);
    stage_rest(stage);
    stage_activate(stage, "win.export-all", NULL);
    summary = find_widget(find_window("PstBatchDialog"), "summary");
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(summary)), ==, "2 photos");
    gtk_window_destroy(find_window("PstBatchDialog"));
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
    photo = pst_document_photo(stage->document);
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
    g_assert_nonnull(strstr(stage->told, "not on this computer"));
    g_assert_null(photo_name(stage));
    other_end(&other);
    stage_free(stage);
}

static gboolean has_style(gpointer stage)
{
    return pst_document_look(((Stage *)stage)->document)->regions[0].count > 0;
}

/* A picture dropped beside the styles becomes one. */
static void test_drop_style(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *offer = as_file(path);
    GListModel *styles = window_styles(stage->window);
    guint before = g_list_model_get_n_items(styles);
    Other other = other_start(offer, NULL);

    /* Not near an edge: the grid of GTK 4.8 scrolls there by itself, and warns. */
    drag_until(1000, 300, has_style, stage);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, before + 1);
    g_assert_cmpstr(pst_style_item_style(stage_style(stage, 0))->name, ==, "lake");
    g_assert_null(photo_name(stage));
    other_end(&other);
    stage_free(stage);
}

/* Whether another program offers something by the clipboard, as far as this one has heard. */
static gboolean is_offered(gpointer stage)
{
    GdkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(((Stage *)stage)->window));
    gsize count;

    gdk_content_formats_get_mime_types(gdk_clipboard_get_formats(clipboard), &count);
    return count > 0;
}

static gboolean is_not_offered(gpointer stage)
{
    return !is_offered(stage);
}

static void test_paste_picture(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *picture = g_strconcat("picture=", path, NULL);
    Other other = other_start(picture, NULL);
    g_autofree char *folder = scratch_path("");
    PstExportOptions options;

    spin_until(is_offered, stage);
    stage_activate(stage, "win.paste", NULL);
    spin_until(has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "Pasted picture");
    /* A picture without a file has a name all the same. */
    pst_export_options_init(&options);
    options.folder = g_strdup(folder);
    g_autofree char *target = pst_export_options_path(&options, photo_name(stage), pst_document_look(stage->document));
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

    spin_until(is_offered, stage);
    stage_activate(stage, "win.paste", NULL);
    spin_until(has_photo, stage);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_rest(stage);
    other_end(&other);
    /* Whoever offered it is gone. */
    spin_until(is_not_offered, stage);
    stage_activate(stage, "win.paste", NULL);
    spin_until(has_message, stage);
    g_assert_nonnull(strstr(stage->told, "no picture"));
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_free(stage);
}

/* The section of a menu, or of those in it, whose entries do that. */
static GMenuModel *find_section(GMenuModel *menu, const char *action)
{
    for (int i = 0; i < g_menu_model_get_n_items(menu); i++) {
        static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };
        g_autofree char *name = NULL;

        if (g_menu_model_get_item_attribute(menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &name) &&
            g_str_equal(name, action)) {
            return menu;
        }
        for (gsize k = 0; k < G_N_ELEMENTS(links); k++) {
            g_autoptr(GMenuModel) inner = g_menu_model_get_item_link(menu, i, links[k]);
            GMenuModel *found = inner ? find_section(inner, action) : NULL;

            if (found) {
                return found;
            }
        }
    }
    return NULL;
}

/* What was opened lately, as the menu has it; NULL while that is nothing. */
static GMenuModel *recent_menu(Stage *stage)
{
    GtkMenuButton *button = GTK_MENU_BUTTON(find_widget(stage->window, "menu_button"));

    return find_section(gtk_menu_button_get_menu_model(button), "win.open-uri");
}

static char *recent_name(Stage *stage, int index)
{
    char *name = NULL;

    g_menu_model_get_item_attribute(recent_menu(stage), index, "label", "s", &name);
    return name;
}

static gboolean two_recent(gpointer stage)
{
    GMenuModel *menu = recent_menu(stage);

    return menu && g_menu_model_get_n_items(menu) == 2;
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
    stage_open_file(stage, first);
    stage_rest(stage);
    spin_for(1100); /* the list counts seconds */
    stage_open_file(stage, second);
    stage_rest(stage);
    spin_until(two_recent, stage);
    newest = recent_name(stage, 0);
    oldest = recent_name(stage, 1);
    g_assert_cmpstr(newest, ==, "second photo.jpg");
    g_assert_cmpstr(oldest, ==, "large-600.jpg");
    stage_activate(stage, "win.open-uri", uri);
    stage_rest(stage);
    g_assert_cmpstr(photo_name(stage), ==, "large-600.jpg");
    /* One that is gone by now. */
    g_remove(second);
    stage_activate(stage, "win.open-uri", gone);
    stage_rest(stage);
    g_assert_nonnull(strstr(stage->told, "second photo.jpg"));
    g_assert_cmpstr(photo_name(stage), ==, "large-600.jpg");
    stage_free(stage);
}

static void test_chooser(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *path = sample_photo();
    g_autofree char *style = large_photo(600);
    GListModel *styles = window_styles(stage->window);
    guint before = g_list_model_get_n_items(styles);

    stage_choose(stage, "win.open", NULL, path, GTK_RESPONSE_CANCEL);
    g_assert_null(photo_name(stage));
    stage_choose(stage, "win.open", NULL, path, GTK_RESPONSE_ACCEPT);
    g_assert_cmpstr(photo_name(stage), ==, "lake.jpg");
    stage_choose(stage, "win.add-style", NULL, style, GTK_RESPONSE_ACCEPT);
    g_assert_cmpuint(g_list_model_get_n_items(styles), ==, before + 1);
    g_assert_cmpstr(pst_document_look(stage->document)->regions[0].styles[0].id, ==, style);
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
