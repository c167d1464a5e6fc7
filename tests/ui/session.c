/* What survives: a session after a kill, the recipe in an exported picture. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/desktop/export_batch.h"
#include "app/desktop/recipe_file.h"
#include "app/desktop/session.h"
#include "ui/export_dialog.h"
#include "harness.h"
#include "engine/paint/recipe.h"
#include "engine/picture/reader.h"

static PstLook *rich_look(Stage *stage)
{
    PstLook *look = pst_look_new();

    for (guint i = 0; i < 3; i++) {
        PstStyleItem *item = stage_style(stage, 2 * i);
        int region = i < 2 ? 0 : pst_look_add_region(look);

        pst_look_add_style(look, region, pst_style_item_id(item), pst_style_item_style(item), 0.5 + i);
    }
    pst_mask_begin(look->regions[1].mask, PST_MASK_BRUSH, FALSE, 0.1, (PstMaskPoint){ 0.25f, 0.5f });
    pst_mask_extend(look->regions[1].mask, (PstMaskPoint){ 0.75f, 0.5f });
    look->strength = 0.75;
    look->detail = 0.5;
    look->stroke = 2;
    look->keep_colours = TRUE;
    return look;
}

/* So that the next test finds none. */
static void forget_all(void)
{
    g_autofree char *path = NULL;

    while ((path = pst_session_find())) {
        pst_session_forget(path);
        g_clear_pointer(&path, g_free);
    }
}

/* The file of a running session, given the name of a process that is gone. */
static void leave_behind(void)
{
    g_autofree char *from = session_path();
    g_autofree char *folder = g_path_get_dirname(from);
    g_autofree char *to = NULL;
    pid_t child = fork();

    if (child == 0) {
        _exit(0);
    }
    waitpid(child, NULL, 0);
    to = g_strdup_printf("%s/%ld-1.session", folder, (long)child);
    g_assert_cmpint(g_rename(from, to), ==, 0);
}

static void test_session(void)
{
    g_autofree char *photo = sample_photo();
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);

    stage_open(stage, photo);
    pst_document_set_look(stage->document, look, NULL);
    stage_rest(stage);
    wait_for_session(stage);
    leave_behind();
    stage_free(stage);

    stage = stage_new(1180, 760);
    pst_window_offer_session(stage->window);
    g_assert_nonnull(strstr(stage->told, "lake.jpg"));
    stage_screenshot(stage, "restore");
    stage_activate(stage, "win.restore-session", NULL);
    stage_rest(stage);
    g_assert_cmpstr(pst_document_photo(stage->document)->name, ==, "lake.jpg");
    g_assert_true(pst_look_equal(stage_look(stage), look));
    stage_free(stage);
    forget_all();
}

/* A window that is closed: the next start offers photo, look, results and dropped paintings. */
static void test_closed(void)
{
    g_autofree char *photo = sample_photo(), *painting = large_photo(200), *path = NULL;
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);
    guint results;

    stage_open(stage, photo);
    stage_add_style(stage, painting);
    stage_rest(stage);
    pst_document_set_look(stage->document, look, NULL);
    stage_rest(stage);
    results = g_list_model_get_n_items(pst_document_results(stage->document));
    g_assert_cmpuint(results, >=, 2);
    stage_free(stage);

    path = pst_session_find();
    g_assert_nonnull(path);
    g_assert_true(pst_session_was_closed(path));
    stage = stage_new(1180, 760);
    pst_window_offer_training(stage->window);
    pst_window_offer_session(stage->window);
    g_assert_nonnull(strstr(stage->told, "Last time you worked on lake.jpg"));
    /* What else is told goes before it, but not for ever. */
    pst_document_tell(stage->document, "Something else.");
    g_assert_cmpstr(stage->told, ==, "Something else.");
    stage_dismiss(stage);
    spin_for(400);
    stage_screenshot(stage, "restore-closed");
    stage_activate(stage, "win.restore-session", NULL);
    stage_rest(stage);
    g_assert_true(pst_look_equal(stage_look(stage), look));
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), >=, results);
    g_assert_nonnull(pst_style_list_find(stage->styles, painting));
    stage_free(stage);
    forget_all();
}

/* A project keeps photo, regions and results in a file, which is opened again, with the photo beside it too. */
static void test_project(void)
{
    g_autofree char *sample = sample_photo(), *bytes = NULL, *folder = scratch_path("project");
    g_autofree char *photo = g_build_filename(folder, "here.jpg", NULL), *moved = scratch_path("here.jpg");
    g_autofree char *project = scratch_path("work.pastiche"), *other = large_photo(300);
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);
    g_autoptr(GError) error = NULL;
    guint results;
    gsize length;

    g_assert_true(g_file_get_contents(sample, &bytes, &length, NULL));
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(photo, bytes, (gssize)length, NULL));
    stage_open(stage, photo);
    pst_document_set_look(stage->document, look, NULL);
    stage_rest(stage);
    results = g_list_model_get_n_items(pst_document_results(stage->document));
    g_assert_cmpuint(results, >=, 1);
    /* Not over the photo itself. */
    g_assert_false(pst_project_write(stage->document, stage->styles, photo, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_INPUT);
    g_clear_error(&error);
    pst_project_write(stage->document, stage->styles, project, &error);
    g_assert_no_error(error);

    stage_open(stage, other);
    stage_pick(stage, 3);
    stage_rest(stage);
    stage_open_file(stage, project);
    stage_rest(stage);
    g_assert_cmpstr(pst_document_photo(stage->document)->path, ==, photo);
    g_assert_true(pst_look_equal(stage_look(stage), look));
    g_assert_cmpuint(g_list_model_get_n_items(pst_document_results(stage->document)), >=, results);

    /* Both moved to another folder. */
    g_assert_cmpint(g_rename(photo, moved), ==, 0);
    stage_open_file(stage, project);
    stage_rest(stage);
    g_assert_cmpstr(pst_document_photo(stage->document)->path, ==, moved);
    g_assert_cmpint(g_remove(moved), ==, 0);
    stage_dismiss(stage);
    stage_open_file(stage, project);
    g_assert_nonnull(strstr(stage->told, "its photo is gone"));
    g_rmdir(folder);
    stage_free(stage);
    forget_all();
}

/* The mask of a photo is not stamped on the next one, nor on the pictures of a batch. */
static void test_masks_stay(void)
{
    g_autofree char *photo = sample_photo(), *other = large_photo(300);
    const char *const paths[] = { photo, other, NULL };
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);

    stage_open(stage, photo);
    pst_document_set_look(stage->document, look, NULL);
    stage_rest(stage);
    stage_open(stage, photo);
    g_assert_cmpint(stage_look(stage)->count, ==, 2);
    stage_open(stage, other);
    g_assert_cmpint(stage_look(stage)->count, ==, 1);
    g_assert_null(stage_look(stage)->regions[0].mask);
    g_assert_cmpint(stage_look(stage)->regions[0].count, ==, look->regions[0].count);
    stage_activate(stage, "win.undo", NULL);
    g_assert_cmpint(stage_look(stage)->count, ==, 2);
    stage_rest(stage);
    {
        g_autofree char *folder = scratch_path("batch"), *note = NULL;
        g_autoptr(PstTray) tray = pst_tray_new(stage->document, stage->service);
        PstExportOptions options;
        g_autoptr(GListStore) items = NULL;

        pst_export_options_init(&options);
        options.folder = g_strdup(folder);
        options.side = 200;
        options.recipe = TRUE;
        stage_activate(stage, "win.redo", NULL);
        stage_rest(stage);
        /* What is open keeps its own. */
        pst_tray_add(tray, paths);
        stage_rest(stage);
        pst_document_set_look(stage->document, look, NULL);
        items = pst_export_batch_new(tray, &options, FALSE, &note);
        g_assert_null(note);
        for (guint i = 0; i < 2; i++) {
            g_autoptr(PstExportItem) item = g_list_model_get_item(G_LIST_MODEL(items), i);
            g_auto(PstPictureInfo) info = { 0 };

            pst_export_item_start(item, stage->service);
            while (pst_export_item_state(item) < PST_EXPORT_DONE) {
                g_main_context_iteration(NULL, TRUE);
            }
            g_assert_true(pst_picture_probe(pst_export_item_path(item), &info, NULL));
            g_assert_true((strstr(info.recipe, "\"mask\"") != NULL) == (i == 0));
        }
        pst_export_options_clear(&options);
    }
    stage_free(stage);
    forget_all();
}

/* The name of the photo itself, and Replace it: refused, whether it is in memory or not. */
static void test_original_stays(void)
{
    g_autofree char *sample = sample_photo(), *photo = scratch_path("own.jpg"), *folder = scratch_path(""),
                    *before = NULL, *after = NULL;
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_autoptr(PstExportItem) export = NULL;
    g_autoptr(GError) error = NULL;
    PstExportOptions options;
    GtkWidget *dialog;
    gsize size, size_after;

    g_assert_true(g_file_get_contents(sample, &before, &size, NULL));
    g_assert_true(g_file_set_contents(photo, before, (gssize)size, NULL));
    stage_open(stage, photo);
    pst_document_set_look(stage->document, look, NULL);
    pst_export_options_init(&options);
    options.folder = g_strdup(folder);
    g_free(options.pattern);
    options.pattern = g_strdup("{photo}");
    options.conflict = PST_CONFLICT_OVERWRITE;

    dialog = pst_export_dialog_new(GTK_WINDOW(stage->window), &options, pst_document_photo(stage->document), look);
    gtk_window_present(GTK_WINDOW(dialog));
    spin_for(300);
    window_screenshot(GTK_WINDOW(dialog), "export-over-original");
    g_assert_false(gtk_widget_get_sensitive(find_widget(dialog, "export")));
    gtk_window_destroy(GTK_WINDOW(dialog));

    export = pst_export_item_new(pst_document_photo(stage->document), look, NULL, &options);
    pst_document_add_inputs(inputs);
    pst_export_item_set_inputs(export, inputs);
    pst_export_item_start(export, stage->service);
    while (pst_export_item_state(export) < PST_EXPORT_DONE) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpint(pst_export_item_state(export), ==, PST_EXPORT_FAILED);
    g_assert_false(pst_recipe_file_write(look, photo, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_INPUT);
    g_assert_true(g_file_get_contents(photo, &after, &size_after, NULL));
    g_assert_cmpmem(before, size, after, size_after);
    pst_export_options_clear(&options);
    stage_free(stage);
    forget_all();
}

/* As versions before 0.2 left it. */
static void test_old_session(void)
{
    g_autofree char *photo = sample_photo();
    Stage *stage = stage_new(1180, 760);
    g_autoptr(PstLook) look = rich_look(stage);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = g_build_filename(g_get_user_state_dir(), "pastiche", "999999999-1.session", NULL);
    g_autofree char *mask = pst_mask_to_text(look->regions[1].mask);

    g_key_file_set_string(file, "session", "photo", photo);
    g_key_file_set_integer(file, "session", "regions", 2);
    g_key_file_set_double(file, "session", "strength", look->strength);
    g_key_file_set_double(file, "session", "detail", look->detail);
    g_key_file_set_double(file, "session", "stroke", look->stroke);
    g_key_file_set_boolean(file, "session", "keep-colours", TRUE);
    g_key_file_set_string(file, "region-1", "mask", mask);
    for (int i = 0; i < 2; i++) {
        const PstLookRegion *region = &look->regions[i];
        g_autofree char *group = g_strdup_printf("region-%d", i), *text = NULL;
        g_autoptr(PstLook) alone = pst_look_new();
        g_autoptr(GPtrArray) ids = g_ptr_array_new();

        for (int k = 0; k < region->count; k++) {
            pst_look_add_style(alone, 0, region->styles[k].id, region->styles[k].style, region->styles[k].weight);
            g_ptr_array_add(ids, region->styles[k].id);
        }
        text = pst_recipe_write(alone, NULL, NULL);
        g_key_file_set_string(file, group, "recipe", text);
        g_key_file_set_string_list(file, group, "ids", (const char *const *)ids->pdata, ids->len);
    }
    g_assert_true(g_key_file_save_to_file(file, path, NULL));
    pst_window_offer_session(stage->window);
    stage_activate(stage, "win.restore-session", NULL);
    stage_rest(stage);
    g_assert_true(pst_look_equal(stage_look(stage), look));
    stage_free(stage);
}

static void test_recipe(void)
{
    g_autofree char *photo = sample_photo();
    g_autofree char *folder = scratch_path("");
    g_autofree char *path = scratch_path("lake-again.jpg");
    Stage *stage = stage_new(1180, 760);
    PstStyleItem *item = stage_style(stage, 7);
    g_autoptr(PstLook) look = pst_look_new();
    g_autoptr(PstExportItem) export = NULL;
    PstExportOptions options;

    pst_look_add_style(look, 0, pst_style_item_id(item), pst_style_item_style(item), 1);
    look->strength = 0.5;
    stage_open(stage, photo);
    pst_document_set_look(stage->document, look, NULL);
    pst_export_options_init(&options);
    options.folder = g_strdup(folder);
    g_free(options.pattern);
    options.pattern = g_strdup("{photo}-again");
    options.side = 400;
    export = pst_export_item_new(pst_document_photo(stage->document), look, NULL, &options);
    pst_export_item_start(export, stage->service);
    while (pst_export_item_state(export) < PST_EXPORT_DONE) {
        g_main_context_iteration(NULL, TRUE);
    }
    g_assert_cmpstr(pst_export_item_path(export), ==, path);
    pst_export_options_clear(&options);
    stage_free(stage);

    stage = stage_new(1180, 760);
    stage_open(stage, path);
    g_assert_nonnull(stage->told);
    stage_activate(stage, "win.take-recipe", NULL);
    g_assert_true(pst_look_equal(stage_look(stage), look));
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/session/restore", test_session);
    g_test_add_func("/session/closed", test_closed);
    g_test_add_func("/session/project", test_project);
    g_test_add_func("/session/masks", test_masks_stay);
    g_test_add_func("/session/original", test_original_stays);
    g_test_add_func("/session/old", test_old_session);
    g_test_add_func("/session/recipe", test_recipe);
    return g_test_run();
}
