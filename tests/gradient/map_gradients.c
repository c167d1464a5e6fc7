/* The gradients of pooling, resampling and moments, as they are defined, against finite differences. */
#include "definitions.h"
#include "guarded.h"
#include "engine/kernel/reference.h"

#include <string.h>

enum {
    HEIGHT = 5,
    WIDTH = 7,
    CHANNELS = 3,
    STATISTICS = 2 * CHANNELS,
};

typedef void (*Forward)(const PstMap *x, float *results);

/* d(sum of weights times results)/dx by central differences. */
static Guarded differences(Forward forward, Guarded *x, const Guarded *weights, float step)
{
    Guarded gradient = guarded_copy(x), results = guarded_floats(weights->size);

    for (gsize i = 0; i < x->size; i++) {
        float value = x->map.data[i];
        double sums[2] = { 0 };
        for (int side = 0; side < 2; side++) {
            x->map.data[i] = side ? value + step : value - step;
            forward(&x->map, results.map.data);
            for (gsize j = 0; j < results.size; j++)
                sums[side] += (double)results.map.data[j] * weights->map.data[j];
        }
        x->map.data[i] = value;
        gradient.map.data[i] = (float)((sums[1] - sums[0]) / (2 * (double)step));
    }
    guarded_clear(&results);
    return gradient;
}

static void pool(const PstMap *x, float *results)
{
    PstMap y = { results, HEIGHT / 2, WIDTH / 2, CHANNELS };
    pst_reference_max_pool(x, &y);
}

static void test_max_pool(void)
{
    Guarded x = guarded_map(HEIGHT, WIDTH, CHANNELS), dx = guarded_copy(&x);
    Guarded y = guarded_map(HEIGHT / 2, WIDTH / 2, CHANNELS), dy = guarded_random_map(HEIGHT / 2, WIDTH / 2, CHANNELS);
    /* All values differ by more than the step: 37 and the size have no common divisor. */
    for (gsize i = 0; i < x.size; i++)
        x.map.data[i] = (float)(i * 37 % x.size);
    pst_reference_max_pool(&x.map, &y.map);
    pst_reference_max_pool_gradient(&x.map, &y.map, &dy.map, &dx.map);
    Guarded expected = differences(pool, &x, &dy, 0.25f);
    assert_close(&dx, &expected, 1e-5);

    Guarded *all[] = { &x, &dx, &y, &dy, &expected };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void upsample(const PstMap *x, float *results)
{
    PstMap y = { results, 2 * HEIGHT + 1, 2 * WIDTH, CHANNELS };
    pst_reference_upsample(x, &y);
}

static void test_upsample(void)
{
    Guarded x = guarded_random_map(HEIGHT, WIDTH, CHANNELS), dx = guarded_copy(&x);
    Guarded dy = guarded_random_map(2 * HEIGHT + 1, 2 * WIDTH, CHANNELS);
    pst_reference_upsample_gradient(&dy.map, &dx.map);
    Guarded expected = differences(upsample, &x, &dy, 0.5f);
    assert_close(&dx, &expected, 1e-5);

    Guarded *all[] = { &x, &dx, &dy, &expected };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

/* Means and deviations. */
static void statistics(const PstMap *x, float *results)
{
    definition_moments(x, 0.01, results, results + CHANNELS);
}

static void test_statistics(void)
{
    Guarded x = guarded_random_map(HEIGHT, WIDTH, CHANNELS), dx = guarded_copy(&x);
    Guarded results = guarded_floats(STATISTICS), weights = guarded_random_floats(STATISTICS);
    const float *mean = results.map.data, *dmean = weights.map.data;

    memset(dx.map.data, 0, sizeof(float) * dx.size);
    statistics(&x.map, results.map.data);
    definition_moments_gradient(&x.map, mean, mean + CHANNELS, dmean, dmean + CHANNELS, &dx.map);
    Guarded expected = differences(statistics, &x, &weights, 0.02f);
    assert_close(&dx, &expected, 1e-3);

    Guarded *all[] = { &x, &dx, &results, &weights, &expected };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gradient/max-pool", test_max_pool);
    g_test_add_func("/gradient/upsample", test_upsample);
    g_test_add_func("/gradient/statistics", test_statistics);
    return g_test_run();
}
