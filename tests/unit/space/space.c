/* The space of styles and the bank of artworks: files, codes, ways, the map; and what they are made with. */
#include "engine/space/artworks.h"
#include "engine/space/description.h"
#include "engine/space/invention.h"
#include "engine/space/principal.h"
#include "engine/space/ridge.h"
#include "engine/space/style_colour.h"
#include "engine/space/style_map.h"
#include "tests/folder.h"

#include <math.h>
#include <string.h>

static PstStyleSpace *space;
static PstArtworks *bank;
static char *folder;

static double distance(const float *a, const float *b)
{
    double sum = 0;

    for (int i = 0; i < PST_STYLE_SIZE; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return sqrt(sum / PST_STYLE_SIZE);
}

static void standardised(int artwork, float *x)
{
    pst_style_space_standardise(space, bank->artworks[artwork].statistics, x);
}

static void test_standardise(void)
{
    float x[PST_STYLE_SIZE], statistics[PST_STYLE_SIZE];

    for (int i = 0; i < bank->count; i += 50) {
        standardised(i, x);
        pst_style_space_restore(space, x, statistics);
        for (int k = 0; k < PST_STYLE_SIZE; k++) {
            if (fabsf(x[k]) < PST_SPACE_REACH)
                g_assert_cmpfloat_with_epsilon(statistics[k], bank->artworks[i].statistics[k],
                                               1e-4 * (1 + bank->artworks[i].statistics[k]));
        }
    }
}

static void test_file(void)
{
    g_autofree char *path = g_build_filename(folder, "space.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyleSpace) again = NULL;
    float x[PST_STYLE_SIZE], y[PST_STYLE_SIZE], z[PST_STYLE_SIZE];
    g_autofree float *code = g_new(float, space->shape.latent);

    g_assert_true(pst_style_space_write(space, path, &error));
    again = pst_style_space_read(path, &error);
    g_assert_no_error(error);
    standardised(3, x);
    pst_style_space_encode(space, x, code);
    pst_style_space_decode(space, code, y);
    pst_style_space_encode(again, x, code);
    pst_style_space_decode(again, code, z);
    g_assert_cmpmem(y, sizeof y, z, sizeof z);
    g_assert_cmpfloat(distance(x, y), <, 0.5);
}

static void test_bank_file(void)
{
    g_autofree char *path = g_build_filename(folder, "bank.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstArtworks) again = NULL;

    g_assert_true(pst_artworks_write(bank, path, &error));
    again = pst_artworks_read(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(again->count, ==, bank->count);
    for (int i = 0; i < bank->count; i++) {
        const PstArtwork *a = &bank->artworks[i], *b = &again->artworks[i];

        g_assert_cmpstr(a->id, ==, b->id);
        g_assert_cmpstr(a->caption, ==, b->caption);
        g_assert_cmpmem(a->statistics, sizeof a->statistics, b->statistics, sizeof b->statistics);
        g_assert_cmpmem(&a->appearance, sizeof a->appearance, &b->appearance, sizeof b->appearance);
        g_assert_true(pst_artworks_find(bank, a->id) == a);
    }
}

/* A file of which one tensor is missing or of another shape is refused with a line that names it. */
static void refuse(PstTensorsWriter *writer, const char *because)
{
    g_autofree char *path = g_build_filename(folder, "bad.safetensors", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(pst_tensors_writer_save(writer, path, NULL));
    g_assert_null(pst_artworks_read(path, &error));
    g_assert_nonnull(strstr(error->message, path));
    g_assert_nonnull(strstr(error->message, because));
    g_clear_error(&error);
    g_assert_null(pst_style_space_read(path, &error));
    g_assert_nonnull(strstr(error->message, path));
    g_assert_null(strchr(error->message, '\n'));
}

static void test_refused(void)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    static const char *const texts[] = { "no JSON", "{}", "[]", "[{\"title\":\"\"}]", "[{\"artist\":\"A\"}]" };

    refuse(writer, "not a bank");
    pst_tensors_writer_set_metadata(writer, "format", "pastiche-artworks-1");
    refuse(writer, "texts");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(PstTensorsWriter) bad = pst_tensors_writer_new();

        pst_tensors_writer_set_metadata(bad, "format", "pastiche-artworks-1");
        pst_tensors_writer_add_bytes(bad, "texts", (const guint8 *)texts[i], (int[]){ (int)strlen(texts[i]) }, 1);
        refuse(bad, "texts");
    }
}

static void test_draw(void)
{
    float a[PST_STYLE_SIZE], b[PST_STYLE_SIZE], statistics[PST_STYLE_SIZE];

    pst_invention_draw(space, 7, a);
    pst_invention_draw(space, 7, b);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
    pst_invention_draw(space, 8, b);
    g_assert_cmpfloat(distance(a, b), >, 0.1);
    pst_style_space_restore(space, a, statistics);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        g_assert_true(statistics[i] >= 0 && statistics[i] <= PST_STYLE_LARGEST);
}

static void test_vary(void)
{
    float x[PST_STYLE_SIZE], near[PST_STYLE_SIZE], far[PST_STYLE_SIZE], same[PST_STYLE_SIZE];

    standardised(10, x);
    pst_invention_vary(space, x, 1, 0, 0, same);
    g_assert_cmpfloat(distance(x, same), <, 1e-5);
    for (int i = 0; i < 9; i++) {
        pst_invention_vary(space, x, 1, i, 0.1, near);
        pst_invention_vary(space, x, 1, i, 0.5, far);
        g_assert_cmpfloat(distance(x, near), >, 0);
        g_assert_cmpfloat(distance(x, far), >, distance(x, near));
    }
}

/* Both ends are exact, and each step goes on from one end to the other. */
static void test_walk(void)
{
    float a[PST_STYLE_SIZE], b[PST_STYLE_SIZE], x[PST_STYLE_SIZE], last[PST_STYLE_SIZE];
    double whole;

    standardised(20, a);
    standardised(500, b);
    whole = distance(a, b);
    pst_invention_walk(space, a, b, 0, x);
    g_assert_cmpfloat(distance(a, x), <, 1e-5);
    pst_invention_walk(space, a, b, 1, last);
    g_assert_cmpfloat(distance(b, last), <, 1e-5);
    memcpy(last, x, sizeof last);
    for (int i = 1; i <= 20; i++) {
        pst_invention_walk(space, a, b, i / 20.0, x);
        g_assert_cmpfloat(distance(last, x), <, whole / 4);
        memcpy(last, x, sizeof last);
    }
}

static void test_style(void)
{
    float x[PST_STYLE_SIZE];
    g_autoptr(PstStyle) style = NULL;
    int nearest;

    standardised(30, x);
    pst_invention_nearest(space, bank, x, FALSE, 1, &nearest);
    g_assert_cmpint(nearest, ==, 30);
    style = pst_invention_style(space, bank, x, "Mine", "seed 3");
    g_assert_nonnull(strstr(style->recipe, "\"invented\":\"seed 3\""));
    g_assert_nonnull(strstr(style->recipe, bank->artworks[30].title));
}

/* A dot is its artwork; everywhere else is a style. */
static void test_map(void)
{
    g_autoptr(PstStyleMap) map = pst_style_map_new(space, bank);
    float x[PST_STYLE_SIZE], on[PST_STYLE_SIZE];

    for (int i = 0; i < bank->count; i += 60) {
        const float *position = bank->artworks[i].position;
        double away;

        standardised(i, x);
        pst_style_map_at(map, position[0], position[1], on);
        g_assert_cmpfloat(distance(x, on), <, 1e-3);
        g_assert_cmpint(pst_style_map_nearest(map, position[0], position[1], &away), ==, i);
        g_assert_cmpfloat(away, <, 1e-6);
    }
    for (int i = 0; i < 25; i++) {
        pst_style_map_at(map, i % 5 / 4.0, i / 5 / 4.0, on);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            g_assert_true(isfinite(on[k]));
    }
}

/* Colours are told from statistics and can be moved: what they are moved to is told afterwards. */
static void test_colour(void)
{
    const PstColourWish wish = { .target = { 0.2f, 0.3f, 0.8f }, .pull = 0.5 };

    for (int i = 0; i < bank->count; i += 100) {
        float x[PST_STYLE_SIZE], from[PST_SPACE_COLOUR], to[PST_SPACE_COLOUR], after[PST_SPACE_COLOUR];

        standardised(i, x);
        pst_style_colour(space, x, from);
        memcpy(to, from, sizeof to);
        pst_colour_wish_apply(&wish, to);
        g_assert_cmpfloat(to[2] - to[0], >, from[2] - from[0]);
        pst_style_colour_move(space, from, to, x);
        pst_style_colour(space, x, after);
        g_assert_cmpfloat(after[2] - after[0], >, from[2] - from[0]);
    }
}

static void test_ridge(void)
{
    const float features[] = { 1, 0, 1, 0, 1, 1, 1, 1, 1, 2, 0, 1 }, penalties[] = { 1e-4f, 1e-4f, 1e-4f };
    float targets[8], coefficients[6];

    for (int i = 0; i < 4; i++) {
        const float *f = features + 3 * i;

        targets[2 * i] = 2 * f[0] - f[1] + 0.5f * f[2];
        targets[2 * i + 1] = f[1];
    }
    pst_ridge(features, targets, NULL, 4, 3, 2, penalties, coefficients);
    for (int i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon(coefficients[i], ((const float[]){ 2, -1, 0.5f, 0, 1, 0 })[i], 2e-3);
}

static void test_principal(void)
{
    enum { N = 500, WIDTH = 6 };
    const float size[WIDTH] = { 5, 3, 1, 0.1f, 0.1f, 0.1f };
    g_autofree float *rows = g_new(float, N *WIDTH);
    float mean[WIDTH], axes[2 * WIDTH], deviations[2];
    PstRandom random = pst_random_at(1, 0, 0);

    for (int i = 0; i < N * WIDTH; i++)
        rows[i] = 2 + size[i % WIDTH] * (float)pst_random_normal(&random);
    pst_principal_components(rows, N, WIDTH, 2, mean, axes, deviations);
    for (int k = 0; k < 2; k++) {
        g_assert_cmpfloat(fabsf(axes[k * WIDTH + k]), >, 0.99);
        g_assert_cmpfloat_with_epsilon(deviations[k], size[k], 0.1 * size[k]);
        g_assert_cmpfloat_with_epsilon(mean[k], 2, 0.7);
    }
}

static PstPicture *stripes(float contrast, gboolean upright)
{
    PstPicture *picture = pst_picture_new(300, 280, FALSE, NULL);

    for (int i = 0; i < picture->width * picture->height; i++) {
        int along = upright ? i % picture->width : i / picture->width;
        float light = 0.5f + (along / 6 % 2 ? contrast : -contrast);

        picture->rgb[3 * i] = 0.2f * light;
        picture->rgb[3 * i + 1] = 0.4f * light;
        picture->rgb[3 * i + 2] = light;
    }
    return picture;
}

static void test_appearance(void)
{
    g_autoptr(PstPicture) faint = stripes(0.05f, TRUE), strong = stripes(0.4f, TRUE), other = stripes(0.4f, FALSE);
    g_autoptr(PstLexicon) lexicon = pst_lexicon_load_default(NULL);
    PstAppearance a, b, c;
    const char *names[PST_APPEARANCE_COLOURS];

    g_assert_true(pst_appearance_measure(faint, &a, NULL, NULL));
    g_assert_true(pst_appearance_measure(strong, &b, NULL, NULL));
    g_assert_true(pst_appearance_measure(other, &c, NULL, NULL));
    g_assert_cmpfloat(b.measures[PST_MEASURE_CONTRAST], >, 2 * a.measures[PST_MEASURE_CONTRAST]);
    g_assert_cmpfloat(b.measures[PST_MEASURE_DIRECTION], >, 0.9);
    g_assert_cmpfloat_with_epsilon(b.measures[PST_MEASURE_CONTRAST], c.measures[PST_MEASURE_CONTRAST], 0.02);
    g_assert_cmpint(pst_description_colours(&a, lexicon, names), >=, 1);
    g_assert_true(g_str_equal(names[0], "blue") || g_str_equal(names[0], "navy"));
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    space = pst_style_space_load_default(&error);
    g_assert_no_error(error);
    bank = pst_artworks_load_default(&error);
    g_assert_no_error(error);
    g_test_add_func("/space/standardise", test_standardise);
    g_test_add_func("/space/file", test_file);
    g_test_add_func("/space/bank-file", test_bank_file);
    g_test_add_func("/space/refused", test_refused);
    g_test_add_func("/space/draw", test_draw);
    g_test_add_func("/space/vary", test_vary);
    g_test_add_func("/space/walk", test_walk);
    g_test_add_func("/space/style", test_style);
    g_test_add_func("/space/map", test_map);
    g_test_add_func("/space/colour", test_colour);
    g_test_add_func("/space/ridge", test_ridge);
    g_test_add_func("/space/principal", test_principal);
    g_test_add_func("/space/appearance", test_appearance);
    status = g_test_run();
    folder_remove(folder);
    g_free(folder);
    pst_artworks_free(bank);
    pst_style_space_free(space);
    return status;
}
