/* Pyramids are linear maps: what they take apart comes together again, and their gradients are their adjoints. */
#include "engine/network/pyramid.h"

#include <string.h>

static PstMap random_map(int height, int width, int channels)
{
    PstMap map = pst_map_new(height, width, channels);

    for (gsize i = 0; i < pst_map_size(&map); i++) {
        map.data[i] = (float)g_test_rand_double_range(-1, 1);
    }
    return map;
}

static double product(const PstMap *a, const PstMap *b)
{
    double sum = 0;

    g_assert_cmpint(pst_map_size(a), ==, pst_map_size(b));
    for (gsize i = 0; i < pst_map_size(a); i++) {
        sum += a->data[i] * (double)b->data[i];
    }
    return sum;
}

static double farthest(const PstMap *a, const PstMap *b)
{
    double most = 0;

    for (gsize i = 0; i < pst_map_size(a); i++) {
        most = MAX(most, ABS(a->data[i] - b->data[i]));
    }
    return most;
}

typedef struct {
    PstThreadPool *pool;
    PstExecutor *executor;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    f->pool = pst_thread_pool_new(2);
    f->executor = pst_executor_new(f->pool, NULL, NULL, NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_executor_free(f->executor);
    pst_thread_pool_free(f->pool);
}

static void test_double(Fixture *f, gconstpointer data)
{
    for (int i = 0; i < 40; i++) {
        int height = g_test_rand_int_range(1, 20), width = g_test_rand_int_range(1, 20);
        PstMap x = random_map(height, width, 3), dx = random_map(height, width, 3);
        PstMap y = random_map(MAX(1, 2 * height + g_test_rand_int_range(-1, 2)),
                              MAX(1, 2 * width + g_test_rand_int_range(-1, 2)), 3);
        PstMap dy = random_map(y.height, y.width, 3), more = random_map(y.height, y.width, 3);
        PstMap sum = random_map(y.height, y.width, 3);

        pst_double(f->executor, &x, FALSE, &y);
        pst_double_gradient(f->executor, &dy, &dx);
        g_assert_cmpfloat_with_epsilon(product(&y, &dy), product(&x, &dx), 1e-4);

        memcpy(sum.data, more.data, pst_map_size(&sum) * sizeof(float));
        pst_double(f->executor, &x, TRUE, &sum);
        for (gsize k = 0; k < pst_map_size(&sum); k++) {
            sum.data[k] -= more.data[k];
        }
        g_assert_cmpfloat(farthest(&sum, &y), <, 1e-6);

        PstMap *all[] = { &x, &dx, &y, &dy, &more, &sum };
        for (guint k = 0; k < G_N_ELEMENTS(all); k++) {
            pst_map_clear(all[k]);
        }
    }
}

/* A ramp stays a ramp, half as steep, but for the edges. */
static void test_ramp(Fixture *f, gconstpointer data)
{
    PstMap x = pst_map_new(8, 8, 1), y = pst_map_new(16, 16, 1);

    for (int i = 0; i < 64; i++) {
        x.data[i] = i / 8 + 10.0f * (i % 8);
    }
    pst_double(f->executor, &x, FALSE, &y);
    for (int row = 1; row < 15; row++) {
        for (int column = 1; column < 15; column++) {
            g_assert_cmpfloat_with_epsilon(*pst_map_at(&y, row, column), (row - 0.5) / 2 + 10 * (column - 0.5) / 2,
                                           1e-5);
        }
    }
    pst_halve(f->executor, &y, &x);
    g_assert_cmpfloat_with_epsilon(*pst_map_at(&x, 3, 4), 3 + 10.0 * 4, 1e-5);
    pst_map_clear(&x);
    pst_map_clear(&y);
}

static void test_pyramid(Fixture *f, gconstpointer data)
{
    static const int sizes[][2] = { { 64, 96 }, { 61, 35 }, { 5, 130 }, { 4, 4 } };

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PstPyramid) pyramid = pst_pyramid_new(sizes[i][0], sizes[i][1], 3);
        g_autoptr(PstPyramid) gradient = pst_pyramid_new(sizes[i][0], sizes[i][1], 3);

        for (int first = 0; first < MIN(2, pyramid->levels); first++) {
            const PstMap *level = &pyramid->level[first];
            PstMap picture = random_map(level->height, level->width, 3),
                   again = random_map(level->height, level->width, 3);
            double sum = 0;

            pst_pyramid_analyse(pyramid, first, f->executor, &picture);
            pst_pyramid_collapse(pyramid, first, f->executor, &again);
            g_assert_cmpfloat(farthest(&picture, &again), <, 1e-5);
            pst_pyramid_gradient(gradient, first, f->executor, &picture);
            for (int k = first; k < pyramid->levels; k++) {
                sum += product(&pyramid->level[k], &gradient->level[k]);
            }
            g_assert_cmpfloat_with_epsilon(sum, product(&picture, &again), 1e-3);
            pst_map_clear(&picture);
            pst_map_clear(&again);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refine/double", Fixture, NULL, set_up, test_double, tear_down);
    g_test_add("/refine/ramp", Fixture, NULL, set_up, test_ramp, tear_down);
    g_test_add("/refine/pyramid", Fixture, NULL, set_up, test_pyramid, tear_down);
    return g_test_run();
}
