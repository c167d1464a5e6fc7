/* Saliency stands out where small structure is in calm surroundings, and only there. */
#include "engine/refine/saliency.h"

#include <math.h>

#define HEIGHT 48
#define WIDTH  66

/* The same noise in every run: by chance, a place of it may stand out. */
static PstMap noise(double amplitude)
{
    PstMap map = pst_map_new(HEIGHT, WIDTH, 5);
    GRand *random = g_rand_new_with_seed(1);

    for (gsize i = 0; i < pst_map_size(&map); i++) {
        map.data[i] = (float)(0.5 + amplitude * g_rand_double_range(random, -1, 1));
    }
    g_rand_free(random);
    return map;
}

static double mean_of(const float *values, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / count;
}

static void test_even(void)
{
    PstMap map = noise(0);
    g_autofree float *saliency = pst_saliency(&map);

    for (int i = 0; i < HEIGHT * WIDTH / 4; i++) {
        g_assert_cmpfloat_with_epsilon(saliency[i], 1, 1e-6);
    }
    pst_map_clear(&map);
}

/* A little noise as in skies, and a spot of 4x4 pixels: an eye. */
static void test_spot(void)
{
    PstMap map = noise(0.01);
    g_autofree float *saliency = NULL;

    for (int i = 0; i < 16; i++) {
        pst_map_at(&map, 20 + i / 4, 30 + i % 4)[i % 5] += 1;
    }
    saliency = pst_saliency(&map);
    g_assert_cmpfloat_with_epsilon(mean_of(saliency, HEIGHT * WIDTH / 4), 1, 1e-4);
    g_assert_cmpfloat(saliency[11 * WIDTH / 2 + 16], >, 10);
    g_assert_cmpfloat(saliency[11 * WIDTH / 2 + 4], <, 0.5);
    pst_map_clear(&map);
}

/* Where structure is everywhere, nothing stands out. */
static void test_busy(void)
{
    PstMap map = noise(1);
    g_autofree float *saliency = pst_saliency(&map);

    for (int i = 0; i < HEIGHT * WIDTH / 4; i++) {
        g_assert_cmpfloat_with_epsilon(saliency[i], 1, 0.4);
    }
    pst_map_clear(&map);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/saliency/even", test_even);
    g_test_add_func("/saliency/spot", test_spot);
    g_test_add_func("/saliency/busy", test_busy);
    return g_test_run();
}
