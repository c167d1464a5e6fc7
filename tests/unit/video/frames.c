/* Frames: colours go to RGB and back, cuts are found, and what does not change stays as it was painted. */
#include "engine/video/shot_boundary.h"
#include "engine/video/steadiness.h"

#include <math.h>
#include <string.h>

#define WIDTH  96
#define HEIGHT 64
#define PIXELS (WIDTH * HEIGHT)

static float random_value(guint32 *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) / (1 << 24);
}

/* ---- colours ------------------------------------------------------------------------------------ */

static void test_colours(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);

    for (int matrix = PST_YUV_601; matrix <= PST_YUV_2020; matrix++) {
        for (int kind = 0; kind < 4; kind++) {
            const PstYuvFormat format = {
                WIDTH, HEIGHT, kind & 1 ? 10 : 8, FALSE, (PstYuvMatrix)matrix, kind & 2 ? TRUE : FALSE
            };
            g_autofree float *rgb = g_new(float, 3 * PIXELS), *back = g_new(float, 3 * PIXELS);
            g_autofree void *yuv = g_malloc(pst_yuv_size(&format));
            float worst = 0;
            guint32 state = 7;

            for (int i = 0; i < 3 * PIXELS; i++) {
                rgb[i] = random_value(&state);
            }
            pst_yuv_from_rgb(&format, rgb, yuv, pool);
            pst_yuv_to_rgb(&format, yuv, back, pool);
            for (int i = 0; i < 3 * PIXELS; i++) {
                worst = MAX(worst, fabsf(rgb[i] - back[i]));
            }
            g_assert_cmpfloat(worst, <, kind & 1 ? 0.004f : 0.014f);
        }
    }
}

/* White and the primaries have the codes that the standards give: BT.709, limited range. */
static void test_codes(void)
{
    const PstYuvFormat format = { 4, 1, 8, FALSE, PST_YUV_709, FALSE };
    const float rgb[12] = { 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1 };
    const guint8 expected[12] = { 235, 63, 173, 32, 128, 102, 42, 240, 128, 240, 26, 118 };
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    guint8 yuv[12];

    pst_yuv_from_rgb(&format, rgb, yuv, pool);
    g_assert_cmpmem(yuv, sizeof yuv, expected, sizeof expected);
}

/* 4:2:0: planes are a quarter as large; colours that change slowly come back, to the edges of the picture, and means of
 * blocks are those of 4:4:4. */
static void test_quarter(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);

    for (int depth = 8; depth <= 10; depth += 2) {
        const PstYuvFormat format = { WIDTH, HEIGHT, depth, TRUE, PST_YUV_709, FALSE };
        const PstYuvFormat full = { WIDTH, HEIGHT, depth, FALSE, PST_YUV_709, FALSE };
        g_autofree float *rgb = g_new(float, 3 * PIXELS), *back = g_new(float, 3 * PIXELS);
        g_autofree float *small = g_new(float, 3 * PIXELS / 16), *other = g_new(float, 3 * PIXELS / 16);
        g_autofree void *yuv = g_malloc(pst_yuv_size(&format)), *whole = g_malloc(pst_yuv_size(&full));
        float worst = 0, at_edge = 0, mean = 0, within = depth > 8 ? 0.004f : 0.014f;

        g_assert_cmpint(2 * pst_yuv_size(&format), ==, pst_yuv_size(&full));
        for (int i = 0; i < PIXELS; i++) {
            rgb[3 * i] = (float)(i % WIDTH) / WIDTH;
            rgb[3 * i + 1] = (float)(i / WIDTH) / HEIGHT;
            rgb[3 * i + 2] = 1 - rgb[3 * i] / 2 - rgb[3 * i + 1] / 2;
        }
        pst_yuv_from_rgb(&format, rgb, yuv, pool);
        pst_yuv_to_rgb(&format, yuv, back, pool);
        for (int i = 0; i < 3 * PIXELS; i++) {
            int x = i / 3 % WIDTH, y = i / 3 / WIDTH;
            float *most = x == 0 || x == WIDTH - 1 || y == 0 || y == HEIGHT - 1 ? &at_edge : &worst;

            *most = MAX(*most, fabsf(rgb[i] - back[i]));
        }
        g_assert_cmpfloat(worst, <, within);
        g_assert_cmpfloat(at_edge, <, within + 0.016f);
        pst_yuv_from_rgb(&full, rgb, whole, pool);
        pst_yuv_reduce(&format, yuv, 4, small, pool);
        pst_yuv_reduce(&full, whole, 4, other, pool);
        for (int i = 0; i < 3 * PIXELS / 16; i++) {
            mean += fabsf(small[i] - other[i]) / (3 * PIXELS / 16);
        }
        /* Samples of U and V lie half a pixel to the left of the middle of four. */
        g_assert_cmpfloat(mean, <, 1);
    }
}

/* ---- shots --------------------------------------------------------------------------------------- */

/* Scene `scene` at frame `frame`: colours of its own, a spot that moves, light that changes slowly, and noise. */
static void draw_scene(int scene, int frame, guint32 *state, guint8 *yuv)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int i = y * WIDTH + x, light = 60 + 70 * scene + frame + (x * (scene + 1)) / 4;

            if ((x - 3 * frame % WIDTH) * (x - 3 * frame % WIDTH) + (y - 30) * (y - 30) < 100) {
                light = 200 - 60 * scene;
            }
            yuv[i] = (guint8)CLAMP(light + (int)(8 * random_value(state)), 0, 255);
            yuv[PIXELS + i] = (guint8)(110 + 40 * scene);
            yuv[2 * PIXELS + i] = (guint8)(150 - 30 * scene + y / 8);
        }
    }
}

static void test_shots(void)
{
    g_autoptr(PstShotBoundary) boundary = pst_shot_boundary_new(WIDTH, HEIGHT);
    g_autofree guint8 *yuv = g_malloc(3 * PIXELS);
    guint32 state = 3;

    for (int frame = 0; frame < 90; frame++) {
        draw_scene(frame / 30 % 2, frame % 30, &state, yuv);
        g_assert_cmpint(pst_shot_boundary_add(boundary, yuv), ==, frame % 30 == 0);
    }
}

/* ---- steadiness ---------------------------------------------------------------------------------- */

static double change(const float *a, const float *b, int first, int end)
{
    double sum = 0;

    for (int i = 3 * first * WIDTH; i < 3 * end * WIDTH; i++) {
        sum += fabsf(a[i] - b[i]);
    }
    return sum / (3.0 * (end - first) * WIDTH);
}

/* The upper half of the picture stays, the lower one turns from dark to bright. The painting is all noise. */
static void test_steady(void)
{
    const PstYuvFormat format = { WIDTH, HEIGHT, 8, FALSE, PST_YUV_601, FALSE };
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstSteadiness) steadiness = pst_steadiness_new(&format, PST_STEADINESS, pool);
    g_autofree guint8 *yuv = g_malloc(3 * PIXELS);
    g_autofree float *before = g_new0(float, 3 * PIXELS), *painted = g_new(float, 3 * PIXELS);
    const float *steady;
    guint32 state = 11;

    memset(yuv, 128, 3 * PIXELS);
    for (int frame = 0; frame < 8; frame++) {
        PstPicture *picture = pst_picture_new(WIDTH, HEIGHT, FALSE, NULL);

        for (int i = 0; i < 3 * PIXELS; i++) {
            painted[i] = random_value(&state);
        }
        for (int i = PIXELS / 2; i < PIXELS; i++) {
            yuv[i] = (guint8)(frame % 2 ? 200 : 60);
        }
        memcpy(picture->rgb, painted, 3 * PIXELS * sizeof *painted);
        pst_steadiness_look(steadiness, yuv);
        steady = pst_steadiness_mix(steadiness, picture)->rgb;
        if (frame == 0) {
            g_assert_cmpmem(steady, 3 * PIXELS * sizeof *steady, painted, 3 * PIXELS * sizeof *steady);
        } else {
            /* Noise that is new in each frame differs by a third on the mean. */
            g_assert_cmpfloat(change(steady, before, 0, HEIGHT / 2 - 8), <, 0.08);
            g_assert_cmpfloat(change(steady, painted, HEIGHT / 2 + 8, HEIGHT), <, 1e-6);
        }
        memcpy(before, steady, 3 * PIXELS * sizeof *steady);
    }
}

/* ---- frames that take strokes from the frame before --------------------------------------------- */

#define LARGE_WIDTH  256
#define LARGE_HEIGHT 192

static void fill(guint8 *yuv, int left, int top, int width, int height, int value)
{
    for (int y = top; y < top + height; y++) {
        memset(yuv + y * LARGE_WIDTH + left, value, (gsize)width);
    }
}

static const PstCarried *next_frame(PstSteadiness *steadiness, const guint8 *yuv, const PstPicture *painting)
{
    PstPicture *copy = pst_picture_new(LARGE_WIDTH, LARGE_HEIGHT, FALSE, NULL);
    const PstCarried *carried;

    pst_steadiness_look(steadiness, yuv);
    carried = pst_steadiness_carry(steadiness);
    memcpy(copy->rgb, painting->rgb, 3 * LARGE_WIDTH * LARGE_HEIGHT * sizeof *copy->rgb);
    pst_steadiness_mix(steadiness, copy);
    return carried;
}

/* All but one frame in six are carried; what appears in one is painted anew; where all is new, nothing can be
 * carried. */
static void test_carried(void)
{
    const PstYuvFormat format = { LARGE_WIDTH, LARGE_HEIGHT, 8, FALSE, PST_YUV_709, FALSE };
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstSteadiness) steadiness = pst_steadiness_new(&format, PST_STEADINESS, pool);
    g_autofree guint8 *yuv = g_malloc(pst_yuv_size(&format));
    g_autoptr(PstPicture) painting = pst_picture_new(LARGE_WIDTH, LARGE_HEIGHT, FALSE, NULL);
    const PstCarried *carried;
    guint32 state = 5;

    for (int i = 0; i < 3 * LARGE_WIDTH * LARGE_HEIGHT; i++) {
        painting->rgb[i] = random_value(&state);
    }
    memset(yuv, 128, pst_yuv_size(&format));
    g_assert_null(next_frame(steadiness, yuv, painting));
    carried = next_frame(steadiness, yuv, painting);
    g_assert_nonnull(carried);
    g_assert_cmpint(carried->count, ==, 0);
    g_assert_cmpmem(carried->painting->rgb, 999, painting->rgb, 999);
    fill(yuv, 160, 140, 64, 48, 220);
    carried = next_frame(steadiness, yuv, painting);
    g_assert_nonnull(carried);
    g_assert_cmpint(carried->count, ==, 1);
    g_assert_cmpint(carried->rows->begin, ==, 128);
    g_assert_cmpint(carried->rows->end, ==, LARGE_HEIGHT);
    g_assert_cmpint(carried->columns->begin, ==, 128);
    g_assert_cmpint(carried->columns->end, ==, 256);
    for (int frame = 0; frame < 3; frame++) {
        g_assert_nonnull(next_frame(steadiness, yuv, painting));
    }
    g_assert_null(next_frame(steadiness, yuv, painting));
    fill(yuv, 0, 0, LARGE_WIDTH, LARGE_HEIGHT, 30);
    g_assert_null(next_frame(steadiness, yuv, painting));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frames/colours", test_colours);
    g_test_add_func("/frames/codes", test_codes);
    g_test_add_func("/frames/quarter", test_quarter);
    g_test_add_func("/frames/shots", test_shots);
    g_test_add_func("/frames/steady", test_steady);
    g_test_add_func("/frames/carried", test_carried);
    return g_test_run();
}
