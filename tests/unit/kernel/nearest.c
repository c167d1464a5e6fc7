/* The nearest of unit vectors against the reference, to the number, and against similarities in full precision. */
#include "engine/kernel/kernels.h"
#include "engine/kernel/nearest.h"
#include "engine/kernel/neighbours.h"
#include "engine/kernel/reference.h"
#include "guarded.h"

#include <math.h>
#include <string.h>

/* Directions as features have them: one for each of `places`, several times the same where there are more. */
static Guarded directions(int count, int places, int channels)
{
    Guarded values = guarded_random_map(1, count, channels);
    g_autofree float *centre = g_new0(float, channels);

    for (int i = places; i < count; i++)
        memcpy(pst_map_at(&values.map, 0, i), pst_map_at(&values.map, 0, i % places), channels * sizeof(float));
    pst_neighbours_unit(values.map.data, NULL, count, channels, centre, values.map.data, NULL);
    return values;
}

static float similarity(const float *a, const float *b, int channels)
{
    float sum = 0;

    for (int c = 0; c < channels; c++)
        sum += a[c] * b[c];
    return sum;
}

/* Off by no more than rounding is. */
static void check_similarity(const float *query, const float *candidates, int candidate_count, int channels, int found)
{
    float best = -2;

    for (int j = 0; j < candidate_count; j++)
        best = MAX(best, similarity(query, candidates + (gsize)j * channels, channels));
    g_assert_cmpfloat(similarity(query, candidates + (gsize)found * channels, channels), >=, best - 0.004f);
}

static void check(int count, int candidate_count, int places, int channels)
{
    Guarded queries = directions(count, count, channels), candidates = directions(candidate_count, places, channels);
    gsize size = pst_nearest_table_size(candidate_count, channels);
    Guarded table = guarded_floats((size + 1) / 2);
    Guarded scratch = guarded_floats(pst_nearest_scratch(channels) / sizeof(float));
    g_autofree gint16 *expected_table = g_new(gint16, (gsize)candidate_count * channels);
    g_autofree int *index = g_new(int, count), *expected = g_new(int, count);

    pst_nearest_pack(candidates.map.data, candidate_count, channels, (gint16 *)table.map.data);
    pst_nearest_find(queries.map.data, count, (gint16 *)table.map.data, candidate_count, channels, index,
                     scratch.map.data);
    pst_reference_nearest_pack(candidates.map.data, candidate_count, channels, expected_table);
    pst_reference_nearest(queries.map.data, count, expected_table, candidate_count, channels, expected);
    g_assert_cmpmem(index, count * sizeof *index, expected, count * sizeof *expected);
    for (int i = 0; i < count; i++) {
        g_assert_cmpint(index[i], <, places);
        check_similarity(queries.map.data + (gsize)i * channels, candidates.map.data, candidate_count, channels,
                         index[i]);
    }
    Guarded *all[] = { &queries, &candidates, &table, &scratch };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void test_find(void)
{
    check(1, 1, 1, 1);
    check(PST_NEAREST_QUERIES, 513, 513, 16);
    check(PST_NEAREST_QUERIES + 13, 1100, 100, 33);
    check(13, PST_NEAREST_CANDIDATES, PST_NEAREST_CANDIDATES, 128);
    for (int i = 0; i < 60; i++) {
        int candidates = g_test_rand_int_range(1, 700);

        check(g_test_rand_int_range(1, 300), candidates, g_test_rand_int_range(1, candidates + 1),
              random_channels(128));
    }
}

/* The largest similarities there are: no sum overflows. */
static void test_itself(void)
{
    enum { COUNT = 40, CHANNELS = 128 };
    float vectors[COUNT][CHANNELS] = { { 0 } };
    Guarded table = guarded_floats((pst_nearest_table_size(COUNT, CHANNELS) + 1) / 2);
    Guarded scratch = guarded_floats(pst_nearest_scratch(CHANNELS) / sizeof(float));
    int index[COUNT];

    for (int i = 0; i < COUNT; i++) /* on the first axis, and then between two and more of them */
        for (int c = 0; c <= i; c++)
            vectors[i][c] = (i % 2 ? -1 : 1) / sqrtf(i + 1);
    pst_nearest_pack(vectors[0], COUNT, CHANNELS, (gint16 *)table.map.data);
    pst_nearest_find(vectors[0], COUNT, (gint16 *)table.map.data, COUNT, CHANNELS, index, scratch.map.data);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpint(index[i], ==, i);
    guarded_clear(&table);
    guarded_clear(&scratch);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nearest/find", test_find);
    g_test_add_func("/nearest/itself", test_itself);
    return g_test_run();
}
