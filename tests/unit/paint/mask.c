/* Masks and regions: where a brush reaches, at any size; text and back; paintings laid over each other exactly. */
#include <math.h>
#include <string.h>

#include "engine/paint/regions.h"

static PstMask *stroke_mask(double feather)
{
    PstMask *mask = pst_mask_new();

    mask->feather = feather;
    pst_mask_begin(mask, FALSE, 0.1, (PstMaskPoint){ 0.3f, 0.3f });
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
    pst_mask_begin(mask, TRUE, 0.05, (PstMaskPoint){ 0.5f, 0.35f });
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.5, 0.35), ==, 0);
    g_assert_cmpfloat(value_at(mask, 1000, 600, 0.35, 0.31), ==, 1);
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
    g_autoptr(PstMask) mask = stroke_mask(0.3);
    g_autofree float *whole = g_new(float, 301 * 203);
    g_autofree float *part = g_new(float, 301 * 7);

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
    static const char *const bad[] = { "", "x", "2 0", "0.5 0;", "0.5 0;q 0.1 0,0", "0.5 0;p 0.1", "0.5 0;p 0.1 0,",
                                       "0.5 0;p 0.1 nan,0", "0.5 0;p -1 0,0", "0.5 0;p 0.1 0,0 ", "0.5 0;p 0.1 0,0;",
                                       "0.5 0 " };

    mask->invert = TRUE;
    pst_mask_begin(mask, TRUE, 0.05, (PstMaskPoint){ 0.5f, -0.25f });
    g_autofree char *text = pst_mask_to_text(mask);
    g_autoptr(PstMask) again = pst_mask_from_text(text);
    g_autofree char *same = again ? pst_mask_to_text(again) : NULL;
    g_assert_cmpstr(text, ==, same);
    g_assert_true(pst_mask_equal(again, again));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(pst_mask_from_text(bad[i]));
    }
}

static PstPicture *plain(float value)
{
    PstPicture *picture = pst_picture_new(64, 48, FALSE, NULL);

    for (int i = 0; i < 64 * 48 * 3; i++) {
        picture->rgb[i] = value;
    }
    return picture;
}

/* Paints the style whose first statistic is the colour. */
static PstPicture *paint_plain(const PstStyle *style, gpointer data, GError **error)
{
    ++*(int *)data;
    return plain(style->statistics[0]);
}

static void test_regions(void)
{
    g_autoptr(PstPicture) photo = plain(0.1f);
    g_autoptr(PstStyle) dark = pst_style_new("dark");
    g_autoptr(PstStyle) light = pst_style_new("light");
    g_autoptr(PstMask) left = pst_mask_new();
    g_autoptr(PstMask) nowhere = pst_mask_new();
    int painted = 0;

    dark->statistics[0] = 0.25f;
    light->statistics[0] = 0.75f;
    left->feather = 0;
    pst_mask_begin(left, FALSE, 0.4, (PstMaskPoint){ 0, 0.4f });

    const PstPaintRegion regions[] = { { dark, NULL }, { light, left }, { light, nowhere } };
    g_autoptr(PstPicture) result = pst_regions_paint(photo, regions, 3, paint_plain, &painted, NULL, NULL);
    g_assert_cmpint(painted, ==, 2);
    g_assert_cmpint(pst_regions_visible(regions, 3), ==, 2);
    g_assert_cmpfloat(result->rgb[3 * (24 * 64 + 2)], ==, 0.75f);
    g_assert_cmpfloat(result->rgb[3 * (24 * 64 + 60)], ==, 0.25f);

    /* Without a region that is everywhere, the photograph stays where none is. */
    g_autoptr(PstPicture) masked = pst_regions_paint(photo, regions + 1, 1, paint_plain, &painted, NULL, NULL);
    g_assert_cmpfloat(masked->rgb[3 * (24 * 64 + 60)], ==, 0.1f);
    g_autoptr(PstPicture) none = pst_regions_paint(photo, regions + 2, 1, paint_plain, &painted, NULL, NULL);
    g_assert_cmpmem(none->rgb, 64 * 48 * 3 * sizeof(float), photo->rgb, 64 * 48 * 3 * sizeof(float));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/brush", test_brush);
    g_test_add_func("/mask/sizes", test_sizes);
    g_test_add_func("/mask/rows", test_rows);
    g_test_add_func("/mask/text", test_text);
    g_test_add_func("/regions/over", test_regions);
    return g_test_run();
}
