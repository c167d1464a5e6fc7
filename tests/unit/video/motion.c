/* Motion: a texture that is moved is found where it went, parts of a pixel too. */
#include "engine/video/motion.h"

#include <math.h>

#define WIDTH  240
#define HEIGHT 135

/* Waves of many lengths and directions: no step but the right one fits. */
static float texture(float x, float y)
{
    float sum = 128;

    for (int i = 0; i < 24; i++) {
        float length = 6 + 5.3f * i, angle = 2.4f * i;

        sum += 0.5f * sqrtf(length) * sinf(6.283f / length * (x * cosf(angle) + y * sinf(angle)) + 1.7f * i);
    }
    return sum;
}

static float *draw(float dx, float dy)
{
    float *plane = g_new(float, WIDTH *HEIGHT);

    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            plane[y * WIDTH + x] = texture((float)x + dx, (float)y + dy);
        }
    }
    return plane;
}

static void check(float dx, float dy)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstMotion) motion = pst_motion_new(WIDTH, HEIGHT);
    g_autofree float *before = draw(0, 0), *now = draw(dx, dy);
    double wrong = 0;
    int count = 0;

    pst_motion_find(motion, now, before, pool);
    for (int y = 32; y < HEIGHT - 32; y += 5) {
        for (int x = 32; x < WIDTH - 32; x += 5, count++) {
            float found_x, found_y;

            pst_motion_at(motion, (float)x, (float)y, &found_x, &found_y);
            wrong += hypotf(found_x - dx, found_y - dy);
        }
    }
    g_test_message("%g, %g: %.3f pixels off", (double)dx, (double)dy, wrong / count);
    g_assert_cmpfloat(wrong / count, <, 0.25);
}

static void test_moved(void)
{
    check(0, 0);
    check(3, 0);
    check(-2, 5);
    check(0.5f, -0.25f);
    check(2.4f, 1.3f);
    check(11, -7);
}

/* A band without marks, with noise as all else, moves as what is around it does; and noise alone does not move. */
static void check_even(float dx)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstMotion) motion = pst_motion_new(WIDTH, HEIGHT);
    g_autofree float *before = draw(0, 0), *now = draw(dx, 0);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    double wrong = 0;
    int count = 0;

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        gboolean even = i / WIDTH >= 56 && i / WIDTH < 80;

        before[i] = (even ? 128 : before[i]) + (float)g_rand_double_range(random, -1, 1);
        now[i] = (even ? 128 : now[i]) + (float)g_rand_double_range(random, -1, 1);
    }
    pst_motion_find(motion, now, before, pool);
    for (int x = 32; x < WIDTH - 32; x++, count++) {
        float found_x, found_y;

        pst_motion_at(motion, (float)x, 68, &found_x, &found_y);
        wrong += hypotf(found_x - dx, found_y);
    }
    g_test_message("%g: %.3f pixels off", (double)dx, wrong / count);
    g_assert_cmpfloat(wrong / count, <, 0.1);
}

static void test_even(void)
{
    check_even(0);
    check_even(0.625f);
    check_even(0.9f);
}

static void test_small(void)
{
    const float now[9] = { 0 }, before[9] = { 0 };
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);
    g_autoptr(PstMotion) motion = pst_motion_new(3, 3);
    float dx, dy;

    pst_motion_find(motion, now, before, pool);
    pst_motion_at(motion, 1, 1, &dx, &dy);
    g_assert_cmpfloat(hypotf(dx, dy), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/motion/moved", test_moved);
    g_test_add_func("/motion/even", test_even);
    g_test_add_func("/motion/small", test_small);
    return g_test_run();
}
