/* Masks and regions: where a brush reaches, at any size; text and back; paintings laid over each other exactly. */
#include <math.h>
#include <string.h>

#include "engine/paint/mask.h"

static PstMask *stroke_mask(double feather)
{
    PstMask *mask = pst_mask_new();

    mask->feather = feather;
    pst_mask_begin(mask, PST_MASK_BRUSH, FALSE, 0.1, (PstMaskPoint){ 0.3f, 0.3f });
    pst_mask_extend(mask, (PstMaskPoint){ 0.7f, 0.4f });
    return mask;
}

static float value_at(const PstMask *mask, int width, int height, double x, double y)
{
    g_autofree float *row = g_new(float, width);
    int unit = MAX(width, height);

    pst_mask_fill(mask, width, height, (int)(y * unit), 1, row);
    return row[(int)(x * unit)];
}

static void test_brush(void)
{
    g_autoptr(PstMask) mask = stroke_mask(0.5);

    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.35), ==, 1);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.55), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.3, 0.225), >, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.3, 0.225), <, 1);
    mask->invert = TRUE;
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.35), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.55), ==, 1);
    mask->invert = FALSE;
    pst_mask_begin(mask, PST_MASK_BRUSH, TRUE, 0.05, (PstMaskPoint){ 0.5f, 0.35f });
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.35), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.35, 0.31), ==, 1);
}

/* A ring of points, drawn once around. */
static PstMask *lasso_mask(gboolean erase)
{
    PstMask *mask = pst_mask_new();

    mask->feather = 0.5;
    for (int i = 0; i < 40; i++) {
        PstMaskPoint point = { 0.5f + 0.2f * cosf(0.157f * (float)i), 0.3f + 0.2f * sinf(0.157f * (float)i) };

        if (i == 0) {
            pst_mask_begin(mask, PST_MASK_LASSO, erase, 0.02, point);
        } else {
            pst_mask_extend(mask, point);
        }
    }
    return mask;
}

static void test_lasso(void)
{
    g_autoptr(PstMask) mask = lasso_mask(FALSE);

    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.3), ==, 1);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.68, 0.3), ==, 1);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.72, 0.3), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.65, 0.45), ==, 0);
    /* The edge is half. */
    g_assert_cmpfloat_with_epsilon(value_at(mask, 1000, 600, 0.7, 0.3), 0.5, 0.1);
    g_assert_cmpfloat_with_epsilon(value_at(mask, 7000, 4200, 0.7, 0.3), 0.5, 0.1);
    pst_mask_begin(mask, PST_MASK_LASSO, TRUE, 0.01, (PstMaskPoint){ 0.45f, 0.1f });
    pst_mask_extend(mask, (PstMaskPoint){ 0.55f, 0.1f });
    pst_mask_extend(mask, (PstMaskPoint){ 0.5f, 0.5f });
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.3), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.6, 0.3), ==, 1);
}

static void test_gradient(void)
{
    g_autoptr(PstMask) mask = pst_mask_new();

    pst_mask_begin(mask, PST_MASK_GRADIENT, FALSE, 0.1, (PstMaskPoint){ 0.2f, 0.3f });
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.1, 0.3), ==, 0); /* nowhere to go yet */
    pst_mask_extend(mask, (PstMaskPoint){ 0.8f, 0.3f });
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.1, 0.1), ==, 1);
    g_assert_cmpfloat_with_epsilon(value_at(mask, 1000, 600, 0.5, 0.5), 0.5, 0.01);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.9, 0.5), ==, 0);
}

/* The same place has the same value in a preview and in the export. */
static void test_sizes(void)
{
    g_autoptr(PstMask) mask = stroke_mask(1);

    for (double x = 0.1; x < 0.95; x += 0.07) {
        for (double y = 0.1; y < 0.55; y += 0.05) {
            float small = value_at(mask, 1000, 600, x, y), large = value_at(mask, 7000, 4200, x, y);

            g_assert_cmpfloat(fabsf(small - large), <, 0.02);
        }
    }
}

/* However the rows are cut. */
static void test_rows(void)
{
    g_autoptr(PstMask) mask = lasso_mask(FALSE);
    g_autofree float *whole = g_new(float, 301 * 203);
    g_autofree float *part = g_new(float, 301 * 7);

    pst_mask_begin(mask, PST_MASK_BRUSH, FALSE, 0.1, (PstMaskPoint){ 0.3f, 0.3f });
    pst_mask_begin(mask, PST_MASK_GRADIENT, TRUE, 0.1, (PstMaskPoint){ 0, 0 });
    pst_mask_extend(mask, (PstMaskPoint){ 0.3f, 0.2f });
    pst_mask_fill(mask, 301, 203, 0, 203, whole);
    for (int y = 0; y < 203; y += 7) {
        int rows = MIN(7, 203 - y);

        pst_mask_fill(mask, 301, 203, y, rows, part);
        g_assert_cmpmem(part, (gsize)rows * 301 * sizeof(float), whole + y * 301, (gsize)rows * 301 * sizeof(float));
    }
}

static void test_text(void)
{
    g_autoptr(PstMask) mask = stroke_mask(0.25);
    static const char *const bad[] = { "",
                                       "x",
                                       "2 0",
                                       "0.5 0;",
                                       "0.5 0;q 0.1 0,0",
                                       "0.5 0;p 0.1",
                                       "0.5 0;p 0.1 0,",
                                       "0.5 0;p 0.1 nan,0",
                                       "0.5 0;p -1 0,0",
                                       "0.5 0;p 0.1 0,0 ",
                                       "0.5 0;p 0.1 0,0;",
                                       "0.5 0 " };

    mask->invert = TRUE;
    pst_mask_begin(mask, PST_MASK_BRUSH, TRUE, 0.05, (PstMaskPoint){ 0.5f, -0.25f });
    pst_mask_begin(mask, PST_MASK_LASSO, FALSE, 0.125, (PstMaskPoint){ 0.5f, 0.25f });
    pst_mask_begin(mask, PST_MASK_GRADIENT, TRUE, 0.125, (PstMaskPoint){ 0.5f, 0.25f });
    pst_mask_extend(mask, (PstMaskPoint){ 1, 1 });
    g_autofree char *text = pst_mask_to_text(mask);
    g_assert_true(g_str_has_suffix(text, ";l 0.125 0.5,0.25;G 0.125 0.5,0.25 1,1"));
    g_autoptr(PstMask) again = pst_mask_from_text(text);
    g_autofree char *same = again ? pst_mask_to_text(again) : NULL;
    g_assert_cmpstr(text, ==, same);
    g_assert_true(pst_mask_equal(again, again));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(pst_mask_from_text(bad[i]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/brush", test_brush);
    g_test_add_func("/mask/lasso", test_lasso);
    g_test_add_func("/mask/gradient", test_gradient);
    g_test_add_func("/mask/sizes", test_sizes);
    g_test_add_func("/mask/rows", test_rows);
    g_test_add_func("/mask/text", test_text);
    return g_test_run();
}
