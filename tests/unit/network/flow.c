/* Flow: along stripes whatever their angle, level where there is nothing to follow, and known as early as it says. */
#include "engine/network/flow.h"

#include <math.h>

#define LENGTH 1000

/* A wave whose crests lie at an angle to the rows, counterclockwise as rows go down: they rise to the right. */
static void stripes_row(int width, int y, double angle, float *rgb)
{
    for (int x = 0; x < width; x++) {
        double across = x * sin(angle) + y * cos(angle);

        for (int c = 0; c < 3; c++) {
            rgb[3 * x + c] = (float)(0.5 + 0.3 * sin(2 * G_PI * across / 24));
        }
    }
}

/* Any texture without a direction of its own: every place has another one. */
static void rough_row(int width, int y, float *rgb)
{
    for (int x = 0; x < 3 * width; x++) {
        rgb[x] = (float)fabs(sin(x * 12.9898 + y * 78.233) * sin(x * 0.7 + y * 0.01 * x));
    }
}

static void assert_direction(const PstFlow *flow, int row, int column, double angle)
{
    gint32 down, right;

    pst_flow_directions(flow, row, column, 1, 1, LENGTH, &down, &right);
    g_assert_cmpfloat_with_epsilon(hypot(down, right), LENGTH, 3);
    /* the angle between them, of lines: the sine of its double is no less telling */
    g_assert_cmpfloat(fabs(right * sin(angle) + down * cos(angle)) / LENGTH, <, 0.07);
}

static void test_stripes(void)
{
    g_autofree float *rgb = g_new(float, 3 * 200);

    for (int degrees = 0; degrees < 180; degrees += 15) {
        double angle = degrees * G_PI / 180;
        g_autoptr(PstFlow) flow = pst_flow_new(200, 160);

        for (int y = 0; y < 160; y++) {
            g_assert_false(pst_flow_complete(flow));
            stripes_row(200, y, angle, rgb);
            pst_flow_add(flow, rgb);
        }
        g_assert_true(pst_flow_complete(flow));
        for (int place = 24; place < 176; place += 7) { /* gradients at the edges are one-sided */
            assert_direction(flow, 80, place, angle);
        }
    }
}

/* An edge is followed some way into the even places beside it. */
static void test_even(void)
{
    g_autofree float *rgb = g_new0(float, 3 * 320);
    g_autoptr(PstFlow) level = pst_flow_new(320, 320), upright = pst_flow_new(320, 320);

    for (int y = 0; y < 320; y++) {
        pst_flow_add(level, rgb);
    }
    for (int x = 160; x < 320; x++) {
        rgb[3 * x] = rgb[3 * x + 1] = rgb[3 * x + 2] = 1;
    }
    for (int y = 0; y < 320; y++) {
        pst_flow_add(upright, rgb);
    }
    for (int y = 0; y < 320; y += 32) {
        assert_direction(level, y, 100, 0);
        assert_direction(upright, y, 125, G_PI / 2);
        assert_direction(upright, y, 195, G_PI / 2);
        assert_direction(upright, y, 10, 0); /* too far from it */
    }
}

static void test_ahead(void)
{
    const int width = 123, height = 517;
    g_autofree float *rgb = g_new(float, 3 * width);
    g_autofree gint32 *early = g_new(gint32, 2 * width * height), *late = g_new(gint32, 2 * width * height);
    g_autoptr(PstFlow) flow = pst_flow_new(width, height);
    int known = 0;

    for (int y = 0; y < height; y++) {
        rough_row(width, y, rgb);
        pst_flow_add(flow, rgb);
        for (; known + PST_FLOW_AHEAD <= y || (y == height - 1 && known < height); known++) {
            gint32 *down = early + 2 * width * known;

            pst_flow_directions(flow, known, 0, 1, width, LENGTH, down, down + width);
        }
    }
    for (int y = 0; y < height; y++) {
        gint32 *down = late + 2 * width * y;

        pst_flow_directions(flow, y, 0, 1, width, LENGTH, down, down + width);
    }
    g_assert_cmpmem(early, 2 * width * height * sizeof *early, late, 2 * width * height * sizeof *late);
}

/* Places are the same whichever others are asked for beside them, and beyond the edge go on as there. */
static void test_places(void)
{
    g_autofree float *rgb = g_new(float, 3 * 90);
    g_autoptr(PstFlow) flow = pst_flow_new(90, 70);
    gint32 down[200], right[200];

    for (int y = 0; y < 70; y++) {
        rough_row(90, y, rgb);
        pst_flow_add(flow, rgb);
    }
    for (int row = 0; row < 100; row += 9) {
        pst_flow_directions(flow, row, 0, 1, 200, LENGTH, down, right);
        for (int first = 0; first < 40; first++) {
            for (int step = 1; step <= 3; step++) {
                gint32 some_down[50], some_right[50];

                pst_flow_directions(flow, row, first, step, 50, LENGTH, some_down, some_right);
                for (int i = 0; i < 50; i++) { /* shares are added up in another order */
                    g_assert_cmpint(ABS(some_down[i] - down[first + i * step]), <=, 1);
                    g_assert_cmpint(ABS(some_right[i] - right[first + i * step]), <=, 1);
                }
            }
        }
        for (int column = 95; column < 200; column++) {
            g_assert_cmpint(down[column], ==, down[94]);
        }
    }
}

static void test_sizes(void)
{
    const int sides[] = { 1, 2, 3, 4, 5, 15, 16, 17, 33, 150 };
    float rgb[3 * 150];

    for (guint w = 0; w < G_N_ELEMENTS(sides); w++) {
        for (guint h = 0; h < G_N_ELEMENTS(sides); h++) {
            g_autoptr(PstFlow) flow = pst_flow_new(sides[w], sides[h]);
            gint32 down, right;

            for (int y = 0; y < sides[h]; y++) {
                rough_row(sides[w], y, rgb);
                pst_flow_add(flow, rgb);
            }
            g_assert_true(pst_flow_complete(flow));
            pst_flow_directions(flow, sides[h] - 1, sides[w] - 1, 1, 1, LENGTH, &down, &right);
            g_assert_cmpfloat_with_epsilon(hypot(down, right), LENGTH, 3);
        }
    }
    g_assert_cmpuint(pst_flow_bytes(40000, 25000), <, 16 << 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/stripes", test_stripes);
    g_test_add_func("/flow/even", test_even);
    g_test_add_func("/flow/ahead", test_ahead);
    g_test_add_func("/flow/places", test_places);
    g_test_add_func("/flow/sizes", test_sizes);
    return g_test_run();
}
