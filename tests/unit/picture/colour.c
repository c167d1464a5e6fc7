/* Profiles are honoured, against arithmetic that lcms has no part in. */
#include "sample.h"

#include <math.h>

#include <png.h>

/* Adobe RGB (1998) to sRGB, both of D65: linear, from the primaries of the two standards. */
static const double TO_SRGB[3][3] = { { 1.3983557, -0.3983557, 0 }, { 0, 1, 0 }, { 0, -0.0429290, 1.0429290 } };

static void adobe_to_srgb(const double in[3], double out[3])
{
    for (int row = 0; row < 3; row++) {
        double linear = 0;
        for (int k = 0; k < 3; k++)
            linear += TO_SRGB[row][k] * pow(in[k], 2.19921875);
        out[row] = sample_srgb_encode(CLAMP(linear, 0, 1));
    }
}

enum { N = 9, PIXELS = N * N * N };

static void colour_at(int i, double rgb[3])
{
    rgb[0] = (i / N / N) / (N - 1.0);
    rgb[1] = (i / N % N) / (N - 1.0);
    rgb[2] = (i % N) / (N - 1.0);
}

static void assert_converted(const PstPicture *picture, double largest, double tolerance)
{
    for (int i = 0; i < PIXELS; i++) {
        double in[3], out[3];
        colour_at(i, in);
        for (int k = 0; k < 3; k++)
            in[k] = round(in[k] * largest) / largest;
        adobe_to_srgb(in, out);
        for (int k = 0; k < 3; k++)
            g_assert_cmpfloat_with_epsilon(picture->rgb[i * 3 + k], out[k], tolerance);
    }
}

static guint16 *colours(int depth, gboolean alpha)
{
    int channels = alpha ? 4 : 3;
    guint16 *pixels = g_new(guint16, PIXELS * channels);
    double largest = (1 << depth) - 1;
    for (int i = 0; i < PIXELS; i++) {
        double rgb[3];
        colour_at(i, rgb);
        for (int k = 0; k < 3; k++)
            pixels[i * channels + k] = (guint16)round(rgb[k] * largest);
        if (alpha)
            pixels[i * channels + 3] = (guint16)(i * (int)largest / PIXELS);
    }
    return pixels;
}

static void test_png_profile(void)
{
    g_autoptr(GBytes) icc = sample_icc(SAMPLE_ADOBE_RGB, 2.19921875);
    for (int depth = 8; depth <= 16; depth += 8)
        for (int alpha = 0; alpha < 2; alpha++) {
            g_autofree guint16 *pixels = colours(depth, alpha);
            SamplePng sample = { PIXELS, 1,      depth,      alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                                 FALSE,  pixels, .icc = icc, .transparent = -1 };
            g_autoptr(GBytes) bytes = sample_png(&sample);
            g_autoptr(PstPicture) picture = sample_read(bytes);
            g_assert_cmpstr(picture->info.profile, ==, "Sample of wide gamut");
            g_assert_null(picture->info.warning);
            /* 8 bit: lcms's fixed point, least exact near black, where sRGB is steep */
            assert_converted(picture, (1 << depth) - 1, depth == 8 ? 1.5 / 255 : 0.0015);
            for (int i = 0; alpha && i < PIXELS; i++)
                g_assert_cmpfloat_with_epsilon(picture->alpha[i] * ((1 << depth) - 1), pixels[i * 4 + 3], 0.01);
        }
}

/* The same primaries told by cHRM and gAMA. */
static void test_png_primaries(void)
{
    g_autofree guint16 *pixels = colours(16, FALSE);
    SamplePng sample = { PIXELS,
                         1,
                         16,
                         PNG_COLOR_TYPE_RGB,
                         FALSE,
                         pixels,
                         .gamma = 1 / 2.19921875,
                         .chromaticities = SAMPLE_ADOBE_RGB,
                         .transparent = -1 };
    g_autoptr(GBytes) bytes = sample_png(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_nonnull(picture->info.profile);
    assert_converted(picture, 65535, 0.0015);
}

/* A camera's way of saying Adobe RGB: interoperability index R03, and no profile. */
static void test_exif_adobe_rgb(void)
{
    static const guint8 block[] = {
        'M', 'M', 0,    42,   0, 0, 0, 8,                                      /* */
        0,   1,   0x87, 0x69, 0, 4, 0, 0, 0, 1, 0,   0,   0,   26, 0, 0, 0, 0, /* to 26 */
        0,   1,   0xa0, 0x05, 0, 4, 0, 0, 0, 1, 0,   0,   0,   44, 0, 0, 0, 0, /* to 44 */
        0,   1,   0,    1,    0, 2, 0, 0, 0, 4, 'R', '0', '3', 0,  0, 0, 0, 0,
    };
    guint8 pixels[16 * 16 * 3];
    for (int i = 0; i < 16 * 16 * 3; i++)
        pixels[i] = (guint8[]){ 40, 180, 90 }[i % 3];
    g_autoptr(GBytes) exif = g_bytes_new_static(block, sizeof block);
    SampleJpeg sample = {
        .width = 16, .height = 16, .space = SAMPLE_RGB, .pixels = pixels, .quality = 100, .exif = exif
    };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpstr(picture->info.profile, ==, "Adobe RGB");
    const double in[3] = { 40 / 255.0, 180 / 255.0, 90 / 255.0 };
    double out[3];
    adobe_to_srgb(in, out);
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon(picture->rgb[k], out[k], 2.0 / 255);
}

static GBytes *jpeg_of(SampleSpace space, GBytes *icc)
{
    enum { SIDE = 32 };
    guint8 pixels[SIDE * SIDE * 3];
    for (int i = 0; i < SIDE * SIDE * 3; i++)
        pixels[i] = space == SAMPLE_GREY ? 128 : (guint8[]){ 40, 180, 90 }[i % 3];
    SampleJpeg sample = { .width = SIDE, .height = SIDE, .space = space, .pixels = pixels, .quality = 100, .icc = icc };
    return sample_jpeg(&sample);
}

/* A profile of many APP2 chunks: 300 KiB of it is padding that no tag refers to. */
static void test_jpeg_profile(void)
{
    g_autoptr(GBytes) icc = sample_icc(SAMPLE_ADOBE_RGB, 2.19921875);
    gsize size;
    const guint8 *data = g_bytes_get_data(icc, &size);
    gsize padded = 300 * 1024;
    guint8 *large = g_malloc0(padded);
    memcpy(large, data, size);
    guint32 length = GUINT32_TO_BE((guint32)padded);
    memcpy(large, &length, 4);
    g_autoptr(GBytes) large_icc = g_bytes_new_take(large, padded);
    g_autoptr(GBytes) bytes = jpeg_of(SAMPLE_RGB, large_icc);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpstr(picture->info.profile, ==, "Sample of wide gamut");
    const double in[3] = { 40 / 255.0, 180 / 255.0, 90 / 255.0 };
    double out[3];
    adobe_to_srgb(in, out);
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon(picture->rgb[k], out[k], 2.0 / 255);
}

static void test_grey_profile(void)
{
    g_autoptr(GBytes) icc = sample_grey_icc(1.8);
    g_autoptr(GBytes) bytes = jpeg_of(SAMPLE_GREY, icc);
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpstr(picture->info.profile, ==, "Sample of grey");
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon(picture->rgb[k], sample_srgb_encode(pow(128 / 255.0, 1.8)), 0.005);
}

static void assert_ignored(GBytes *bytes)
{
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_null(picture->info.profile);
    g_assert_nonnull(picture->info.warning);
    g_assert_null(strchr(picture->info.warning, '\n'));
    g_assert_cmpfloat_with_epsilon(picture->rgb[1] * 255, 180, 3);
    g_auto(PstPictureInfo) info = { 0 };
    g_assert_true(pst_picture_probe_bytes(bytes, "sample.file", &info, NULL));
    g_assert_null(info.profile);
    g_assert_nonnull(info.warning);
}

/* Broken profiles and ones of another colour space: sRGB, and a word about it. */
static void test_unsuitable(void)
{
    g_autoptr(GBytes) grey = sample_grey_icc(1.8);
    g_autoptr(GBytes) ink = sample_cmyk_icc();
    g_autoptr(GBytes) rubbish = g_bytes_new_static("this is no profile at all", 25);
    GBytes *profiles[] = { grey, ink, rubbish };
    for (int i = 0; i < 3; i++) {
        g_autoptr(GBytes) bytes = jpeg_of(SAMPLE_RGB, profiles[i]);
        assert_ignored(bytes);
    }
    const guint16 pixel[3] = { 40, 180, 90 };
    SamplePng sample = { 1, 1, 8, PNG_COLOR_TYPE_RGB, FALSE, pixel, .transparent = -1 };
    g_autoptr(GBytes) png = sample_png(&sample);
    g_autoptr(GBytes) bad = sample_png_insert(png, "IDAT", "iCCP", "name\0\0not zlib", 14);
    assert_ignored(bad);
}

/* A profile that is sRGB leaves every value alone, exactly. */
static void test_srgb_is_exact(void)
{
    g_autoptr(PstPicture) picture = pst_picture_new(1, 1, FALSE, NULL);
    PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = 100 };
    picture->rgb[0] = picture->rgb[1] = picture->rgb[2] = 100 / 255.0f;
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
    g_autoptr(PstPicture) back = sample_read(bytes);
    g_assert_nonnull(back->info.profile);
    for (int k = 0; k < 3; k++)
        g_assert_true(back->rgb[k] == 100 / 255.0f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/colour/png-profile", test_png_profile);
    g_test_add_func("/picture/colour/png-primaries", test_png_primaries);
    g_test_add_func("/picture/colour/exif-adobe-rgb", test_exif_adobe_rgb);
    g_test_add_func("/picture/colour/jpeg-profile", test_jpeg_profile);
    g_test_add_func("/picture/colour/grey-profile", test_grey_profile);
    g_test_add_func("/picture/colour/unsuitable", test_unsuitable);
    g_test_add_func("/picture/colour/srgb-is-exact", test_srgb_is_exact);
    return g_test_run();
}
