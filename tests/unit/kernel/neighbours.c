/* What draws places to their neighbours against the reference, and features as unit vectors. */
#include "engine/kernel/kernels.h"
#include "engine/kernel/neighbours.h"
#include "engine/kernel/reference.h"
#include "guarded.h"

#include <math.h>
#include <string.h>

static void test_unit(void)
{
    enum { ROWS = 9, CHANNELS = 19, COUNT = 4 };
    static const int rows[COUNT] = { 8, 0, 3, 3 };
    Guarded features = guarded_random_map(1, ROWS, CHANNELS), centre = guarded_random_floats(CHANNELS);
    Guarded unit = guarded_map(1, COUNT, CHANNELS), inverse = guarded_floats(COUNT);

    memcpy(pst_map_at(&features.map, 0, 3), centre.map.data, CHANNELS * sizeof(float));
    pst_neighbours_unit(features.map.data, rows, COUNT, CHANNELS, centre.map.data, unit.map.data, inverse.map.data);
    for (int i = 0; i < COUNT; i++) {
        double squares = 0;
        for (int c = 0; c < CHANNELS; c++) {
            float u = pst_map_at(&unit.map, 0, i)[c];
            squares += u * u;
            g_assert_cmpfloat_with_epsilon(u / inverse.map.data[i] + centre.map.data[c],
                                           pst_map_at(&features.map, 0, rows[i])[c], 1e-5);
        }
        /* A place that is the centre has no direction. */
        g_assert_cmpfloat_with_epsilon(squares, rows[i] == 3 ? 0 : 1, 1e-5);
    }
    Guarded *all[] = { &features, &centre, &unit, &inverse };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void test_pull(void)
{
    enum { VECTORS = 5 };
    for (int i = 0; i < 60; i++) {
        int channels = random_channels(128), places = g_test_rand_int_range(1, 30);
        Guarded x = guarded_random_map(1, places, channels), gradient = guarded_random_map(1, places, channels);
        Guarded vectors = guarded_random_floats(VECTORS * channels), lengths = guarded_random_floats(VECTORS);
        Guarded centre = guarded_random_floats(channels), scale = guarded_random_floats(channels);
        Guarded offset = guarded_random_floats(channels), expected = guarded_copy(&gradient);
        g_autofree int *index = g_new(int, places);
        PstPull pull = { centre.map.data, vectors.map.data, lengths.map.data, 0.7f, 0.3f,
                         scale.map.data,  offset.map.data };
        double sums[2] = { 1, 2 }, expected_sums[2] = { 1, 2 };

        for (int k = 0; k < places; k++)
            index[k] = g_test_rand_int_range(0, VECTORS);
        pst_neighbours_pull(x.map.data, index, places, channels, &pull, gradient.map.data, sums);
        pst_reference_pull(x.map.data, index, places, channels, &pull, expected.map.data, expected_sums);
        assert_close(&gradient, &expected, 1e-4);
        for (int k = 0; k < 2; k++)
            g_assert_cmpfloat_with_epsilon(sums[k] / expected_sums[k], 1, 1e-4);

        Guarded *all[] = { &x, &gradient, &vectors, &lengths, &centre, &scale, &offset, &expected };
        for (guint k = 0; k < G_N_ELEMENTS(all); k++)
            guarded_clear(all[k]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_message("kernels: %s", pst_kernels()->name);
    g_test_add_func("/kernel/neighbours/pull", test_pull);
    g_test_add_func("/kernel/neighbours/unit", test_unit);
    return g_test_run();
}
