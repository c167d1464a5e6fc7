/* Pooling, resampling, moments, pointwise convolutions, noise and Adam against the reference. */
#include "engine/kernel/adam.h"
#include "definitions.h"
#include "guarded.h"
#include "engine/kernel/unsigned_half.h"
#include "engine/kernel/line_noise.h"
#include "engine/kernel/kernels.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pointwise.h"
#include "engine/kernel/pooling.h"
#include "engine/kernel/reference.h"
#include "engine/kernel/resampling.h"

#include <math.h>
#include <string.h>

static void test_max_pool(void)
{
    for (int i = 0; i < 60; i++) {
        int height = g_test_rand_int_range(1, 15), width = g_test_rand_int_range(1, 15),
            channels = random_channels(128);
        Guarded x = guarded_random_map(height, width, channels), dx = guarded_map(height, width, channels);
        Guarded y = guarded_map(height / 2, width / 2, channels),
                dy = guarded_random_map(height / 2, width / 2, channels);
        /* Coarse values, for the sake of ties; of the two zeros only the positive one. */
        for (gsize j = 0; j < x.size; j++)
            x.map.data[j] = roundf(2 * x.map.data[j]) + 0.0f;
        Guarded expected = guarded_copy(&y), expected_dx = guarded_copy(&dx);

        pst_max_pool(&x.map, &y.map);
        pst_reference_max_pool(&x.map, &expected.map);
        assert_same(&y, &expected);
        pst_max_pool_gradient(&x.map, &y.map, &dy.map, &dx.map);
        pst_reference_max_pool_gradient(&x.map, &y.map, &dy.map, &expected_dx.map);
        assert_same(&dx, &expected_dx);

        Guarded *all[] = { &x, &dx, &y, &dy, &expected, &expected_dx };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

static void test_upsample(void)
{
    for (int i = 0; i < 60; i++) {
        int height = g_test_rand_int_range(1, 9), width = g_test_rand_int_range(1, 9), channels = random_channels(128);
        int more_rows = g_test_rand_int_range(0, 2), more_columns = g_test_rand_int_range(0, 2);
        Guarded x = guarded_random_map(height, width, channels), dx = guarded_map(height, width, channels);
        Guarded y = guarded_map(2 * height + more_rows, 2 * width + more_columns, channels);
        Guarded expected = guarded_copy(&y), expected_dx = guarded_copy(&dx);

        pst_upsample(&x.map, &y.map);
        pst_reference_upsample(&x.map, &expected.map);
        assert_same(&y, &expected);
        pst_upsample_gradient(&y.map, &dx.map);
        pst_reference_upsample_gradient(&y.map, &expected_dx.map);
        assert_close(&dx, &expected_dx, 1e-6);

        Guarded *all[] = { &x, &dx, &y, &expected, &expected_dx };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

/* A large common mean must not cost digits of the deviation. */
static void test_moments(void)
{
    for (int i = 0; i < 60; i++) {
        int height = g_test_rand_int_range(1, 40), width = g_test_rand_int_range(1, 40),
            channels = random_channels(128);
        Guarded x = guarded_random_map(height, width, channels);
        float offset = i % 2 ? 1000 : 1;
        for (gsize j = 0; j < x.size; j++)
            x.map.data[j] += offset;
        Guarded mean = guarded_floats(channels), deviation = guarded_floats(channels);
        Guarded expected_mean = guarded_floats(channels), expected_deviation = guarded_floats(channels);

        pst_map_moments(&x.map, 1e-5, mean.map.data, deviation.map.data);
        definition_moments(&x.map, 1e-5, expected_mean.map.data, expected_deviation.map.data);
        assert_close(&mean, &expected_mean, 1e-6);
        assert_close(&deviation, &expected_deviation, 1e-5);

        /* Two parts, each in strips, say the same. */
        g_autoptr(PstMoments) upper = pst_moments_new(channels);
        g_autoptr(PstMoments) lower = pst_moments_new(channels);
        for (int row = 0; row < height; row++)
            pst_moments_add(row < height / 2 ? upper : lower, &x.map, row, 1);
        pst_moments_merge(upper, lower);
        pst_moments_get(upper, 1e-5, mean.map.data, deviation.map.data);
        g_assert_cmpint(upper->count, ==, height * width);
        assert_close(&mean, &expected_mean, 1e-6);
        assert_close(&deviation, &expected_deviation, 1e-5);

        Guarded *all[] = { &x, &mean, &deviation, &expected_mean, &expected_deviation };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

static void test_moments_gradient(void)
{
    for (int i = 0; i < 30; i++) {
        int channels = random_channels(128);
        Guarded x = guarded_random_map(7, 9, channels), dx = guarded_random_map(7, 9, channels);
        Guarded expected = guarded_copy(&dx);
        Guarded mean = guarded_floats(channels), deviation = guarded_floats(channels);
        Guarded dmean = guarded_random_floats(channels), ddeviation = guarded_random_floats(channels);
        const float *a = i % 3 == 1 ? NULL : dmean.map.data, *b = i % 3 == 2 ? NULL : ddeviation.map.data;

        definition_moments(&x.map, 1e-5, mean.map.data, deviation.map.data);
        pst_map_moments_gradient(&x.map, mean.map.data, deviation.map.data, a, b, &dx.map);
        definition_moments_gradient(&x.map, mean.map.data, deviation.map.data, a, b, &expected.map);
        assert_close(&dx, &expected, 1e-5);

        Guarded *all[] = { &x, &dx, &expected, &mean, &deviation, &dmean, &ddeviation };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

static void test_covariance(void)
{
    for (int i = 0; i < 30; i++) {
        int height = g_test_rand_int_range(1, 40), width = g_test_rand_int_range(1, 40), channels = random_channels(48);
        gsize square = (gsize)channels * channels;
        Guarded x = guarded_random_map(height, width, channels);
        Guarded mean = guarded_floats(channels), deviation = guarded_floats(channels);
        Guarded covariance = guarded_floats(square), expected = guarded_floats(square);
        Guarded scratch = guarded_floats(pst_covariance_scratch(channels));

        definition_moments(&x.map, 0, mean.map.data, deviation.map.data);
        pst_covariance(&x.map, mean.map.data, covariance.map.data, scratch.map.data);
        definition_covariance(&x.map, mean.map.data, expected.map.data);
        assert_close(&covariance, &expected, 1e-5);

        Guarded *all[] = { &x, &mean, &deviation, &covariance, &expected, &scratch };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

static double largest(const Guarded *values)
{
    double most = 0;

    for (gsize i = 0; i < values->size; i++)
        most = MAX(most, fabs(values->map.data[i]));
    return most;
}

/* Gradients of weights are sums over all places: what cancels there leaves the rounding of its terms. */
static void test_pointwise(void)
{
    for (int i = 0; i < 40; i++) {
        int in = random_channels(128), out = random_channels(128);
        int height = g_test_rand_int_range(1, 20), width = g_test_rand_int_range(1, 20);
        gboolean accumulate = i % 2;
        Guarded x = guarded_random_map(height, width, in);
        Guarded y = guarded_random_map(height, width, out), weight = guarded_random_floats((gsize)in * out);
        Guarded bias = guarded_random_floats(out), dbias = guarded_copy(&bias), dweight = guarded_copy(&weight);
        Guarded strips = guarded_copy(&y), expected = guarded_copy(&y);
        Guarded expected_dweight = guarded_copy(&weight), expected_dbias = guarded_copy(&bias);
        const float *b = i % 3 ? bias.map.data : NULL;

        pst_pointwise(&x.map, weight.map.data, b, accumulate, &y.map, 0, height);
        pst_reference_pointwise(&x.map, weight.map.data, b, accumulate, &expected.map, 0, height);
        assert_close(&y, &expected, 1e-5);
        for (int row = 0; row < height; row += 3)
            pst_pointwise(&x.map, weight.map.data, b, accumulate, &strips.map, row, MIN(3, height - row));
        assert_same(&strips, &y);

        pst_pointwise_gradient_weights(&x.map, &y.map, dweight.map.data, i % 3 ? dbias.map.data : NULL);
        definition_pointwise_gradient_weights(&x.map, &y.map, expected_dweight.map.data,
                                              i % 3 ? expected_dbias.map.data : NULL);
        double limit = 1e-5 + 1e-7 * height * width * largest(&y);
        assert_close(&dweight, &expected_dweight, limit);
        assert_close(&dbias, &expected_dbias, limit);

        Guarded *all[] = { &x,      &y,        &weight,           &bias,          &dbias, &dweight,
                           &strips, &expected, &expected_dweight, &expected_dbias };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

/* Of a place of the lattice, as line_noise.h has it. */
static double lattice_number(guint32 row, guint32 column)
{
    guint32 h = row * 0x9E3779B1u ^ column * 0x85EBCA77u;

    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    return (gint32)(h ^ h >> 16) / 2147483648.0;
}

static void test_line_noise(void)
{
    for (int i = 0; i < 60; i++) {
        enum { MOST = 70 };
        int row = g_test_rand_int_range(0, 65500), column = g_test_rand_int_range(0, 65500);
        int count = g_test_rand_int_range(1, MOST);
        gint32 down[MOST], right[MOST];
        Guarded sums = guarded_map(1, count, 1);

        for (int x = 0; x < count; x++) {
            down[x] = g_test_rand_int_range(-512, 513);
            right[x] = g_test_rand_int_range(-512, 513);
        }
        pst_line_noise(row, column, count, down, right, sums.map.data);
        for (int x = 0; x < count; x++) {
            double sum = 0;

            for (int k = -8; k <= 8; k++) {
                double y = (row + k * down[x] / 256.0) / 4, across = (column + 2 * x + k * right[x] / 256.0) / 4;

                /* turned; there are 2^14 numbers in each direction */
                sum += (1 + cos(G_PI * k / 9)) / 2 *
                       lattice_number((gint64)floor((211 * y + 145 * across) / 256 + 0.5) & 16383,
                                      (gint64)floor((211 * across - 145 * y) / 256 + 0.5) & 16383);
            }
            g_assert_cmpfloat_with_epsilon(sums.map.data[x], sum, 1e-5);
        }
        guarded_clear(&sums);
    }
}

static void test_adam(void)
{
    enum { N = 1003 };
    Guarded weights = guarded_random_floats(N), m = guarded_floats(N), v = guarded_floats(N);
    memset(m.map.data, 0, sizeof(float) * N);
    memset(v.map.data, 0, sizeof(float) * N);
    Guarded weights2 = guarded_copy(&weights), m2 = guarded_copy(&m), v2 = guarded_copy(&v);

    for (int step = 1; step <= 20; step++) {
        Guarded gradient = guarded_random_floats(N);
        pst_adam_step(weights.map.data, gradient.map.data, m.map.data, v.map.data, N, step, 1e-2f, 0.9f, 0.999f, 1e-8f);
        pst_reference_adam_step(weights2.map.data, gradient.map.data, m2.map.data, v2.map.data, N, step, 1e-2f, 0.9f,
                                0.999f, 1e-8f);
        guarded_clear(&gradient);
    }
    assert_close(&weights, &weights2, 1e-5);
    assert_close(&m, &m2, 1e-5);
    assert_close(&v, &v2, 1e-5);

    Guarded *all[] = { &weights, &m, &v, &weights2, &m2, &v2 };
    for (guint j = 0; j < G_N_ELEMENTS(all); j++)
        guarded_clear(all[j]);
}

/* Every half comes back as it was; floats between two go to the nearer, and beyond the largest to it. */
static void test_halves(void)
{
    enum { COUNT = 1 << 16 };
    g_autofree guint16 *halves = g_new(guint16, COUNT), *again = g_new(guint16, COUNT);
    g_autofree float *floats = g_new(float, COUNT), *expected = g_new(float, COUNT);

    for (int i = 0; i < COUNT; i++)
        halves[i] = (guint16)i;
    pst_unsigned_halves_to_floats(halves, COUNT, floats);
    pst_unsigned_halves_from_floats(floats, COUNT, again);
    g_assert_cmpmem(halves, COUNT * sizeof *halves, again, COUNT * sizeof *again);
    pst_reference_halves_to_floats(halves, COUNT, expected);
    g_assert_cmpmem(floats, COUNT * sizeof *floats, expected, COUNT * sizeof *expected);
    g_assert_cmpfloat(floats[1], ==, PST_UNSIGNED_HALF_LEAST);
    g_assert_cmpfloat(floats[COUNT - 1], ==, PST_UNSIGNED_HALF_LARGEST);

    const float values[] = {
        1.0f,  1.0f + 0x1p-12f, 1.0f + 0x1.8p-11f, 1.0f + 0x1.1p-12f, 2.0f - 0x1p-12f, 1023, 1e9f, INFINITY, NAN,
        -1.0f, -0.0f,           0x1p-24f,          0x1p-21f
    };
    const float nearest[] = { 1.0f,
                              1.0f,
                              1.0f + 0x1p-10f,
                              1.0f + 0x1p-11f,
                              2.0f,
                              1023,
                              PST_UNSIGNED_HALF_LARGEST,
                              PST_UNSIGNED_HALF_LARGEST,
                              0,
                              0,
                              0,
                              0,
                              0x1p-21f };
    float results[G_N_ELEMENTS(values)];
    pst_unsigned_halves_from_floats(values, G_N_ELEMENTS(values), halves);
    pst_unsigned_halves_to_floats(halves, G_N_ELEMENTS(values), results);
    for (guint i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpfloat(results[i], ==, nearest[i]);

    for (int i = 0; i < COUNT; i++)
        floats[i] = ldexpf((float)g_test_rand_double_range(-0.1, 1), g_test_rand_int_range(-24, 12));
    pst_unsigned_halves_from_floats(floats, COUNT, halves);
    pst_reference_halves_from_floats(floats, COUNT, again);
    g_assert_cmpmem(halves, COUNT * sizeof *halves, again, COUNT * sizeof *again);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_message("kernels: %s", pst_kernels()->name);
    g_test_add_func("/kernel/halves", test_halves);
    g_test_add_func("/kernel/max-pool", test_max_pool);
    g_test_add_func("/kernel/upsample", test_upsample);
    g_test_add_func("/kernel/moments", test_moments);
    g_test_add_func("/kernel/moments-gradient", test_moments_gradient);
    g_test_add_func("/kernel/covariance", test_covariance);
    g_test_add_func("/kernel/pointwise", test_pointwise);
    g_test_add_func("/kernel/line-noise", test_line_noise);
    g_test_add_func("/kernel/adam", test_adam);
    return g_test_run();
}
