/* Nearest neighbours against a search one by one. */
#include "engine/kernel/blas.h"
#include "engine/kernel/kernels.h"
#include "engine/kernel/neighbours.h"
#include "engine/kernel/reference.h"
#include "guarded.h"

#include <math.h>
#include <string.h>

/* Coarse values, for the sake of ties. */
static Guarded coarse(gsize n)
{
    Guarded values = guarded_random_floats(n);

    for (gsize i = 0; i < n; i++)
        values.map.data[i] = roundf(4 * values.map.data[i]);
    return values;
}

static void check_largest(int rows, int columns, int first, gboolean of_rows)
{
    int count = of_rows ? rows : columns;
    Guarded values = coarse((gsize)rows * columns), largest = coarse(count), expected = guarded_copy(&largest);
    g_autofree int *index = g_new(int, count), *expected_index = g_new(int, count);

    for (int i = 0; i < count; i++)
        index[i] = expected_index[i] = g_test_rand_int_range(0, first + 1);
    if (of_rows) {
        pst_kernels()->largest_of_rows(values.map.data, rows, columns, first, largest.map.data, index);
        pst_reference_largest_of_rows(values.map.data, rows, columns, first, expected.map.data, expected_index);
    } else {
        pst_kernels()->largest_of_columns(values.map.data, rows, columns, first, largest.map.data, index);
        pst_reference_largest_of_columns(values.map.data, rows, columns, first, expected.map.data, expected_index);
    }
    assert_same(&largest, &expected);
    g_assert_cmpmem(index, count * sizeof *index, expected_index, count * sizeof *index);
    guarded_clear(&values);
    guarded_clear(&largest);
    guarded_clear(&expected);
}

static void test_largest(void)
{
    for (int i = 0; i < 200; i++)
        check_largest(g_test_rand_int_range(1, 70), g_test_rand_int_range(1, 70), g_test_rand_int_range(0, 9), i % 2);
}

/* Integers, so that products are exact and ties are ties. */
static void check_find(int count, int candidate_count, int channels)
{
    Guarded queries = coarse((gsize)count * channels), candidates = coarse((gsize)candidate_count * channels);
    Guarded scratch = guarded_floats(pst_neighbours_scratch());
    Guarded similarity = guarded_floats(count), back_similarity = guarded_floats(candidate_count);
    g_autofree int *index = g_new(int, count), *back_index = g_new(int, candidate_count);
    g_autofree float *products = g_new(float, (gsize)count *candidate_count);
    PstNeighbours forwards = { index, similarity.map.data }, backwards = { back_index, back_similarity.map.data };

    pst_blas_prepare();
    pst_neighbours_find(queries.map.data, count, candidates.map.data, candidate_count, channels, &forwards, &backwards,
                        scratch.map.data);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < candidate_count; j++) {
            float *product = &products[(gsize)i * candidate_count + j];
            *product = 0;
            for (int c = 0; c < channels; c++)
                *product += queries.map.data[i * channels + c] * candidates.map.data[j * channels + c];
        }
    for (int i = 0; i < count; i++) {
        const float *row = products + (gsize)i * candidate_count;
        int best = 0;
        for (int j = 1; j < candidate_count; j++)
            best = row[j] > row[best] ? j : best;
        g_assert_cmpint(index[i], ==, best);
        g_assert_cmpfloat(similarity.map.data[i], ==, row[best]);
    }
    for (int j = 0; j < candidate_count; j++) {
        int best = 0;
        for (int i = 1; i < count; i++)
            best = products[(gsize)i * candidate_count + j] > products[(gsize)best * candidate_count + j] ? i : best;
        g_assert_cmpint(back_index[j], ==, best);
        g_assert_cmpfloat(back_similarity.map.data[j], ==, products[(gsize)best * candidate_count + j]);
    }

    Guarded *all[] = { &queries, &candidates, &scratch, &similarity, &back_similarity };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void test_find(void)
{
    check_find(1, 1, 1);
    check_find(65, 513, 16);
    check_find(130, 1100, 40);
    for (int i = 0; i < 30; i++)
        check_find(g_test_rand_int_range(1, 200), g_test_rand_int_range(1, 700), random_channels(64));
}

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
    g_test_add_func("/kernel/neighbours/largest", test_largest);
    g_test_add_func("/kernel/neighbours/find", test_find);
    g_test_add_func("/kernel/neighbours/pull", test_pull);
    g_test_add_func("/kernel/neighbours/unit", test_unit);
    return g_test_run();
}
