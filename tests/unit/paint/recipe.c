/* Recipes of paintings: what is written comes back, and nothing else is taken. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/paint/recipe.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static PstStyle *sample_style(const char *name, guint32 seed)
{
    GRand *rand = g_rand_new_with_seed(seed);
    PstStyle *style = pst_style_new(name);

    for (int i = 0; i < PST_STYLE_SIZE; i++)
        style->statistics[i] = (float)g_rand_double_range(rand, i < PST_STYLE_CHANNELS ? -3 : 1e-6, 3);
    g_rand_free(rand);
    return style;
}

static const PstRecipeOrigin origin = { .program = "pastiche 9.9", .model = HASH, .date = "2026-05-31T12:00:00Z" };

static PstLook *sample(void)
{
    PstLook *look = pst_look_new();
    g_autoptr(PstStyle) wave = sample_style("Große Welle “神奈川沖浪裏”", 1);
    g_autoptr(PstStyle) own = sample_style("own", 2);
    PstLookStyle *style;
    int region;

    wave->artist = g_strdup("Hokusai");
    wave->correction[3] = -0.25f;
    wave->thumbnail = g_bytes_new_static("x", 1);
    look->strength = 0.6;
    look->detail = 1.0 / 3;
    look->keep_colours = TRUE;
    look->stroke = 1.5;
    look->canvas = 640;
    look->style_side = 300;
    look->size = 2048;
    pst_look_add_style(look, 0, "great-wave", wave, 2);
    region = pst_look_add_region(look);
    pst_mask_begin(look->regions[region].mask, PST_MASK_BRUSH, FALSE, 0.1, (PstMaskPoint){ 0.2f, 0.3f });
    style = pst_look_add_style(look, region, "own", own, 0.1);
    style->file = g_strdup("own.jpg");
    style->hash = g_strdup(HASH);
    return look;
}

static char *text_of(const PstLook *look)
{
    g_autoptr(GError) error = NULL;
    char *text = pst_recipe_write(look, &origin, &error);

    g_assert_no_error(error);
    return text;
}

static PstLook *parse(const char *text, PstRecipeOrigin *from)
{
    g_autoptr(GError) error = NULL;
    PstLook *look = pst_recipe_parse(text, strlen(text), "sample", from, &error);

    g_assert_no_error(error);
    return look;
}

static void test_round_trip(void)
{
    g_autoptr(PstLook) look = sample(), read = NULL;
    g_auto(PstRecipeOrigin) from = { 0 };
    g_autofree char *text = text_of(look), *again = NULL;

    read = parse(text, &from);
    again = text_of(read);
    g_assert_cmpstr(text, ==, again);
    g_assert_cmpstr(from.program, ==, origin.program);
    g_assert_cmpstr(from.model, ==, HASH);
    g_assert_cmpstr(from.date, ==, origin.date);
    g_assert_true(pst_look_equal(look, read));
    g_assert_true(read->detail == 1.0 / 3);
    for (int i = 0; i < 2; i++) {
        const PstLookStyle *a = &look->regions[i].styles[0], *b = &read->regions[i].styles[0];

        g_assert_cmpstr(a->file, ==, b->file);
        g_assert_cmpstr(a->hash, ==, b->hash);
        g_assert_cmpstr(a->style->name, ==, b->style->name);
        g_assert_cmpstr(a->style->artist, ==, b->style->artist);
        g_assert_null(b->style->movement);
        g_assert_null(b->style->thumbnail);
    }
}

/* 0.6 stays "0.6" as long as no other number needs all its digits. */
static void test_digits(void)
{
    g_autoptr(PstLook) look = sample();
    g_autofree char *text = NULL;

    look->detail = 0.25;
    text = text_of(look);
    g_assert_nonnull(strstr(text, "\"strength\": 0.6,"));
}

/* Whatever names files have, a recipe that can be read comes of it. */
static void test_names(void)
{
    g_autoptr(PstLook) look = pst_look_new(), read = NULL;
    g_autofree char *long_name = g_strnfill(300, '\xff'), *text = NULL;
    g_autoptr(PstStyle) style = sample_style(long_name, 3);

    pst_look_add_style(look, 0, "..up\n", style, 1)->file = g_strdup(long_name);
    text = text_of(look);
    read = parse(text, NULL);
    const PstLookStyle *first = &read->regions[0].styles[0];
    g_assert_cmpstr(first->id, ==, "..up-");
    g_assert_cmpuint(strlen(first->file), <=, PST_STYLE_TEXT);
    g_assert_true(g_utf8_validate(first->file, -1, NULL));
}

static void test_unknown_keys(void)
{
    g_autoptr(PstLook) look = sample(), read = NULL;
    g_autofree char *text = text_of(look);
    g_autofree char *more = g_strconcat("{\"of later\": [{}, null], ", text + 1, NULL);

    read = parse(more, NULL);
    g_assert_cmpint(read->style_side, ==, 300);
}

/* What a person may write by hand: the rest has its defaults. */
static void test_short(void)
{
    g_autoptr(PstLook) look = sample(), read = NULL;
    g_autofree char *text = text_of(look), *statistics = NULL, *small = NULL;
    const char *begin = strstr(text, "\"statistics\": \"") + 15;

    statistics = g_strndup(begin, strcspn(begin, "\""));
    small = g_strdup_printf("{\"format\":\"pastiche-recipe-1\",\"styles\":[{\"id\":\"a\",\"statistics\":\"%s\"}]}",
                            statistics);
    read = parse(small, NULL);
    g_assert_cmpfloat(read->strength, ==, 1);
    g_assert_cmpfloat(read->detail, ==, 1);
    g_assert_cmpint(read->style_side, ==, PST_STYLE_SIDE);
    g_assert_cmpstr(read->regions[0].styles[0].style->name, ==, "a");
}

static void refuse(const char *text, gsize length, const char *because)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(pst_recipe_parse(text, length, "bad.json", NULL, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_true(error->domain == PST_RECIPE_ERROR);
    g_assert_true(g_str_has_prefix(error->message, "bad.json: "));
    g_assert_nonnull(strstr(error->message, because));
    g_assert_null(strstr(error->message, "; ")); /* facts alone */
    g_assert_null(strchr(error->message, '\n'));
}

/* The sample with one piece of it replaced. */
static void refuse_with(const char *piece, const char *by, const char *because)
{
    g_autoptr(PstLook) look = sample();
    g_autofree char *text = NULL, *changed = NULL;

    look->detail = 0.25;
    text = text_of(look);
    g_assert_nonnull(strstr(text, piece));
    g_auto(GStrv) parts = g_strsplit(text, piece, 2);
    changed = g_strjoinv(by, parts);
    refuse(changed, strlen(changed), because);
}

static void test_refusals(void)
{
    static const char *const cases[][3] = {
        { "recipe-1", "recipe-2", "later version" },
        { "recipe-1", "recipe-x", "no recipe" },
        { "pastiche-recipe-1", "a\\nb", "no recipe" },
        { "\"format\"", "\"from\"", "no recipe" },
        { "\"strength\": 0.6", "\"strength\": 1.01", "strength" },
        { "\"strength\": 0.6", "\"strength\": -0.01", "strength" },
        { "\"strength\": 0.6", "\"strength\": \"0.6\"", "strength" },
        { "\"strength\": 0.6", "\"strength\": NaN", "line 6" },
        { "\"strength\": 0.6", "\"strength\": 1e999", "line 6" },
        { "\"strength\": 0.6", "\"strength\": 0.6, \"strength\": 0.6", "line 6" },
        { "\"detail\": 0.25", "\"detail\": true", "detail" },
        { "\"keep_colours\": true", "\"keep_colours\": 1", "keep_colours" },
        { "\"style_size\": 300", "\"style_size\": 0", "style_size" },
        { "\"style_size\": 300", "\"style_size\": 300.0", "style_size" },
        { "\"size\": 2048", "\"size\": -1", "size" },
        { "\"size\": 2048", "\"size\": 99999999999999", "size" },
        { "\"size\": 2048", "\"size\": 2048, \"styles\": []", "line" },
        { "\"date\": \"2026", "\"date\": \"x", "date" },
        { "\"model\": \"0", "\"model\": \"X", "model" },
        { "\"id\": \"great-wave\"", "\"id\": \"../great\"", "slash" },
        { "\"id\": \"great-wave\"", "\"id\": \"a\\u0007\"", "control" },
        { "\"id\": \"great-wave\"", "\"id\": \"\\u0000\"", "line" },
        { "\"id\": \"great-wave\"", "\"id\": \"\"", "style 1: \"id\"" },
        { "\"id\": \"great-wave\"", "\"other\": \"\"", "style 1: \"id\"" },
        { "\"id\": \"great-wave\"", "\"id\": [1]", "style 1: \"id\"" },
        { "\"file\": \"own.jpg\"", "\"file\": \"/etc/passwd\"", "style 2: \"file\"" },
        { "\"weight\": 2.0", "\"weight\": 0", "weight" },
        { "\"weight\": 2.0", "\"weight\": 1e31", "weight" },
        { "\"statistics\": \"", "\"statistics\": \"AAAA", "statistics" },
        { "\"statistics\": \"", "\"statistics\": \"!", "statistics" },
        { "\"statistics\": \"", "\"statistics\": null, \"x\": \"", "statistics" },
        { "\"correction\": \"", "\"correction\": \"AAAA", "correction" },
        { "\"correction\": \"", "\"correction\": 3, \"x\": \"", "correction" },
        { "\"region\": 1", "\"region\": 2", "style 2: \"region\"" },
        { "\"stroke\": 1.5", "\"stroke\": 0.25", "stroke" },
        { "\"stroke\": 1.5", "\"stroke\": 16", "\"stroke\" is no number from 0.5 to 4" },
        { "\"mask\": \"0.5", "\"mask\": \"\u00e9", "region 2: \"mask\"" },
        { "\"mask\": \"0.5", "\"mask\": \"scribble", "region 2: \"mask\"" },
        { "\"mask\": \"\"", "\"mask\": 3", "region 1: \"mask\"" },
        { "\"regions\": [", "\"regions\": 3, \"x\": [", "regions" },
        { "\"regions\": [", "\"regions\": [3, ", "region 1: is no object" },
    };

    static const char no_styles[] = "{\"format\": \"pastiche-recipe-1\", \"styles\": []}";

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse_with(cases[i][0], cases[i][1], cases[i][2]);
    refuse("", 0, "line");
    refuse("[]", 2, "no recipe");
    refuse("{}", 2, "no recipe");
    refuse(no_styles, strlen(no_styles), "no styles");
    refuse("\xff\xfe{}", 4, "line");
}

/* What a region has of its own is kept as its own, and what it has not stays the look's. */
static void test_own(void)
{
    g_autoptr(PstLook) look = sample(), other = NULL, read = NULL;
    const PstPaintManner manner = { .strength = 0.25, .likeness = 0.125, .keep_colours = FALSE };
    g_autofree char *text = NULL, *wrong = NULL;
    PstPaintManner all;

    pst_look_region_set(&look->regions[1], PST_REGION_STRENGTH | PST_REGION_COLOURS, &manner);
    text = text_of(look);
    read = parse(text, NULL);
    g_assert_true(pst_look_equal(look, read));
    g_assert_cmpuint(read->regions[0].own, ==, 0);
    g_assert_cmpuint(read->regions[1].own, ==, PST_REGION_STRENGTH | PST_REGION_COLOURS);
    all = pst_look_region_manner(read, 1);
    g_assert_cmpfloat(all.strength, ==, 0.25);
    g_assert_cmpfloat(all.detail, ==, look->detail);
    g_assert_cmpfloat(all.likeness, ==, look->likeness);
    g_assert_false(all.keep_colours);

    /* Its own, though it be that of the look. */
    other = pst_look_copy(look);
    pst_look_region_set(&other->regions[1], PST_REGION_DETAIL, &(PstPaintManner){ .detail = look->detail });
    g_assert_false(pst_look_equal(look, other));

    wrong = g_strdup(text);
    *strstr(strstr(wrong, "\"mask\": \"0.5"), "0.25,") = '7';
    refuse(wrong, strlen(wrong), "region 2: \"strength\"");
}

/* The region that is left is the picture. */
static void test_own_of_the_last(void)
{
    g_autoptr(PstLook) look = sample(), read = NULL;
    const PstPaintManner manner = { .strength = 0.25, .detail = 0.5 };
    g_autofree char *text = NULL;

    pst_look_region_set(&look->regions[1], PST_REGION_STRENGTH, &manner);
    pst_look_region_set(&look->regions[0], PST_REGION_DETAIL, &manner);
    pst_look_remove_region(look, 0);
    g_assert_cmpfloat(look->strength, ==, 0.25);
    g_assert_cmpfloat(look->detail, !=, 0.5);
    g_assert_cmpuint(look->regions[0].own, ==, 0);

    pst_look_region_set(&look->regions[0], PST_REGION_DETAIL, &manner);
    text = text_of(look);
    read = parse(text, NULL);
    g_assert_cmpfloat(read->detail, ==, 0.5);
    g_assert_cmpuint(read->regions[0].own, ==, 0);
}

/* Statistics that the networks would choke on. */
static void test_values(void)
{
    static const float bad[] = { NAN, INFINITY, -INFINITY };
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(bad) + 3; i++) {
        g_autoptr(PstLook) look = sample();
        PstLookStyle *style = &look->regions[0].styles[0];

        if (i < G_N_ELEMENTS(bad))
            style->style->statistics[0] = bad[i];
        else if (i == G_N_ELEMENTS(bad) + 2)
            style->style->correction[0] = NAN;
        else
            style->style->statistics[PST_STYLE_SIZE - 1] = i == G_N_ELEMENTS(bad) ? 0 : -1;
        g_assert_null(pst_recipe_write(look, NULL, &error));
        g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_VALUE);
        g_clear_error(&error);
    }
}

static void test_limits(void)
{
    g_autofree char *blanks = g_strnfill(PST_RECIPE_BYTES + 1, ' '), *deep = g_strnfill(1 << 20, '[');
    g_autoptr(PstLook) look = sample();
    g_autoptr(PstStyle) style = sample_style("x", 4);
    g_autofree char *text = NULL;

    refuse(blanks, PST_RECIPE_BYTES + 1, "larger");
    refuse(deep, 1 << 20, "line 1");
    for (int i = 2; i < PST_LOOK_STYLES; i++)
        g_assert_nonnull(pst_look_append_style(look, 0, "x", style, 1));
    g_assert_null(pst_look_append_style(look, 0, "x", style, 1));
    text = text_of(look);
    g_assert_cmpuint(strlen(text), <, PST_RECIPE_BYTES);
    while (look->count < PST_LOOK_REGIONS)
        g_assert_cmpint(pst_look_add_region(look), >, 0);
    g_assert_cmpint(pst_look_add_region(look), ==, -1);
}

/* A style or a region more than a look can have is refused, not left out. */
static void test_too_many(void)
{
    g_autofree char *regions = NULL, *styles = NULL;
    GString *list = g_string_new("{\"mask\": \"\"}");

    for (int i = 0; i < PST_LOOK_REGIONS; i++)
        g_string_append(list, ", {\"mask\": \"\"}");
    regions = g_strdup_printf("{\"format\": \"pastiche-recipe-1\", \"styles\": [{}], \"regions\": [%s]}", list->str);
    refuse(regions, strlen(regions), "\"regions\" has more than");
    g_string_assign(list, "{}");
    for (int i = 0; i < PST_LOOK_STYLES; i++)
        g_string_append(list, ", {}");
    styles = g_strdup_printf("{\"format\": \"pastiche-recipe-1\", \"styles\": [%s]}", list->str);
    refuse(styles, strlen(styles), "\"styles\" has more than");
    g_string_free(list, TRUE);
}

/* A session keeps what is not painted yet, too. */
static void test_draft(void)
{
    g_autoptr(PstLook) look = sample(), plain = pst_look_new();
    PstLook *looks[] = { look, plain };
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(pst_look_add_region(look), ==, 2);
    plain->strength = 0.25;
    for (guint i = 0; i < G_N_ELEMENTS(looks); i++) {
        g_autofree char *text = pst_recipe_write_draft(looks[i], &error);
        g_autoptr(PstLook) read = NULL;

        g_assert_no_error(error);
        read = pst_recipe_parse_draft(text, strlen(text), "draft", &error);
        g_assert_no_error(error);
        g_assert_true(pst_look_equal(looks[i], read));
    }
    g_assert_null(pst_recipe_write(plain, NULL, &error));
    g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_VALUE);
}

/* Thousands of damaged recipes: each is read or refused with one line. */
static void test_damaged(void)
{
    g_autoptr(PstLook) look = sample();
    g_autofree char *text = text_of(look);
    gsize length = strlen(text);
    GRand *rand = g_rand_new_with_seed(6);

    for (int i = 0; i < 5000; i++) {
        g_autofree char *damaged = g_memdup2(text, length + 1);
        g_autoptr(PstLook) read = NULL;
        g_autoptr(GError) error = NULL;
        gsize size = i % 5 ? length : (gsize)g_rand_int_range(rand, 0, (int)length);

        for (int k = i % 4; k >= 0; k--)
            damaged[g_rand_int_range(rand, 0, (int)length)] = (char)g_rand_int(rand);
        read = pst_recipe_parse(damaged, size, "damaged", NULL, &error);
        if (read)
            continue;
        g_assert_nonnull(error);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        g_assert_null(strchr(error->message, '\n'));
    }
    g_rand_free(rand);
}

static void test_files(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("pastiche-recipe-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "a.json", NULL), *hash = NULL, *text = NULL;
    g_autoptr(PstLook) look = sample(), read = NULL;

    text = text_of(look);
    g_assert_true(g_file_set_contents(path, text, -1, &error));
    read = pst_recipe_read(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(pst_look_equal(look, read));
    g_assert_true(g_file_set_contents(path, "abc", -1, &error));
    hash = pst_recipe_hash(path, &error);
    g_assert_cmpstr(hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_remove(path);
    g_assert_null(pst_recipe_read(path, NULL, &error));
    g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_READ);
    g_clear_error(&error);
    g_assert_null(pst_recipe_read(folder, NULL, &error));
    g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_READ);
    g_clear_error(&error);
    g_assert_null(pst_recipe_hash(path, &error));
    g_assert_error(error, PST_RECIPE_ERROR, PST_RECIPE_ERROR_READ);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recipe/round-trip", test_round_trip);
    g_test_add_func("/recipe/digits", test_digits);
    g_test_add_func("/recipe/names", test_names);
    g_test_add_func("/recipe/unknown-keys", test_unknown_keys);
    g_test_add_func("/recipe/short", test_short);
    g_test_add_func("/recipe/refusals", test_refusals);
    g_test_add_func("/recipe/own", test_own);
    g_test_add_func("/recipe/own-of-the-last", test_own_of_the_last);
    g_test_add_func("/recipe/values", test_values);
    g_test_add_func("/recipe/limits", test_limits);
    g_test_add_func("/recipe/too-many", test_too_many);
    g_test_add_func("/recipe/draft", test_draft);
    g_test_add_func("/recipe/damaged", test_damaged);
    g_test_add_func("/recipe/files", test_files);
    return g_test_run();
}
