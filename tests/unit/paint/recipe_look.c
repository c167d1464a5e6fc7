/* Looks as recipes: regions, trained styles, and styles that come from files. */
#include <glib/gstdio.h>
#include <string.h>

#include "engine/paint/recipe.h"

static PstStyle *sample_style(const char *name, float value)
{
    PstStyle *style = pst_style_new(name);

    for (int i = 0; i < PST_STYLE_SIZE; i++)
        style->statistics[i] = value + (float)i;
    return style;
}

static void add(PstLook *look, int region, const char *id, float value, double weight)
{
    g_autoptr(PstStyle) style = sample_style(id, value);

    g_assert_nonnull(pst_look_add_style(look, region, id, style, weight));
}

static PstLook *sample(void)
{
    PstLook *look = pst_look_new();
    int region = pst_look_add_region(look);

    look->strength = 0.7;
    look->detail = 0.2;
    look->stroke = 1.75;
    look->keep_colours = TRUE;
    add(look, 0, "wave", 0.5f, 1);
    add(look, 0, "kiss", 1.5f, 0.3);
    add(look, region, "scream", 2.5f, 1);
    pst_mask_begin(look->regions[region].mask, PST_MASK_BRUSH, FALSE, 0.125, (PstMaskPoint){ 0.25f, 0.5f });
    pst_mask_extend(look->regions[region].mask, (PstMaskPoint){ 0.5f, 0.75f });
    look->regions[region].mask->invert = TRUE;
    return look;
}

static char *text_of(const PstLook *look)
{
    g_autoptr(GError) error = NULL;
    char *text = pst_recipe_write(look, NULL, &error);

    g_assert_no_error(error);
    return text;
}

static PstLook *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    PstLook *look = pst_recipe_parse(text, strlen(text), "look", NULL, &error);

    g_assert_no_error(error);
    return look;
}

static PstLook *there_and_back(const PstLook *look)
{
    g_autofree char *text = text_of(look);

    return parse(text);
}

static void test_round_trip(void)
{
    g_autoptr(PstLook) look = sample();
    g_autoptr(PstLook) back = there_and_back(look);

    g_assert_true(pst_look_equal(look, back));
}

/* Where everything is painted in one mix there is nothing about regions. */
static void test_one_region(void)
{
    g_autoptr(PstLook) look = pst_look_new();
    g_autoptr(PstLook) back = NULL;
    g_autofree char *text = NULL;

    add(look, 0, "wave", 0.5f, 2);
    text = text_of(look);
    g_assert_nonnull(strstr(text, "\"regions\": []"));
    back = there_and_back(look);
    g_assert_true(pst_look_equal(look, back));
}

/* A region that has no style yet is no part of the result. */
static void test_empty_region(void)
{
    g_autoptr(PstLook) look = sample();
    g_autoptr(PstLook) back = NULL;

    pst_look_region_remove(&look->regions[0], 0);
    pst_look_region_remove(&look->regions[0], 0);
    back = there_and_back(look);
    g_assert_cmpint(back->count, ==, 1);
    g_assert_cmpstr(back->regions[0].styles[0].id, ==, "scream");
    g_assert_true(pst_mask_equal(back->regions[0].mask, look->regions[1].mask));
}

/* What training changed is named; the look is painted only with it. */
static void test_trained(void)
{
    g_autoptr(PstLook) look = pst_look_new();
    g_autoptr(PstLook) back = NULL;
    g_autoptr(PstStyle) style = sample_style("vincent", 1), other = sample_style("other", 1);
    g_autofree float *values = g_new0(float, pst_weight_delta_size());
    g_autofree char *text = NULL, *again = NULL;
    g_autoptr(GError) error = NULL;
    PstLookStyle *part;

    values[7] = 0.5f;
    style->delta = pst_weight_delta_new(values);
    values[7] = 0.25f;
    other->delta = pst_weight_delta_new(values);
    g_assert_cmpstr(pst_weight_delta_hash(style->delta), !=, pst_weight_delta_hash(other->delta));
    pst_look_add_style(look, 0, "vincent", style, 1);
    text = text_of(look);
    g_assert_cmpuint(strlen(text), <, 4096);

    back = parse(text);
    part = &back->regions[0].styles[0];
    g_assert_cmpstr(part->delta, ==, pst_weight_delta_hash(style->delta));
    g_assert_false(pst_recipe_is_complete(back, "a.json", &error));
    g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_STYLE);
    g_assert_nonnull(strstr(error->message, "vincent"));
    again = text_of(back);
    g_assert_cmpstr(text, ==, again);
    g_assert_false(pst_look_style_complete(part, other));
    g_assert_true(pst_look_style_complete(part, style));
    g_assert_true(pst_recipe_is_complete(back, "a.json", NULL));
    g_assert_true(pst_look_equal(look, back));

    /* Styles that differ in their training only are different ones. */
    pst_look_region_remove(&back->regions[0], 0);
    pst_look_add_style(back, 0, "vincent", other, 1);
    g_assert_false(pst_look_equal(look, back));
}

static void test_file(void)
{
    g_autoptr(PstLook) look = pst_look_new(), back = NULL;
    g_autofree char *folder = g_dir_make_tmp("pastiche-look-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "My Cat.jpg", NULL);
    const PstLookStyle *style;

    g_assert_true(g_file_set_contents(path, "abc", 3, NULL));
    add(look, 0, path, 0.5f, 1);
    back = there_and_back(look);
    style = &back->regions[0].styles[0];
    g_assert_cmpstr(style->id, ==, "My Cat");
    g_assert_cmpstr(style->file, ==, "My Cat.jpg");
    g_assert_cmpstr(style->hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_remove(path);
    g_rmdir(folder);
}

/* A painting can be mixed with its namesake. */
static void test_namesakes(void)
{
    g_autoptr(PstLook) look = pst_look_new(), back = NULL;
    g_autoptr(PstStyle) style = sample_style("cat", 1);

    pst_look_append_style(look, 0, "cat", style, 1);
    pst_look_append_style(look, 0, "cat", style, 2);
    back = there_and_back(look);
    g_assert_cmpint(back->regions[0].count, ==, 2);
    g_assert_true(pst_look_equal(look, back));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recipe-look/round-trip", test_round_trip);
    g_test_add_func("/recipe-look/one-region", test_one_region);
    g_test_add_func("/recipe-look/empty-region", test_empty_region);
    g_test_add_func("/recipe-look/trained", test_trained);
    g_test_add_func("/recipe-look/file", test_file);
    g_test_add_func("/recipe-look/namesakes", test_namesakes);
    return g_test_run();
}
