/* Recipes as files in the window. */
#include <string.h>

#include "harness.h"

#include "engine/paint/recipe.h"

static PstLook *rich_look(Stage *stage)
{
    PstLook *look = pst_look_new();
    int region = pst_look_add_region(look);

    for (guint i = 0; i < 2; i++) {
        PstStyleItem *item = stage_style(stage, i);

        pst_look_add_style(look, i ? region : 0, pst_style_item_id(item), pst_style_item_style(item), 1);
    }
    pst_mask_begin(look->regions[region].mask, PST_MASK_BRUSH, FALSE, 0.125, (PstMaskPoint){ 0.25f, 0.5f });
    look->strength = 0.75;
    look->stroke = 1.5;
    return look;
}

static void test_open(void)
{
    Stage *stage = stage_new(900, 600);
    g_autofree char *photo = sample_photo(), *path = scratch_path("a.json"), *text = NULL;
    g_autoptr(PstLook) look = rich_look(stage);

    text = pst_recipe_write(look, NULL, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    stage_open(stage, photo);
    stage_open_file(stage, path);
    g_assert_true(pst_look_equal(look, pst_document_look(stage->document)));
    stage_rest(stage);
    stage_free(stage);
}

static void test_broken(void)
{
    Stage *stage = stage_new(900, 600);
    g_autofree char *photo = sample_photo(), *path = scratch_path("bad.json");

    g_assert_true(g_file_set_contents(path, "{\"format\": \"pastiche-recipe-9\"}", -1, NULL));
    stage_open(stage, photo);
    stage_open_file(stage, path);
    g_assert_nonnull(strstr(stage->told, "later version"));
    g_assert_true(pst_look_is_plain(pst_document_look(stage->document)));
    stage_free(stage);
}

int main(int argc, char **argv)
{
    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    g_test_add_func("/ui/recipe/open", test_open);
    g_test_add_func("/ui/recipe/broken", test_broken);
    return g_test_run();
}
