/* Every kind of PNG gives the values that its file says. */
#include "sample.h"

#include <math.h>
#include <string.h>

#include <png.h>

enum { WIDTH = 23, HEIGHT = 17 }; /* odd, so that every interlacing pass has ragged edges */

static const struct {
    int type, channels, depths[5];
} KINDS[] = {
    { PNG_COLOR_TYPE_GRAY, 1, { 1, 2, 4, 8, 16 } }, { PNG_COLOR_TYPE_RGB, 3, { 8, 16 } },
    { PNG_COLOR_TYPE_PALETTE, 1, { 1, 2, 4, 8 } },  { PNG_COLOR_TYPE_GRAY_ALPHA, 2, { 8, 16 } },
    { PNG_COLOR_TYPE_RGB_ALPHA, 4, { 8, 16 } },
};

static guint16 *noise(gsize count, int depth)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    guint16 *samples = g_new(guint16, count);
    for (gsize i = 0; i < count; i++)
        samples[i] = (guint16)g_rand_int_range(random, 0, 1 << depth);
    return samples;
}

static void expected_pixel(const SamplePng *sample, const guint16 *at, double rgb[3], double *alpha)
{
    double largest = (1 << sample->depth) - 1;
    gboolean colour = sample->colour_type & PNG_COLOR_MASK_COLOR;
    *alpha = 1;
    if (sample->colour_type == PNG_COLOR_TYPE_PALETTE) {
        guint8 entry[3], cover;
        sample_palette(at[0], entry, &cover);
        for (int k = 0; k < 3; k++)
            rgb[k] = entry[k] / 255.0;
        *alpha = sample->transparent >= 0 ? cover / 255.0 : 1;
        return;
    }
    gboolean clear = TRUE;
    for (int k = 0; k < 3; k++) {
        rgb[k] = at[colour ? k : 0] / largest;
        clear = clear && at[colour ? k : 0] == sample->transparent;
    }
    if (sample->colour_type & PNG_COLOR_MASK_ALPHA)
        *alpha = at[colour ? 3 : 1] / largest;
    else if (clear)
        *alpha = 0;
}

static void check_kind(int type, int channels, int depth, gboolean interlaced, int transparent)
{
    g_autofree guint16 *pixels = noise((gsize)WIDTH * HEIGHT * channels, depth);
    if (transparent >= 0 && type != PNG_COLOR_TYPE_PALETTE)
        for (int k = 0; k < channels; k++)
            pixels[5 * channels + k] = (guint16)transparent;
    SamplePng sample = { WIDTH, HEIGHT, depth, type, interlaced, pixels, .srgb = TRUE, .transparent = transparent };
    g_autoptr(GBytes) bytes = sample_png(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    gboolean alpha = type & PNG_COLOR_MASK_ALPHA || transparent >= 0;
    g_assert_cmpint(picture->width, ==, WIDTH);
    g_assert_cmpint(picture->height, ==, HEIGHT);
    g_assert_true((picture->alpha != NULL) == alpha);
    g_assert_true(((gsize)picture->rgb & 63) == 0);
    g_assert_null(picture->info.warning);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double rgb[3], cover;
        expected_pixel(&sample, pixels + i * channels, rgb, &cover);
        for (int k = 0; k < 3; k++)
            g_assert_cmpfloat_with_epsilon(picture->rgb[i * 3 + k], rgb[k], 1e-6);
        if (alpha)
            g_assert_cmpfloat_with_epsilon(picture->alpha[i], cover, 1e-6);
    }

    g_auto(PstPictureInfo) info = { 0 };
    GError *error = NULL;
    g_assert_true(pst_picture_probe_bytes(bytes, "sample.file", &info, &error));
    g_assert_no_error(error);
    g_assert_cmpint(info.format, ==, PST_FORMAT_PNG);
    g_assert_cmpint(info.width, ==, WIDTH);
    g_assert_cmpint(info.height, ==, HEIGHT);
    g_assert_cmpint(info.depth, ==, depth);
    g_assert_cmpint(info.alpha, ==, alpha);
    g_assert_cmpint(info.progressive, ==, interlaced);
    g_assert_cmpint(info.colour, ==,
                    type == PNG_COLOR_TYPE_PALETTE ? PST_COLOUR_PALETTE
                    : type & PNG_COLOR_MASK_COLOR  ? PST_COLOUR_RGB
                                                   : PST_COLOUR_GREY);
}

static void test_kinds(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++)
        for (int j = 0; j < 5 && KINDS[i].depths[j]; j++)
            for (int interlaced = 0; interlaced < 2; interlaced++) {
                int depth = KINDS[i].depths[j];
                check_kind(KINDS[i].type, KINDS[i].channels, depth, interlaced, -1);
                if (!(KINDS[i].type & PNG_COLOR_MASK_ALPHA))
                    check_kind(KINDS[i].type, KINDS[i].channels, depth, interlaced, (1 << depth) - 1);
            }
}

static void test_single_pixels(void)
{
    const guint16 pixel[4] = { 1, 0, 1, 1 };
    for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++)
        for (int interlaced = 0; interlaced < 2; interlaced++) {
            SamplePng sample = { 1, 1, KINDS[i].depths[0], KINDS[i].type, interlaced, pixel, .transparent = -1 };
            g_autoptr(GBytes) bytes = sample_png(&sample);
            g_autoptr(PstPicture) picture = sample_read(bytes);
            g_assert_cmpint(picture->width, ==, 1);
        }
}

/* A gamma other than sRGB's is honoured, in colour and in grey, in 8 and 16 bit; sRGB's, a missing
 * one and nonsense leave the values alone. */
static void test_gamma(void)
{
    static const struct {
        double gamma;
        gboolean changes, warns;
    } cases[] = { { 1, TRUE, FALSE },       { 1 / 1.8, TRUE, FALSE }, { 0.45455, FALSE, FALSE },
                  { 0.4545, FALSE, FALSE }, { 0, FALSE, FALSE },      { 0.001, FALSE, TRUE } };
    static const int types[] = { PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_RGB };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int type = 0; type < 2; type++)
            for (int depth = 8; depth <= 16; depth += 8) {
                double largest = (1 << depth) - 1;
                guint16 pixels[64 * 3];
                for (int x = 0; x < 64; x++)
                    for (int k = 0; k < 3; k++)
                        pixels[type ? x * 3 + k : x] = (guint16)(x * largest / 63);
                SamplePng sample = {
                    64, 1, depth, types[type], FALSE, pixels, .gamma = cases[i].gamma, .transparent = -1
                };
                g_autoptr(GBytes) bytes = sample_png(&sample);
                g_autoptr(PstPicture) picture = sample_read(bytes);
                g_assert_true((picture->info.profile != NULL) == cases[i].changes);
                g_assert_true((picture->info.warning != NULL) == cases[i].warns);
                for (int x = 0; x < 64; x++)
                    for (int k = 0; k < 3; k++) {
                        double value = pixels[type ? x * 3 : x] / largest;
                        if (cases[i].changes)
                            value = sample_srgb_encode(pow(value, 1 / cases[i].gamma));
                        /* 8-bit colours go through lcms's fixed point */
                        double tolerance = !cases[i].changes ? 1e-6 : type && depth == 8 ? 0.006 : 0.001;
                        g_assert_cmpfloat_with_epsilon(picture->rgb[x * 3 + k], value, tolerance);
                    }
            }
}

/* sRGB's chunk wins over gAMA. */
static void test_srgb_wins(void)
{
    const guint16 pixels[3] = { 10, 100, 200 };
    SamplePng sample = {
        1, 1, 8, PNG_COLOR_TYPE_RGB, FALSE, pixels, .srgb = TRUE, .gamma = 0.45455, .transparent = -1
    };
    g_autoptr(GBytes) plain = sample_png(&sample);
    g_autoptr(PstPicture) picture = sample_read(plain);
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon(picture->rgb[k], pixels[k] / 255.0, 1e-6);
}

static void test_density(void)
{
    const guint16 pixels[3] = { 0 };
    SamplePng sample = { 1, 1, 8, PNG_COLOR_TYPE_RGB, FALSE, pixels, .pixels_per_metre = 11811, .transparent = -1 };
    g_autoptr(GBytes) bytes = sample_png(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpfloat_with_epsilon(picture->info.dpi_x, 300, 0.01);
    g_assert_cmpfloat_with_epsilon(picture->info.dpi_y, 300, 0.01);
}

/* Values written come back exactly, and alpha with them. */
static void test_round_trip(void)
{
    for (int depth = 8; depth <= 16; depth += 8)
        for (int alpha = 0; alpha < 2; alpha++) {
            enum { SIDE = 256 };
            GError *error = NULL;
            g_autoptr(PstPicture) picture = pst_picture_new(SIDE, SIDE, alpha, NULL);
            for (int i = 0; i < SIDE * SIDE; i++) {
                int level = depth == 16 ? i : i % 256;
                double largest = depth == 16 ? 65535 : 255;
                for (int k = 0; k < 3; k++)
                    picture->rgb[i * 3 + k] = (float)((k == 1 ? largest - level : level) / largest);
                if (alpha)
                    picture->alpha[i] = (float)((level * 7919 % (int)(largest + 1)) / largest);
            }
            PstWriteOptions options = { .format = PST_FORMAT_PNG, .depth = depth };
            g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, &error);
            g_assert_no_error(error);
            g_autoptr(GBytes) again = pst_picture_write_bytes(picture, &options, NULL, NULL);
            g_assert_true(g_bytes_equal(bytes, again));
            g_autoptr(PstPicture) back = sample_read(bytes);
            g_assert_cmpint(back->info.depth, ==, depth);
            g_assert_cmpmem(picture->rgb, SIDE * SIDE * sizeof(float[3]), back->rgb, SIDE * SIDE * sizeof(float[3]));
            g_assert_true((back->alpha != NULL) == alpha);
            if (alpha)
                g_assert_cmpmem(picture->alpha, SIDE * SIDE * sizeof(float), back->alpha, SIDE * SIDE * sizeof(float));
        }
}

/* Out of range and not-a-number are clamped, in between is rounded to the nearest level. */
static void test_rounding(void)
{
    g_autoptr(PstPicture) picture = pst_picture_new(2, 1, FALSE, NULL);
    const float values[6] = { -1, 2, NAN, 0.5f / 255 + 1e-4f, 0.5f / 255 - 1e-4f, INFINITY };
    const float expected[6] = { 0, 255, 0, 1, 0, 255 };
    memcpy(picture->rgb, values, sizeof values);
    PstWriteOptions options = { .format = PST_FORMAT_PNG };
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_autoptr(PstPicture) back = sample_read(bytes);
    for (int i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon(back->rgb[i] * 255, expected[i], 1e-3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/png/kinds", test_kinds);
    g_test_add_func("/picture/png/single-pixels", test_single_pixels);
    g_test_add_func("/picture/png/gamma", test_gamma);
    g_test_add_func("/picture/png/srgb-wins", test_srgb_wins);
    g_test_add_func("/picture/png/density", test_density);
    g_test_add_func("/picture/png/round-trip", test_round_trip);
    g_test_add_func("/picture/png/rounding", test_rounding);
    return g_test_run();
}
