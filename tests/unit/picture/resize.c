/* Resampling against the plain formula, and the properties that eyes would miss first. */
#include "sample.h"

#include <math.h>

static PstPicture *resized(const PstPicture *picture, int width, int height)
{
    GError *error = NULL;
    PstPicture *result = pst_picture_resize(picture, width, height, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(result->width, ==, width);
    g_assert_cmpint(result->height, ==, height);
    g_assert_cmpint(result->info.width, ==, width);
    return result;
}

static PstPicture *noise(int width, int height, gboolean alpha)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    PstPicture *picture = pst_picture_new(width, height, alpha, NULL);
    for (int i = 0; i < width * height; i++) {
        for (int k = 0; k < 3; k++)
            picture->rgb[i * 3 + k] = (float)g_rand_double(random);
        if (alpha)
            picture->alpha[i] = (float)g_rand_double_range(random, 0.2, 1);
    }
    return picture;
}

static double kernel(double x)
{
    if (x == 0)
        return 1;
    return fabs(x) < 3 ? 3 * sin(G_PI * x) * sin(G_PI * x / 3) / (G_PI * G_PI * x * x) : 0;
}

/* One value by the double sum over the whole picture. */
static void plainly(const PstPicture *picture, int width, int height, int x, int y, double rgb[3], double *alpha)
{
    double sx = (double)picture->width / width, sy = (double)picture->height / height;
    double sums[4] = { 0 }, total = 0;
    for (int j = 0; j < picture->height; j++)
        for (int i = 0; i < picture->width; i++) {
            double wx = kernel((i + 0.5 - (x + 0.5) * sx) / fmax(sx, 1));
            double wy = kernel((j + 0.5 - (y + 0.5) * sy) / fmax(sy, 1));
            int at = j * picture->width + i;
            double cover = picture->alpha ? picture->alpha[at] : 1;
            total += wx * wy;
            for (int k = 0; k < 3; k++)
                sums[k] += wx * wy * cover * picture->rgb[at * 3 + k];
            sums[3] += wx * wy * cover;
        }
    *alpha = CLAMP(sums[3] / total, 0, 1);
    for (int k = 0; k < 3; k++)
        rgb[k] = sums[3] / total > 1e-6 ? CLAMP(sums[k] / sums[3], 0, 1) : 0;
}

static void test_formula(void)
{
    static const int sizes[][2] = { { 11, 7 }, { 50, 40 }, { 31, 20 }, { 9, 61 }, { 1, 1 }, { 100, 3 } };
    for (int alpha = 0; alpha < 2; alpha++) {
        g_autoptr(PstPicture) picture = noise(31, 23, alpha);
        for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
            g_autoptr(PstPicture) result = resized(picture, sizes[i][0], sizes[i][1]);
            for (int y = 0; y < result->height; y++)
                for (int x = 0; x < result->width; x++) {
                    double rgb[3], cover;
                    plainly(picture, result->width, result->height, x, y, rgb, &cover);
                    int at = y * result->width + x;
                    for (int k = 0; k < 3; k++)
                        g_assert_cmpfloat_with_epsilon(result->rgb[at * 3 + k], rgb[k], 2e-5);
                    if (alpha)
                        g_assert_cmpfloat_with_epsilon(result->alpha[at], cover, 2e-5);
                }
        }
    }
}

static void test_plain_colour(void)
{
    g_autoptr(PstPicture) picture = pst_picture_new(37, 53, FALSE, NULL);
    for (int i = 0; i < 37 * 53 * 3; i++)
        picture->rgb[i] = 0.3f;
    static const int sizes[][2] = { { 1, 1 }, { 500, 3 }, { 36, 52 }, { 74, 106 } };
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(PstPicture) result = resized(picture, sizes[i][0], sizes[i][1]);
        for (int p = 0; p < result->width * result->height * 3; p++)
            g_assert_cmpfloat_with_epsilon(result->rgb[p], 0.3, 1e-6);
    }
}

static void test_same_size(void)
{
    g_autoptr(PstPicture) picture = noise(20, 10, TRUE);
    g_autoptr(PstPicture) result = resized(picture, 20, 10);
    g_assert_cmpmem(picture->rgb, 200 * sizeof(float[3]), result->rgb, 200 * sizeof(float[3]));
    g_assert_cmpmem(picture->alpha, 200 * sizeof(float), result->alpha, 200 * sizeof(float));
}

/* Stripes too fine for the new size become even grey, not moiré. */
static void test_no_aliasing(void)
{
    enum { WIDTH = 400, HEIGHT = 60 };
    g_autoptr(PstPicture) picture = pst_picture_new(WIDTH, HEIGHT, FALSE, NULL);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        for (int k = 0; k < 3; k++)
            picture->rgb[i * 3 + k] = i % WIDTH % 2 ? 1 : 0;
    g_autoptr(PstPicture) result = resized(picture, 130, 20);
    for (int y = 0; y < 20; y++)
        for (int x = 5; x < 125; x++)
            g_assert_cmpfloat_with_epsilon(result->rgb[(y * 130 + x) * 3], 0.5, 0.02);
}

/* What is clear has no say in the colour of its neighbours. */
static void test_no_bleeding(void)
{
    g_autoptr(PstPicture) picture = pst_picture_new(40, 40, TRUE, NULL);
    for (int i = 0; i < 1600; i++) {
        gboolean clear = i % 40 < 20;
        picture->rgb[i * 3 + (clear ? 0 : 2)] = 1; /* clear red, solid blue */
        picture->alpha[i] = clear ? 0 : 1;
    }
    g_autoptr(PstPicture) result = resized(picture, 17, 17);
    for (int i = 0; i < 17 * 17; i++)
        if (result->alpha[i] > 0.01) {
            g_assert_cmpfloat_with_epsilon(result->rgb[i * 3], 0, 1e-4);
            g_assert_cmpfloat_with_epsilon(result->rgb[i * 3 + 2], 1, 1e-4);
        }
}

static void test_fitting(void)
{
    static const int cases[][5] = {
        /* width, height, side, short fit's other side, long fit's other side */
        { 1600, 1200, 300, 400, 225 },
        { 1200, 1600, 300, 400, 225 },
        { 100, 100, 7, 7, 7 },
        { 10000, 1, 3, 30000, 1 },
        { 3, 2, 2, 3, 1 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int width, height;
        pst_size_fit_short_side(cases[i][0], cases[i][1], cases[i][2], &width, &height);
        g_assert_cmpint(MIN(width, height), ==, cases[i][2]);
        g_assert_cmpint(MAX(width, height), ==, cases[i][3]);
        g_assert_true((width >= height) == (cases[i][0] >= cases[i][1]));
        pst_size_fit_long_side(cases[i][0], cases[i][1], cases[i][2], &width, &height);
        g_assert_cmpint(MAX(width, height), ==, cases[i][2]);
        g_assert_cmpint(MIN(width, height), ==, cases[i][4]);
    }
    g_autoptr(PstPicture) picture = noise(30, 20, FALSE);
    picture->info.dpi_x = 300;
    picture->info.profile = g_strdup("profile");
    g_autoptr(PstPicture) small = pst_picture_fit_short_side(picture, 10, NULL, NULL);
    g_assert_cmpint(small->width, ==, 15);
    g_assert_cmpstr(small->info.profile, ==, "profile");
    g_assert_cmpfloat(small->info.dpi_x, ==, 300);
    g_autoptr(PstPicture) large = pst_picture_fit_long_side(picture, 60, NULL, NULL);
    g_assert_cmpint(large->height, ==, 40);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/resize/formula", test_formula);
    g_test_add_func("/picture/resize/plain-colour", test_plain_colour);
    g_test_add_func("/picture/resize/same-size", test_same_size);
    g_test_add_func("/picture/resize/no-aliasing", test_no_aliasing);
    g_test_add_func("/picture/resize/no-bleeding", test_no_bleeding);
    g_test_add_func("/picture/resize/fitting", test_fitting);
    return g_test_run();
}
