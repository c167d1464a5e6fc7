/* The forward convolution against the reference: shapes, fusions, divisions of the rows, guard
 * bands. */
#include "engine/kernel/convolution.h"
#include "guarded.h"
#include "engine/kernel/kernels.h"
#include "engine/kernel/reference.h"

#include <string.h>

typedef struct {
    PstConvolution *convolution;
    Guarded weight;
    Guarded bias;
    Guarded scratch;
    Guarded x;
    Guarded plus;
    int height;
    int width;
    PstFusion fusion;
} Case;

static Case make_case(int in, int out, int height, int width, gboolean upsample, gboolean plus)
{
    Case c = { .height = height, .width = width };
    c.convolution = pst_convolution_new(in, out);
    c.weight = guarded_random_floats((gsize)in * out * 9);
    c.bias = guarded_random_floats(out);
    pst_convolution_set(c.convolution, c.weight.map.data, c.bias.map.data);
    c.scratch = guarded_floats(pst_convolution_scratch(c.convolution, width));
    c.x = upsample ? guarded_random_map(MAX(height / 2, 1), MAX(width / 2, 1), in)
                   : guarded_random_map(height, width, in);
    c.plus = guarded_random_map(height, width, in);
    c.fusion.upsample = upsample;
    c.fusion.plus = plus ? &c.plus.map : NULL;
    return c;
}

static void clear_case(Case *c)
{
    pst_convolution_free(c->convolution);
    guarded_clear(&c->weight);
    guarded_clear(&c->bias);
    guarded_clear(&c->scratch);
    guarded_clear(&c->x);
    guarded_clear(&c->plus);
}

static void check_case(Case *c)
{
    int in = pst_convolution_in(c->convolution), out = pst_convolution_out(c->convolution);
    PstFusion fusion = c->fusion;
    fusion.plus = c->fusion.plus != NULL ? &c->plus.map : NULL;
    Guarded expected = guarded_map(c->height, c->width, out), y = guarded_map(c->height, c->width, out);
    Guarded expected_pooled = guarded_map(c->height / 2, c->width / 2, out);
    Guarded pooled = guarded_map(c->height / 2, c->width / 2, out);

    for (int pool = 0; pool < 2; pool++) {
        fusion.pooled = pool ? &expected_pooled.map : NULL;
        pst_reference_forward(c->weight.map.data, c->bias.map.data, in, out, &c->x.map, &expected.map, 0, c->height,
                              &fusion);
        fusion.pooled = pool ? &pooled.map : NULL;
        pst_convolution_forward(c->convolution, &c->x.map, &y.map, 0, c->height, &fusion, c->scratch.map.data);
        assert_close(&y, &expected, 1e-4);
    }
    assert_close(&pooled, &expected_pooled, 1e-4);

    /* Strips, in any order, make the same bytes. */
    Guarded strips = guarded_map(c->height, c->width, out), pooled_strips = guarded_copy(&pooled);
    int rows = 4 * g_test_rand_int_range(1, 4);
    fusion.pooled = &pooled_strips.map;
    for (int first = (c->height - 1) / rows * rows; first >= 0; first -= rows)
        pst_convolution_forward(c->convolution, &c->x.map, &strips.map, first, MIN(rows, c->height - first), &fusion,
                                c->scratch.map.data);
    assert_same(&strips, &y);
    assert_same(&pooled_strips, &pooled);

    /* The size of the output is then that of plus, or of x. */
    if (fusion.plus != NULL || !fusion.upsample) {
        memset(pooled_strips.map.data, 0, sizeof(float) * pooled_strips.size);
        pst_convolution_forward(c->convolution, &c->x.map, NULL, 0, c->height, &fusion, c->scratch.map.data);
        assert_same(&pooled_strips, &pooled);
    }

    guarded_clear(&expected);
    guarded_clear(&y);
    guarded_clear(&expected_pooled);
    guarded_clear(&pooled);
    guarded_clear(&strips);
    guarded_clear(&pooled_strips);
}

static void test_fusions(void)
{
    for (int options = 0; options < 8; options++)
        for (int i = 0; i < 12; i++) {
            Case c = make_case(random_channels(128), random_channels(48), g_test_rand_int_range(1, 20),
                               g_test_rand_int_range(1, 20), options & 1, options & 2);
            c.fusion.relu = (options & 4) != 0;
            check_case(&c);
            clear_case(&c);
        }
}

/* Every kind of kernel at every size of map up to a tile and a half. */
static void test_small_maps(void)
{
    static const int channels[][2] = { { 3, 16 }, { 16, 3 }, { 17, 24 }, { 1, 1 } };
    for (guint i = 0; i < G_N_ELEMENTS(channels); i++)
        for (int height = 1; height <= 6; height++)
            for (int width = 1; width <= 6; width++) {
                Case c = make_case(channels[i][0], channels[i][1], height, width, FALSE, FALSE);
                check_case(&c);
                clear_case(&c);
            }
}

static void test_long_rows(void)
{
    static const int shapes[][4] = {
        { 3, 16, 1, 333 },  { 16, 16, 2, 401 }, { 16, 3, 3, 259 },
        { 5, 128, 1, 130 }, { 32, 32, 300, 1 }, { 16, 17, 70, 2 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
        Case c = make_case(shapes[i][0], shapes[i][1], shapes[i][2], shapes[i][3], FALSE, TRUE);
        check_case(&c);
        clear_case(&c);
    }
}

static void test_wide_channels(void)
{
    static const int channels[][2] = { { 128, 128 }, { 64, 128 }, { 128, 64 }, { 128, 3 }, { 3, 128 } };
    for (guint i = 0; i < G_N_ELEMENTS(channels); i++) {
        Case c = make_case(channels[i][0], channels[i][1], 13, 18, FALSE, FALSE);
        check_case(&c);
        clear_case(&c);
    }
}

/* Copies what is needed of rows first .. end-1 of a map into a ring that holds columns from `left` on. */
static void fill_ring(const PstMap *map, int first, int end, const PstView *view, PstMap *ring)
{
    for (int row = MAX(0, first); row < MIN(map->height, end); row++)
        memcpy(pst_map_at(ring, row % view->held, 0), pst_map_at(map, row, view->left),
               sizeof(float) * ring->width * ring->channels);
}

static void compare_columns(const PstMap *whole, const PstMap *ring, const PstView *view, int first, int end)
{
    for (int row = first; row < MIN(whole->height, end); row++)
        g_assert_cmpmem(pst_map_at(ring, row % view->held, 0), sizeof(float) * ring->width * ring->channels,
                        pst_map_at(whole, row, view->left), sizeof(float) * ring->width * ring->channels);
}

/* Columns of a map that passes through rings of rows get the same bytes as in the whole map. */
static void test_views(void)
{
    enum { HELD = 12 };
    static const int channels[][2] = { { 3, 16 }, { 16, 3 }, { 16, 16 }, { 17, 24 }, { 64, 40 } };

    for (int i = 0; i < 60; i++) {
        const int *pair = channels[i % G_N_ELEMENTS(channels)];
        int in = pair[0], out = pair[1], scale = 1 + i % 2;
        int height = 2 * g_test_rand_int_range(3, 20), width = 2 * g_test_rand_int_range(3, 30);
        int left = g_test_rand_int_range(0, width / 4) * 4;
        int tiles = g_test_rand_int_range(1, 8), right = MIN(width, left + 4 * tiles);
        Case c = make_case(in, out, height, width, i % 2, i % 3 == 0);
        PstFusion fusion = c.fusion;
        fusion.relu = TRUE;
        fusion.plus = i % 3 == 0 ? &c.plus.map : NULL;
        Guarded y = guarded_map(height, width, out), pooled = guarded_map(height / 2, width / 2, out);
        fusion.pooled = &pooled.map;
        pst_convolution_forward(c.convolution, &c.x.map, &y.map, 0, height, &fusion, c.scratch.map.data);

        PstViews views = { .width = width,
                           .x = { MAX(0, left - 1) / scale, HELD },
                           .plus = { MAX(0, left - 1), HELD },
                           .y = { left, HELD },
                           .pooled = { left / 2, HELD } };
        int last = MIN(width, right + 1) - 1;
        Guarded x_ring = guarded_map(HELD, last / scale + 1 - views.x.left, in);
        Guarded plus_ring = guarded_map(HELD, last + 1 - views.plus.left, in);
        Guarded y_ring = guarded_map(HELD, right - left, out), pooled_ring = guarded_map(HELD, (right - left) / 2, out);
        PstMap x = x_ring.map, plus = plus_ring.map, to = y_ring.map, to_pooled = pooled_ring.map;
        x.height = height / scale;
        plus.height = to.height = height;
        to_pooled.height = height / 2;
        fusion.plus = i % 3 == 0 ? &plus : NULL;
        fusion.pooled = &to_pooled;
        fusion.views = &views;
        for (int first = 0; first < height; first += 4) {
            int end = MIN(height, first + 4);
            PstMap x_rows = x_ring.map, plus_rows = plus_ring.map;
            fill_ring(&c.x.map, (first - 1) / scale, end / scale + 1, &views.x, &x_rows);
            fill_ring(&c.plus.map, first - 1, end + 1, &views.plus, &plus_rows);
            for (int both = 0; both < 2; both++)
                pst_convolution_forward(c.convolution, &x, both ? &to : NULL, first, end - first, &fusion,
                                        c.scratch.map.data);
            compare_columns(&y.map, &y_ring.map, &views.y, first, end);
            compare_columns(&pooled.map, &pooled_ring.map, &views.pooled, first / 2, end / 2);
        }
        clear_case(&c);
        guarded_clear(&y);
        guarded_clear(&pooled);
        guarded_clear(&x_ring);
        guarded_clear(&plus_ring);
        guarded_clear(&y_ring);
        guarded_clear(&pooled_ring);
    }
}

static void test_zero_until_set(void)
{
    g_autoptr(PstConvolution) convolution = pst_convolution_new(16, 16);
    Guarded x = guarded_random_map(5, 7, 16), y = guarded_map(5, 7, 16);
    Guarded scratch = guarded_floats(pst_convolution_scratch(convolution, 7));

    pst_convolution_forward(convolution, &x.map, &y.map, 0, 5, NULL, scratch.map.data);
    for (gsize i = 0; i < y.size; i++)
        g_assert_cmpfloat(y.map.data[i], ==, 0);
    guarded_clear(&x);
    guarded_clear(&y);
    guarded_clear(&scratch);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_message("kernels: %s", pst_kernels()->name);
    g_test_add_func("/kernel/convolution/fusions", test_fusions);
    g_test_add_func("/kernel/convolution/small-maps", test_small_maps);
    g_test_add_func("/kernel/convolution/long-rows", test_long_rows);
    g_test_add_func("/kernel/convolution/wide-channels", test_wide_channels);
    g_test_add_func("/kernel/convolution/views", test_views);
    g_test_add_func("/kernel/convolution/zero-until-set", test_zero_until_set);
    return g_test_run();
}
