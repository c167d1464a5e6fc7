/* Zooming and panning: what is under the pointer stays there, no gap beside a large picture, fit at any size. */
#include <math.h>

#include "app/desktop/viewport.h"

static PstViewport view(int width, int height, int factor)
{
    PstViewport viewport = { .margin = 20 };

    pst_viewport_set_view(&viewport, width, height, factor);
    pst_viewport_set_picture(&viewport, 4000, 3000);
    return viewport;
}

static void test_fit(void)
{
    PstViewport viewport = view(840, 640, 1);

    g_assert_cmpfloat_with_epsilon(viewport.zoom, 0.2, 1e-9);
    pst_viewport_set_view(&viewport, 440, 640, 2);
    g_assert_cmpfloat_with_epsilon(viewport.zoom, 0.2, 1e-9);
    g_assert_cmpfloat_with_epsilon(pst_viewport_scale(&viewport), 0.1, 1e-9);
    /* A small picture is not blown up. */
    pst_viewport_set_picture(&viewport, 10, 10);
    g_assert_cmpfloat(pst_viewport_scale(&viewport), ==, 1);
}

static void test_pointer(void)
{
    for (int factor = 1; factor <= 2; factor++) {
        PstViewport viewport = view(800, 600, factor);

        pst_viewport_zoom_about(&viewport, 1, 400, 300);
        for (double zoom = 1; zoom < 30; zoom *= 1.3) {
            double before_x, before_y, after_x, after_y;

            pst_viewport_to_picture(&viewport, 123, 456, &before_x, &before_y);
            pst_viewport_zoom_about(&viewport, zoom, 123, 456);
            pst_viewport_to_picture(&viewport, 123, 456, &after_x, &after_y);
            g_assert_cmpfloat_with_epsilon(before_x, after_x, 1e-6);
            g_assert_cmpfloat_with_epsilon(before_y, after_y, 1e-6);
        }
        g_assert_false(viewport.fit);
    }
}

static void test_bounds(void)
{
    PstViewport viewport = view(800, 600, 1);
    double x, y;

    pst_viewport_zoom_about(&viewport, 1e9, 0, 0);
    g_assert_cmpfloat(viewport.zoom, ==, PST_ZOOM_MOST);
    pst_viewport_zoom_about(&viewport, 1, 0, 0);
    pst_viewport_pan(&viewport, 1e6, 1e6);
    pst_viewport_origin(&viewport, &x, &y);
    g_assert_cmpfloat(x, ==, 0);
    g_assert_cmpfloat(y, ==, 0);
    pst_viewport_pan(&viewport, -1e6, -1e6);
    pst_viewport_origin(&viewport, &x, &y);
    g_assert_cmpfloat(x, ==, 800 - 4000);
    g_assert_cmpfloat(y, ==, 600 - 3000);
    pst_viewport_zoom_about(&viewport, 0, 10, 10);
    g_assert_cmpfloat(viewport.zoom, ==, PST_ZOOM_LEAST);
    pst_viewport_origin(&viewport, &x, &y);
    g_assert_cmpfloat_with_epsilon(x, 380, 1);
    g_assert_cmpfloat_with_epsilon(y, 285, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/viewport/fit", test_fit);
    g_test_add_func("/viewport/pointer", test_pointer);
    g_test_add_func("/viewport/bounds", test_bounds);
    return g_test_run();
}
