/* The grain of photographs: a function of the place and the flow, of the deviation that was asked for, drawn out
 * along the flow and not across it. */
#include "engine/network/grain.h"

#include <math.h>

#define SIDE 512

/* That of a picture of stripes that rise to the right at an angle. */
static PstFlow *flow_at(double degrees)
{
    PstFlow *flow = pst_flow_new(SIDE, SIDE);
    double angle = degrees * G_PI / 180;
    g_autofree float *rgb = g_new(float, 3 * SIDE);

    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double across = x * sin(angle) + y * cos(angle);

            rgb[3 * x] = rgb[3 * x + 1] = rgb[3 * x + 2] = (float)(0.5 + 0.3 * sin(2 * G_PI * across / 24));
        }
        pst_flow_add(flow, rgb);
    }
    return flow;
}

static float *square(const PstFlow *flow, float deviation)
{
    const PstGrain grain = { deviation, flow, 0, 0 };
    float *rgb = g_new0(float, 3 * SIDE * SIDE);

    for (int y = 0; y < SIDE; y++) {
        pst_grain_row(&grain, y, 0, SIDE, rgb + 3 * SIDE * y);
    }
    return rgb;
}

static void test_deviation(void)
{
    for (int degrees = 0; degrees < 180; degrees += 15) {
        g_autoptr(PstFlow) flow = flow_at(degrees);
        g_autofree float *rgb = square(flow, 0.02f);
        double sum = 0, squares = 0;

        for (int i = 0; i < SIDE * SIDE; i++) {
            g_assert_true(rgb[3 * i] == rgb[3 * i + 1] && rgb[3 * i] == rgb[3 * i + 2]);
            sum += rgb[3 * i];
            squares += rgb[3 * i] * rgb[3 * i];
        }
        g_assert_cmpfloat(fabs(sum / (SIDE * SIDE)), <, 0.001);
        g_assert_cmpfloat_with_epsilon(sqrt(squares / (SIDE * SIDE)), 0.02, 0.0015);
    }
}

/* Of places that lie so far from each other. */
static double correlation(const float *rgb, int down, int right)
{
    double sum = 0;

    for (int y = 32; y < SIDE - 32; y++) {
        for (int x = 32; x < SIDE - 32; x++) {
            sum += rgb[3 * (SIDE * y + x)] * rgb[3 * (SIDE * (y + down) + x + right)];
        }
    }
    return sum / ((SIDE - 64) * (SIDE - 64));
}

static void test_correlation(void)
{
    for (int degrees = 0; degrees < 180; degrees += 45) {
        g_autoptr(PstFlow) flow = flow_at(degrees);
        g_autofree float *rgb = square(flow, 1);
        double down = -sin(degrees * G_PI / 180), right = cos(degrees * G_PI / 180);

        for (int distance = 1; distance <= 30; distance++) {
            double along = correlation(rgb, (int)lrint(distance * down), (int)lrint(distance * right));
            double across = correlation(rgb, (int)lrint(distance * right), (int)lrint(-distance * down));

            if (distance <= 6) {
                g_assert_cmpfloat(along, >, 0.5);
            } else if (distance >= 28) {
                g_assert_cmpfloat(fabs(along), <, 0.12);
            }
            if (distance >= 8) {
                g_assert_cmpfloat(fabs(across), <, 0.12);
            }
        }
    }
}

static void test_cuts(void)
{
    g_autoptr(PstFlow) flow = flow_at(20);
    const PstGrain grain = { 0.1f, flow, 0, 0 };
    enum { WIDTH = 300 };

    for (int left = 0; left < 140; left += left < 9 ? 1 : 13) {
        for (int row = 0; row < 9; row++) {
            float whole[3 * WIDTH] = { 0 }, pieces[3 * WIDTH] = { 0 };

            pst_grain_row(&grain, row, 0, WIDTH, whole);
            pst_grain_row(&grain, row, 0, left, pieces);
            pst_grain_row(&grain, row, left, 17, pieces + 3 * left);
            pst_grain_row(&grain, row, left + 17, WIDTH - 17 - left, pieces + 3 * (left + 17));
            g_assert_cmpmem(whole, sizeof whole, pieces, sizeof pieces);
        }
    }
}

/* Elsewhere in the noise it is another one. */
static void test_place(void)
{
    g_autoptr(PstFlow) flow = flow_at(70);
    const PstGrain here = { 1, flow, 0, 0 }, there = { 1, flow, 1000, 3000 };
    float a[3 * SIDE] = { 0 }, b[3 * SIDE] = { 0 };
    double sum = 0;

    pst_grain_row(&here, 5, 0, SIDE, a);
    pst_grain_row(&there, 5, 0, SIDE, b);
    for (int x = 0; x < SIDE; x++) {
        sum += a[3 * x] * b[3 * x] / SIDE;
    }
    g_assert_cmpfloat(fabs(sum), <, 0.3);
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
    g_assert_cmpfloat_with_epsilon(grain_of(0.5f, 3), 0.4 * PST_GRAIN_MOST, 1e-7); /* stark lines */
    pst_grain_row(&(PstGrain){ 0 }, 3, 5, 1, row);
    g_assert_true(row[0] == 0.5f && row[1] == 0.25f && row[2] == 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grain/deviation", test_deviation);
    g_test_add_func("/grain/correlation", test_correlation);
    g_test_add_func("/grain/cuts", test_cuts);
    g_test_add_func("/grain/place", test_place);
    g_test_add_func("/grain/style", test_style);
    return g_test_run();
}
