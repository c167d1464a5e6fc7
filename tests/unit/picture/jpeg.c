/* Every kind of JPEG, written plainly with libjpeg, comes back as it was. */
#include "sample.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 61, HEIGHT = 43 };

static void assert_near(const PstPicture *picture, const guint8 *pixels, int channels, double largest, double mean)
{
    double sum = 0;
    g_assert_cmpint(picture->width, ==, WIDTH);
    g_assert_cmpint(picture->height, ==, HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        for (int k = 0; k < 3; k++) {
            double expected = pixels[i * channels + (channels == 1 ? 0 : k)];
            double distance = fabs(picture->rgb[i * 3 + k] * 255.0 - expected);
            g_assert_cmpfloat(distance, <=, largest);
            sum += distance;
        }
    g_assert_cmpfloat(sum / (WIDTH * HEIGHT * 3), <=, mean);
}

static void test_kinds(void)
{
    static const SampleJpeg kinds[] = {
        { .space = SAMPLE_GREY },
        { .space = SAMPLE_GREY, .progressive = TRUE },
        { .space = SAMPLE_RGB },
        { .space = SAMPLE_YCC },
        { .space = SAMPLE_YCC, .progressive = TRUE },
        { .space = SAMPLE_YCC, .arithmetic = TRUE },
        { .space = SAMPLE_YCC, .arithmetic = TRUE, .progressive = TRUE },
        { .space = SAMPLE_YCC, .restart_interval = 3 },
        { .space = SAMPLE_YCC, .subsampled = TRUE },
        { .space = SAMPLE_YCC, .subsampled = TRUE, .progressive = TRUE },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        int channels = kinds[i].space == SAMPLE_GREY ? 1 : 3;
        g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, channels);
        SampleJpeg sample = kinds[i];
        sample.width = WIDTH;
        sample.height = HEIGHT;
        sample.pixels = pixels;
        g_autoptr(GBytes) bytes = sample_jpeg(&sample);
        g_autoptr(PstPicture) picture = sample_read(bytes);
        assert_near(picture, pixels, channels, sample.subsampled ? 25 : 6, sample.subsampled ? 3 : 1.5);
        g_assert_null(picture->info.warning);
        g_assert_null(picture->alpha);
        g_assert_cmpint(picture->info.progressive, ==, sample.progressive);
        g_assert_cmpint(picture->info.colour, ==, sample.space == SAMPLE_GREY ? PST_COLOUR_GREY : PST_COLOUR_RGB);
        g_assert_cmpint(picture->info.format, ==, PST_FORMAT_JPEG);
    }
}

/* One ink combination over the whole picture, and the colour that it came out as. */
static void read_inks(SampleSpace space, gboolean adobe, GBytes *icc, const guint8 inks[4], float rgb[3])
{
    enum { SIDE = 16 };
    guint8 pixels[SIDE * SIDE * 4];
    for (int i = 0; i < SIDE * SIDE * 4; i++)
        pixels[i] = 255 - inks[i % 4]; /* with and without the marker */
    SampleJpeg sample = {
        .width = SIDE, .height = SIDE, .space = space, .pixels = pixels, .adobe = adobe, .quality = 100, .icc = icc
    };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpint(picture->info.colour, ==, PST_COLOUR_CMYK);
    g_assert_null(picture->info.warning);
    memcpy(rgb, picture->rgb + (SIDE * SIDE / 2) * 3, sizeof(float[3]));
}

static const struct {
    SampleSpace space;
    gboolean adobe;
} INK_FILES[] = { { SAMPLE_CMYK, TRUE }, { SAMPLE_CMYK, FALSE }, { SAMPLE_YCCK, TRUE } };

/* Without a profile: white paper, black black, greys between, and the solid inks as the tables of
 * FOGRA39 give them in sRGB (the process colours #009FE3, #E6007E, #FFED00). */
static void test_press(void)
{
    static const struct {
        guint8 inks[4];
        int rgb[3], tolerance;
    } cases[] = {
        { { 0, 0, 0, 0 }, { 255, 255, 255 }, 3 },    { { 255, 0, 0, 0 }, { 0, 159, 227 }, 5 },
        { { 0, 255, 0, 0 }, { 230, 0, 126 }, 5 },    { { 0, 0, 255, 0 }, { 255, 237, 0 }, 5 },
        { { 0, 255, 255, 0 }, { 227, 6, 19 }, 5 },   { { 255, 0, 255, 0 }, { 0, 150, 64 }, 5 },
        { { 255, 255, 0, 0 }, { 49, 39, 131 }, 20 }, { { 0, 0, 0, 255 }, { 29, 29, 27 }, 8 },
        { { 0, 0, 0, 128 }, { 156, 155, 155 }, 12 }, { { 255, 255, 255, 255 }, { 0, 0, 0 }, 4 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(INK_FILES); i++)
        for (gsize j = 0; j < G_N_ELEMENTS(cases); j++) {
            float rgb[3];
            read_inks(INK_FILES[i].space, INK_FILES[i].adobe, NULL, cases[j].inks, rgb);
            for (int k = 0; k < 3; k++)
                g_assert_cmpfloat_with_epsilon(rgb[k] * 255, cases[j].rgb[k], cases[j].tolerance);
        }
}

static void test_ink_profile(void)
{
    g_autoptr(GBytes) icc = sample_cmyk_icc();
    for (gsize i = 0; i < G_N_ELEMENTS(INK_FILES); i++)
        for (int black = 0; black < 256; black += 51) {
            float rgb[3];
            read_inks(INK_FILES[i].space, INK_FILES[i].adobe, icc, (guint8[]){ 40, 90, 10, (guint8)black }, rgb);
            /* The profile ignores the other inks; L* to luminance is CIE 15's formula. */
            double lightness = 100 * (1 - black / 255.0);
            double y = lightness > 8 ? pow((lightness + 16) / 116, 3) : lightness / 903.3;
            for (int k = 0; k < 3; k++)
                g_assert_cmpfloat_with_epsilon(rgb[k], sample_srgb_encode(y), 0.012);
        }
}

/* Stored at 4:4:4 with an sRGB profile that doesn't change from one time to the next. */
static void test_round_trip(void)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    g_autoptr(PstPicture) picture = pst_picture_new(WIDTH, HEIGHT, FALSE, NULL);
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        picture->rgb[i] = (float)pixels[i] / 255.0f;
    picture->info.dpi_x = 240;
    picture->info.dpi_y = 120;
    PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = 95 };
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_autoptr(GBytes) again = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_assert_true(g_bytes_equal(bytes, again));
    g_autoptr(PstPicture) back = sample_read(bytes);
    assert_near(back, pixels, 3, 6, 1.5);
    g_assert_true(g_str_has_prefix(back->info.profile, "sRGB"));
    g_assert_cmpfloat(back->info.dpi_x, ==, 240);
    g_assert_cmpfloat(back->info.dpi_y, ==, 120);

    options.quality = 1;
    g_autoptr(GBytes) rough = pst_picture_write_bytes(picture, &options, NULL, NULL);
    options.quality = 100;
    g_autoptr(GBytes) fine = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_assert_cmpuint(g_bytes_get_size(rough), <, g_bytes_get_size(bytes));
    g_assert_cmpuint(g_bytes_get_size(bytes), <, g_bytes_get_size(fine));
}

static void test_on_white(void)
{
    enum { SIDE = 16 };
    g_autoptr(PstPicture) picture = pst_picture_new(SIDE, SIDE, TRUE, NULL);
    for (int i = 0; i < SIDE * SIDE; i++) {
        picture->rgb[i * 3] = 1;
        picture->alpha[i] = 0.25f;
    }
    PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = 100 };
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_autoptr(PstPicture) back = sample_read(bytes);
    g_assert_null(back->alpha);
    g_assert_cmpfloat_with_epsilon(back->rgb[0], 1, 0.01);
    g_assert_cmpfloat_with_epsilon(back->rgb[1], 0.75, 0.01);
    g_assert_cmpfloat_with_epsilon(back->rgb[2], 0.75, 0.01);
}

static void test_density(void)
{
    g_autofree guint8 *pixels = sample_smooth(16, 16, 3);
    SampleJpeg sample = { .width = 16, .height = 16, .space = SAMPLE_YCC, .pixels = pixels, .dpi = 72 };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpfloat(picture->info.dpi_x, ==, 72);
}

static void test_too_wide(void)
{
    GError *error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(70000, 1, FALSE, NULL);
    PstWriteOptions options = { .format = PST_FORMAT_JPEG };
    g_assert_null(pst_picture_write_bytes(picture, &options, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_TOO_BIG);
    g_error_free(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/jpeg/kinds", test_kinds);
    g_test_add_func("/picture/jpeg/press", test_press);
    g_test_add_func("/picture/jpeg/ink-profile", test_ink_profile);
    g_test_add_func("/picture/jpeg/round-trip", test_round_trip);
    g_test_add_func("/picture/jpeg/on-white", test_on_white);
    g_test_add_func("/picture/jpeg/density", test_density);
    g_test_add_func("/picture/jpeg/too-wide", test_too_wide);
    return g_test_run();
}
