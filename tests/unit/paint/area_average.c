/* Smaller copies of rows that come one by one. */
#include "engine/paint/area_average.h"

/* So many rows at a time. */
static PstPicture *shrunk_by(const PstPicture *x, int width, int height, int threads, int rows)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    g_autoptr(PstAreaAverage)
        average = pst_area_average_new(pool, x->width, x->height, x->alpha != NULL, width, height, &error);

    g_assert_no_error(error);
    for (int y = 0; y < x->height; y += rows) {
        pst_area_average_add(average, MIN(rows, x->height - y), x->rgb + (gsize)3 * y * x->width,
                             x->alpha ? x->alpha + (gsize)y * x->width : NULL);
    }
    return pst_area_average_finish(average);
}

static PstPicture *shrunk(const PstPicture *x, int width, int height)
{
    return shrunk_by(x, width, height, 1, 1);
}

static PstPicture *noise(int width, int height, gboolean alpha)
{
    PstPicture *x = pst_picture_new(width, height, alpha, NULL);

    for (int i = 0; i < 3 * width * height; i++) {
        x->rgb[i] = (float)g_test_rand_double();
    }
    for (int i = 0; alpha && i < width * height; i++) {
        x->alpha[i] = (float)g_test_rand_double();
    }
    return x;
}

static double mean(const PstPicture *x, int channel)
{
    double sum = 0;

    for (int i = 0; i < x->width * x->height; i++) {
        sum += x->rgb[3 * i + channel];
    }
    return sum / (x->width * x->height);
}

/* Whatever the sizes, nothing is lost: the mean stays. */
static void test_mean(void)
{
    for (int i = 0; i < 60; i++) {
        g_autoptr(PstPicture) x = noise(g_test_rand_int_range(1, 90), g_test_rand_int_range(1, 90), FALSE);
        g_autoptr(PstPicture)
            y = shrunk(x, g_test_rand_int_range(1, x->width + 1), g_test_rand_int_range(1, x->height + 1));

        for (int c = 0; c < 3; c++) {
            g_assert_cmpfloat_with_epsilon(mean(x, c), mean(y, c), 1e-5);
        }
    }
}

static void test_halves(void)
{
    g_autoptr(PstPicture) x = noise(8, 6, FALSE), y = shrunk(x, 4, 3), same = shrunk(x, 8, 6);

    g_assert_cmpfloat_with_epsilon(
        y->rgb[3 * (4 + 2) + 1],
        (x->rgb[3 * (16 + 4) + 1] + x->rgb[3 * (16 + 5) + 1] + x->rgb[3 * (24 + 4) + 1] + x->rgb[3 * (24 + 5) + 1]) / 4,
        1e-6);
    for (int i = 0; i < 3 * 48; i++) {
        g_assert_cmpfloat_with_epsilon(same->rgb[i], x->rgb[i], 1e-6);
    }
}

/* Colours of clear pixels don't count. */
static void test_alpha(void)
{
    g_autoptr(PstPicture) x = noise(4, 4, TRUE), y = NULL;

    for (int i = 0; i < 16; i++) {
        x->alpha[i] = i % 2;
        x->rgb[3 * i] = i % 2 ? 0.25f : 1;
    }
    y = shrunk(x, 2, 2);
    for (int i = 0; i < 4; i++) {
        g_assert_cmpfloat_with_epsilon(y->alpha[i], 0.5, 1e-6);
        g_assert_cmpfloat_with_epsilon(y->rgb[3 * i], 0.25, 1e-6);
    }
}

/* The same to the bit, however rows come and whoever averages them. */
static void test_bands(void)
{
    for (int i = 0; i < 20; i++) {
        g_autoptr(PstPicture) x = noise(g_test_rand_int_range(1, 90), g_test_rand_int_range(1, 90), i % 2);
        int width = g_test_rand_int_range(1, x->width + 1), height = g_test_rand_int_range(1, x->height + 1);
        g_autoptr(PstPicture) y = shrunk(x, width, height);
        g_autoptr(PstPicture) bands = shrunk_by(x, width, height, 3, g_test_rand_int_range(2, 50));
        gsize pixels = (gsize)width * height;

        g_assert_cmpmem(bands->rgb, 3 * pixels * sizeof(float), y->rgb, 3 * pixels * sizeof(float));
        if (x->alpha) {
            g_assert_cmpmem(bands->alpha, pixels * sizeof(float), y->alpha, pixels * sizeof(float));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/area-average/mean", test_mean);
    g_test_add_func("/area-average/halves", test_halves);
    g_test_add_func("/area-average/alpha", test_alpha);
    g_test_add_func("/area-average/bands", test_bands);
    return g_test_run();
}
