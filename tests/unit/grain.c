/* The grain of photographs: a function of the place, of the deviation that was asked for. */
#include "engine/transfer/grain.h"

#include <math.h>

#define SIDE 512

static float *square(float deviation)
{
    float *rgb = g_new0(float, 3 * SIDE * SIDE);

    for (int y = 0; y < SIDE; y++) {
        pst_grain_row(y, 0, SIDE, deviation, rgb + 3 * SIDE * y);
    }
    return rgb;
}

static void test_deviation(void)
{
    g_autofree float *rgb = square(0.02f);
    double sum = 0, squares = 0;

    for (int i = 0; i < SIDE * SIDE; i++) {
        g_assert_true(rgb[3 * i] == rgb[3 * i + 1] && rgb[3 * i] == rgb[3 * i + 2]);
        sum += rgb[3 * i];
        squares += rgb[3 * i] * rgb[3 * i];
    }
    g_assert_cmpfloat(fabs(sum / (SIDE * SIDE)), <, 0.001);
    g_assert_cmpfloat_with_epsilon(sqrt(squares / (SIDE * SIDE)), 0.02, 0.001);
}

/* Neighbours are alike and those further away are not, in both directions: no direction and no lattice is seen in it. */
static void test_correlation(void)
{
    g_autofree float *rgb = square(1);

    for (int direction = 0; direction < 2; direction++) {
        int step = direction ? 3 * SIDE : 3;

        for (int distance = 1; distance <= 32; distance++) {
            double sum = 0;

            for (int y = 0; y < SIDE - 32; y++) {
                for (int x = 0; x < SIDE - 32; x++) {
                    const float *at = rgb + 3 * (SIDE * y + x);

                    sum += at[0] * at[distance * step];
                }
            }
            sum /= (SIDE - 32) * (SIDE - 32);
            if (distance == 1) {
                g_assert_cmpfloat(sum, >, 0.6);
            } else if (distance >= 2 * PST_GRAIN_STEP) {
                g_assert_cmpfloat(fabs(sum), <, 0.06);
            }
        }
    }
}

static void test_cuts(void)
{
    for (int left = 0; left < 9; left++) {
        for (int row = 0; row < 9; row++) {
            float whole[3 * 40] = { 0 }, pieces[3 * 40] = { 0 };

            pst_grain_row(row, 0, 40, 0.1f, whole);
            pst_grain_row(row, 0, left, 0.1f, pieces);
            pst_grain_row(row, left, 17, 0.1f, pieces + 3 * left);
            pst_grain_row(row, left + 17, 40 - 17 - left, 0.1f, pieces + 3 * (left + 17));
            for (int i = 0; i < 3 * 40; i++) {
                g_assert_cmpfloat(whole[i], ==, pieces[i]);
            }
        }
    }
}

/* Means and deviations that are the same in all channels of a depth. */
static float grain_of(float mean, float deviation)
{
    float statistics[PST_STYLE_SIZE];

    for (int i = 0; i < PST_STYLE_CHANNELS; i++) {
        statistics[i] = mean;
        statistics[PST_STYLE_CHANNELS + i] = deviation;
    }
    return pst_grain_for(statistics);
}

static void test_style(void)
{
    float row[3] = { 0.5f, 0.25f, 1 };

    g_assert_cmpfloat(grain_of(0.5f, 1), ==, 0);    /* strokes here and there */
    g_assert_cmpfloat(grain_of(0.1f, 0.1f), ==, 0); /* faint ones */
    g_assert_cmpfloat(grain_of(1, 0), ==, 0);       /* one colour */
    g_assert_cmpfloat_with_epsilon(grain_of(2, 2), PST_GRAIN_MOST, 1e-7);
    pst_grain_row(3, 5, 1, 0, row);
    g_assert_true(row[0] == 0.5f && row[1] == 0.25f && row[2] == 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grain/deviation", test_deviation);
    g_test_add_func("/grain/correlation", test_correlation);
    g_test_add_func("/grain/cuts", test_cuts);
    g_test_add_func("/grain/style", test_style);
    return g_test_run();
}
