/* What survives: a session after a kill, the recipe in an exported picture. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/desktop/export_item.h"
#include "app/desktop/session.h"
#include "harness.h"
#include "engine/paint/recipe.h"

static PstLook *rich_look(Stage *stage)
{
    PstLook *look = pst_look_new();

    for (guint i = 0; i < 3; i++) {
        PstStyleItem *item = stage_style(stage, 2 * i);
        int region = i < 2 ? 0 : pst_look_add_region(look);

        pst_look_add_style(look, region, pst_style_item_id(item), pst_style_item_style(item), 0.5 + i);
    }
    pst_mask_begin(look->regions[1].mask, FALSE, 0.1, (PstMaskPoint){ 0.25f, 0.5f });
    pst_mask_extend(look->regions[1].mask, (PstMaskPoint){ 0.75f, 0.5f });
    look->strength = 0.75;
    look->detail = 0.5;
    look->stroke = 2;
    look->keep_colours = TRUE;
    return look;
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
    /* A window that is closed leaves nothing behind. */
    g_assert_null(pst_session_find());
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
    g_test_add_func("/session/old", test_old_session);
    g_test_add_func("/session/recipe", test_recipe);
    return g_test_run();
}
