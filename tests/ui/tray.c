/* Several photos at hand: each with its own look, that of one for all, and all of them exported. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/desktop/tray.h"
#include "engine/paint/recipe.h"
#include "engine/picture/reader.h"
#include "harness.h"
#include "tests/folder.h"

/* Photos of the folder, each of another width so that they are told apart. */
static char *make_folder(const char *name, int photos)
{
    char *folder = scratch_path(name);

    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    for (int i = 0; i < photos; i++) {
        g_autofree char *photo = large_photo(300 + 40 * i), *bytes = NULL;
        g_autofree char *base = g_strdup_printf("%d.jpg", i), *path = g_build_filename(folder, base, NULL);
        gsize length;

        g_assert_true(g_file_get_contents(photo, &bytes, &length, NULL));
        g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    }
    return folder;
}

static GtkWidget *strip(Stage *stage)
{
    return find_widget(stage->window, "tray_strip");
}

static GListModel *photos(Stage *stage)
{
    return G_LIST_MODEL(gtk_list_view_get_model(GTK_LIST_VIEW(find_widget(strip(stage), "list"))));
}

static PstTrayItem *photo_at(Stage *stage, guint index)
{
    g_autoptr(PstTrayItem) item = g_list_model_get_item(photos(stage), index);

    return item;
}

static void show(Stage *stage, guint index)
{
    g_signal_emit_by_name(find_widget(strip(stage), "list"), "activate", index);
    stage_rest(stage);
    g_assert_true(pst_tray_item_open(photo_at(stage, index)));
}

static const char *style(Stage *stage)
{
    return stage_look(stage)->regions[0].styles[0].id;
}

/* Photos keep what was chosen for them, settings and results too, until one look is given to all. */
static void test_looks(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *folder = make_folder("looks", 3), *first = NULL, *second = NULL;
    GtkWidget *strength = find_widget(find_widget(stage->window, "adjust_panel"), "strength");

    g_assert_false(gtk_revealer_get_reveal_child(GTK_REVEALER(find_widget(stage->window, "tray_revealer"))));
    stage_open_file(stage, folder);
    stage_rest(stage);
    g_assert_true(gtk_revealer_get_reveal_child(GTK_REVEALER(find_widget(stage->window, "tray_revealer"))));
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 3);
    g_assert_true(pst_tray_item_open(photo_at(stage, 0)));
    stage_pick(stage, 2);
    stage_rest(stage);
    first = g_strdup(style(stage));

    /* One that is opened first comes in the look of the moment. */
    show(stage, 1);
    g_assert_cmpstr(style(stage), ==, first);
    stage_pick(stage, 5);
    gtk_range_set_value(GTK_RANGE(strength), 0.7);
    stage_rest(stage);
    second = g_strdup(style(stage));
    g_assert_cmpstr(second, !=, first);
    stage_screenshot(stage, "tray");

    show(stage, 0);
    g_assert_cmpstr(style(stage), ==, first);
    g_assert_cmpfloat(stage_look(stage)->strength, ==, 1);
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), ==, 1);
    g_assert_true(gtk_widget_activate_action(GTK_WIDGET(stage->window), "win.next-photo", "i", 1));
    stage_rest(stage);
    g_assert_cmpstr(style(stage), ==, second);
    g_assert_cmpfloat_with_epsilon(stage_look(stage)->strength, 0.7, 1e-9);

    stage_activate(stage, "win.share-look", NULL);
    for (guint i = 0; i < 3; i++) {
        show(stage, i);
        g_assert_cmpstr(style(stage), ==, second);
        g_assert_cmpfloat_with_epsilon(stage_look(stage)->strength, 0.7, 1e-9);
    }
    folder_remove(folder);
    stage_free(stage);
}

static gboolean is_over(gpointer dialog)
{
    return !gtk_widget_get_visible(find_widget(dialog, "stop"));
}

/* Each photo is written in its own look; what was taken out is not. */
static void test_export(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *folder = make_folder("export", 4), *painted = g_build_filename(folder, "painted", NULL);
    g_autofree char *looks[4] = { NULL };
    g_autoptr(GDir) files = NULL;
    GtkWindow *dialog;
    const char *name;
    int count = 0;

    stage_open_file(stage, folder);
    stage_rest(stage);
    for (guint i = 0; i < 3; i++) {
        show(stage, i);
        stage_pick(stage, 1 + i);
        looks[i] = g_strdup(style(stage));
        stage_rest(stage);
    }
    g_signal_emit_by_name(find_type(strip(stage), "PstTrayTile"), "remove");
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 3);
    looks[3] = g_strdup(style(stage));
    stage_activate(stage, "win.export-all", NULL);
    dialog = find_window("PstBatchDialog");
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "style"))), ==, "Each photo in its own look");
    g_assert_cmpstr(gtk_label_get_text(GTK_LABEL(find_widget(dialog, "summary"))), ==, "3 photos");
    click(find_widget(dialog, "start"));
    spin_until(is_over, dialog);
    gtk_window_destroy(dialog);

    files = g_dir_open(painted, 0, NULL);
    while ((name = g_dir_read_name(files))) {
        g_autofree char *path = g_build_filename(painted, name, NULL);
        g_auto(PstPictureInfo) info = { 0 };
        g_autoptr(PstLook) look = NULL;
        int photo = name[0] - '0';

        g_assert_cmpint(photo, !=, 0);
        g_assert_true(pst_picture_probe(path, &info, NULL));
        g_assert_cmpint(info.width, ==, 300 + 40 * photo);
        look = pst_recipe_parse(info.recipe, strlen(info.recipe), name, NULL, NULL);
        g_assert_cmpstr(look->regions[0].styles[0].id, ==, looks[photo]);
        count++;
    }
    g_assert_cmpint(count, ==, 3);
    folder_remove(painted);
    folder_remove(folder);
    stage_free(stage);
}

/* A photo opened by itself takes the place of the only one, and is added to several; the open one can be taken out. */
static void test_membership(void)
{
    Stage *stage = stage_new(900, 600);
    g_autofree char *folder = make_folder("membership", 2), *photo = sample_photo();

    stage_open(stage, photo);
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 1);
    stage_open_file(stage, folder);
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 3);
    stage_pick(stage, 4);
    stage_rest(stage);
    stage_screenshot(stage, "tray-small");
    show(stage, 2);
    g_signal_emit_by_name(find_type(strip(stage), "PstTrayTile"), "remove");
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 2);
    show(stage, 0);
    g_signal_emit_by_name(find_type(strip(stage), "PstTrayTile"), "remove");
    stage_rest(stage);
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 1);
    g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "1.jpg");
    stage_open(stage, photo);
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 1);
    g_assert_cmpstr(pst_tray_item_path(photo_at(stage, 0)), ==, photo);
    folder_remove(folder);
    stage_free(stage);
}

static gboolean has_restored(gpointer stage)
{
    return g_list_model_get_n_items(photos(stage)) > 1 && pst_document_photo(((Stage *)stage)->document);
}

static Stage *restart(Stage *stage)
{
    stage_free(stage);
    stage = stage_new(1180, 760);
    pst_window_offer_session(stage->window);
    g_assert_nonnull(strstr(stage->told, "Last time you worked on"));
    stage_activate(stage, "win.restore-session", NULL);
    spin_until(has_restored, stage);
    stage_rest(stage);
    return stage;
}

/* The next start has the photos again, each in its look; those that are gone are named, also where it was the open one.
 */
static void test_restart(void)
{
    Stage *stage = stage_new(1180, 760);
    g_autofree char *folder = make_folder("restart", 4), *first = NULL, *second = NULL, *gone = NULL, *open = NULL;

    stage_open_file(stage, folder);
    stage_rest(stage);
    stage_pick(stage, 2);
    stage_rest(stage);
    first = g_strdup(style(stage));
    show(stage, 1);
    stage_pick(stage, 5);
    stage_rest(stage);
    second = g_strdup(style(stage));
    show(stage, 2);
    gone = g_strdup(pst_tray_item_path(photo_at(stage, 3)));
    g_remove(gone);

    stage = restart(stage);
    g_assert_cmpstr(stage->told, ==, "1 photo is not where it was: 3.jpg");
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 3);
    g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "2.jpg");
    stage_screenshot(stage, "tray-restart");
    show(stage, 0);
    g_assert_cmpstr(style(stage), ==, first);
    show(stage, 1);
    g_assert_cmpstr(style(stage), ==, second);
    stage_dismiss(stage);
    show(stage, 2);
    open = g_strdup(pst_tray_item_path(photo_at(stage, 2)));
    g_remove(open);

    stage = restart(stage);
    g_assert_cmpstr(stage->told, ==, "1 photo is not where it was: 2.jpg");
    g_assert_cmpuint(g_list_model_get_n_items(photos(stage)), ==, 2);
    g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "0.jpg");
    g_assert_cmpstr(style(stage), ==, first);
    folder_remove(folder);
    stage_free(stage);
}

/* A folder that can't be read is called that, and not empty. */
static void test_unreadable(void)
{
    Stage *stage = stage_new(900, 600);
    g_autofree char *folder = make_folder("locked", 1);

    if (geteuid() == 0) {
        g_test_skip("root may read any folder");
    } else {
        g_chmod(folder, 0);
        stage_open_file(stage, folder);
        g_assert_nonnull(strstr(stage->told, "locked"));
        g_assert_null(strstr(stage->told, "no JPEG"));
        g_chmod(folder, 0700);
    }
    folder_remove(folder);
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/tray/looks", test_looks);
    g_test_add_func("/tray/export", test_export);
    g_test_add_func("/tray/membership", test_membership);
    g_test_add_func("/tray/restart", test_restart);
    g_test_add_func("/tray/unreadable", test_unreadable);
    return g_test_run();
}
