/* Crops of examples and the random numbers that choose them. */
#include "engine/finetune/example.h"
#include "engine/gradient/training_recipe.h"

#include <math.h>

#define WIDTH  90
#define HEIGHT 70

/* Red grows to the right, green downwards, blue is the same everywhere. */
static PstExample ramps(void)
{
    PstExample e = { WIDTH, HEIGHT, g_malloc(WIDTH * HEIGHT * 3) };

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        e.rgb[3 * i] = (guint8)(2 * (i % WIDTH));
        e.rgb[3 * i + 1] = (guint8)(3 * (i / WIDTH));
        e.rgb[3 * i + 2] = 200;
    }
    return e;
}

static void check_ramps(PstCrop w, int height, int width)
{
    PstExample e = ramps();
    PstMap out = pst_map_new(height, width, 3);
    double x_step = w.width / (double)width, y_step = w.height / (double)height;
    /* at the crop's edge there is nothing to take the ramp's mean with */
    int x_edge = (int)ceil(2 / MIN(1, x_step)) + 1, y_edge = (int)ceil(2 / MIN(1, y_step)) + 1;

    pst_example_resample(&e, w, &out);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float *rgb = pst_map_at(&out, y, w.mirrored ? width - 1 - x : x);
            double red = 2 * (w.x + (x + 0.5) * x_step - 0.5) / 255;
            double green = 3 * (w.y + (y + 0.5) * y_step - 0.5) / 255;

            g_assert_cmpfloat_with_epsilon(rgb[2], 200 / 255.0, 1e-5);
            if (x >= x_edge && x < width - x_edge) {
                g_assert_cmpfloat_with_epsilon(rgb[0], red, 1e-4);
            }
            if (y >= y_edge && y < height - y_edge) {
                g_assert_cmpfloat_with_epsilon(rgb[1], green, 1e-4);
            }
        }
    }
    pst_map_clear(&out);
    g_free(e.rgb);
}

static void test_resample(void)
{
    check_ramps((PstCrop){ 0, 0, WIDTH, HEIGHT, FALSE }, HEIGHT, WIDTH);
    check_ramps((PstCrop){ 7, 5, 64, 64, FALSE }, 32, 32);
    check_ramps((PstCrop){ 7, 5, 64, 64, TRUE }, 24, 40);
    check_ramps((PstCrop){ 10, 20, 33, 29, TRUE }, 80, 96);
}

/* A crop as large as its copy is copied to the bit, whatever lies around it. */
static void test_copy(void)
{
    PstExample e = ramps();
    PstMap out = pst_map_new(9, 9, 3);

    pst_example_resample(&e, (PstCrop){ WIDTH - 9, HEIGHT - 9, 9, 9, FALSE }, &out);
    for (int y = 0; y < 9; y++) {
        for (int x = 0; x < 27; x++) {
            int byte = e.rgb[((HEIGHT - 9 + y) * WIDTH + WIDTH - 9) * 3 + x];

            g_assert_cmpfloat_with_epsilon(pst_map_at(&out, y, 0)[x], byte / 255.0, 1e-6);
        }
    }
    pst_map_clear(&out);
    g_free(e.rgb);
}

static void test_crops(void)
{
    PstExample e = { 300, 200, NULL };
    double sum = 0, mirrored = 0;
    const int n = 4000;

    for (int i = 0; i < n; i++) {
        PstRandom random = pst_random_at(1, i, 0);
        PstCrop w = pst_example_random_square(&e, &random, 100, 400);
        PstCrop s = pst_example_random_part(&e, &random);

        g_assert_cmpint(w.width, ==, w.height);
        g_assert_cmpint(w.width, >=, 100);
        g_assert_cmpint(w.width, <=, 200);
        g_assert_true(w.x >= 0 && w.y >= 0 && w.x + w.width <= 300 && w.y + w.height <= 200);
        g_assert_true(s.x >= 0 && s.y >= 0 && s.x + s.width <= 300 && s.y + s.height <= 200);
        g_assert_true(s.width >= 210 && s.height >= 140);
        sum += log(w.width);
        mirrored += w.mirrored;
    }
    g_assert_cmpfloat_with_epsilon(sum / n, log(100 * sqrt(2)), 0.02);
    g_assert_cmpfloat_with_epsilon(mirrored / n, 0.5, 0.03);
}

static void test_random(void)
{
    PstRandom a = pst_random_at(1, 2, 3), again = pst_random_at(1, 2, 3), b = pst_random_at(1, 3, 2);
    double sum = 0, squares = 0;
    const int n = 100000;

    g_assert_cmpuint(a.state, ==, again.state);
    g_assert_cmpuint(a.state, !=, b.state);
    for (int i = 0; i < n; i++) {
        double x = pst_random_normal(&a);

        sum += x;
        squares += x * x;
    }
    g_assert_cmpfloat_with_epsilon(sum / n, 0, 0.02);
    g_assert_cmpfloat_with_epsilon(squares / n, 1, 0.02);
}

static void test_rate(void)
{
    PstTrainingRecipe r = { .steps = 1000, .warm_up = 100, .rate = 1e-3, .final_rate = 1e-5 };

    g_assert_cmpfloat_with_epsilon(pst_training_recipe_rate(&r, 0), 1e-5, 1e-9);
    g_assert_cmpfloat_with_epsilon(pst_training_recipe_rate(&r, 500), (1e-3 + 1e-5) / 2, 1e-9);
    g_assert_cmpfloat_with_epsilon(pst_training_recipe_rate(&r, 1000), 1e-5, 1e-9);
}

int main(int count, char **arguments)
{
    g_test_init(&count, &arguments, NULL);
    g_test_add_func("/example/resample", test_resample);
    g_test_add_func("/example/copy", test_copy);
    g_test_add_func("/example/crops", test_crops);
    g_test_add_func("/example/random", test_random);
    g_test_add_func("/example/rate", test_rate);
    return g_test_run();
}
