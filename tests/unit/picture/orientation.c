/* All eight EXIF orientations, wherever the block is, are turned upright. */
#include "sample.h"

#include <string.h>

#include <png.h>

/* EXIF 2.32, tag 0x0112: which side of the upright picture the stored row 0 and column 0 are. */
static const struct {
    char row0, column0;
} SIDES[9] = { { 0, 0 },     { 'T', 'L' }, { 'T', 'R' }, { 'B', 'R' }, { 'B', 'L' },
               { 'L', 'T' }, { 'R', 'T' }, { 'R', 'B' }, { 'L', 'B' } };

static void upright_place(int orientation, int x, int y, int width, int height, int *to_x, int *to_y)
{
    switch (SIDES[orientation].row0) {
    case 'T':
        *to_y = y;
        break;
    case 'B':
        *to_y = height - 1 - y;
        break;
    case 'L':
        *to_x = y;
        break;
    default:
        *to_x = height - 1 - y;
        break;
    }
    switch (SIDES[orientation].column0) {
    case 'L':
        *to_x = x;
        break;
    case 'R':
        *to_x = width - 1 - x;
        break;
    case 'T':
        *to_y = x;
        break;
    default:
        *to_y = width - 1 - x;
        break;
    }
}

static void assert_upright(GBytes *bytes, int orientation, const guint8 *pixels, int width, int height,
                           double tolerance)
{
    g_autoptr(PstPicture) picture = sample_read(bytes);
    gboolean turned = orientation >= 5;
    g_assert_cmpint(picture->width, ==, turned ? height : width);
    g_assert_cmpint(picture->height, ==, turned ? width : height);
    g_assert_cmpint(picture->info.width, ==, picture->width);
    g_assert_cmpint(picture->info.orientation, ==, orientation);
    g_assert_nonnull(picture->info.exif);
    g_assert_cmpfloat(picture->info.dpi_x, ==, turned ? 150 : 300);
    g_assert_cmpfloat(picture->info.dpi_y, ==, turned ? 300 : 150);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int to_x = 0, to_y = 0;
            upright_place(orientation, x, y, width, height, &to_x, &to_y);
            int to = to_y * picture->width + to_x;
            for (int k = 0; k < 3; k++)
                g_assert_cmpfloat_with_epsilon(picture->rgb[to * 3 + k] * 255, pixels[(y * width + x) * 3 + k],
                                               tolerance);
            if (picture->alpha)
                g_assert_cmpfloat_with_epsilon(picture->alpha[to] * 255, x * 20 + y, 0.01);
        }
    g_auto(PstPictureInfo) info = { 0 };
    g_assert_true(pst_picture_probe_bytes(bytes, "sample.file", &info, NULL));
    g_assert_cmpint(info.width, ==, picture->width);
    g_assert_cmpint(info.height, ==, picture->height);
    g_assert_cmpint(info.orientation, ==, orientation);
}

static void test_jpeg(void)
{
    enum { WIDTH = 50, HEIGHT = 30 };
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    for (int i = 0; i < 16; i++) {
        int orientation = i / 2 + 1;
        g_autoptr(GBytes) exif = sample_exif(orientation, i % 2);
        SampleJpeg sample = { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels, .exif = exif };
        g_autoptr(GBytes) bytes = sample_jpeg(&sample);
        assert_upright(bytes, orientation, pixels, WIDTH, HEIGHT, 6);
    }
}

/* The chunk before and after the pixels, with alpha and without. */
static void test_png(void)
{
    enum { WIDTH = 7, HEIGHT = 4 };
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    for (int i = 0; i < 64; i++) {
        int orientation = i / 8 + 1;
        gboolean late = i & 1, alpha = i & 2, interlaced = i & 4;
        guint16 samples[WIDTH * HEIGHT * 4], *at = samples;
        for (int p = 0; p < WIDTH * HEIGHT; p++) {
            for (int k = 0; k < 3; k++)
                *at++ = pixels[p * 3 + k];
            if (alpha)
                *at++ = (guint16)(p % WIDTH * 20 + p / WIDTH);
        }
        g_autoptr(GBytes) exif = sample_exif(orientation, i & 1);
        SamplePng sample = { WIDTH,
                             HEIGHT,
                             8,
                             alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                             interlaced,
                             samples,
                             .exif = late ? NULL : exif,
                             .transparent = -1 };
        g_autoptr(GBytes) bytes = sample_png(&sample);
        if (late) {
            gsize size;
            const void *data = g_bytes_get_data(exif, &size);
            GBytes *with = sample_png_insert(bytes, "IEND", "eXIf", data, size);
            g_bytes_unref(bytes);
            bytes = with;
        }
        assert_upright(bytes, orientation, pixels, WIDTH, HEIGHT, 0.01);
    }
}

/* Whatever is in the block, the picture is read. */
static void test_broken_blocks(void)
{
    g_autofree guint8 *pixels = sample_smooth(16, 16, 3);
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    g_autoptr(GBytes) whole = sample_exif(6, TRUE);
    gsize size;
    const guint8 *data = g_bytes_get_data(whole, &size);
    for (int i = 0; i < 600; i++) {
        gsize length = i < (int)size ? (gsize)i + 1 : size;
        guint8 *copy = g_memdup2(data, length);
        for (int flips = i < (int)size ? 0 : 1 + i % 4; flips > 0; flips--)
            copy[g_rand_int_range(random, 0, (gint32)length)] = (guint8)g_rand_int(random);
        g_autoptr(GBytes) exif = g_bytes_new_take(copy, length);
        SampleJpeg sample = { .width = 16, .height = 16, .space = SAMPLE_YCC, .pixels = pixels, .exif = exif };
        g_autoptr(GBytes) bytes = sample_jpeg(&sample);
        g_autoptr(PstPicture) picture = sample_read(bytes);
        g_assert_cmpint(picture->info.orientation, >=, 1);
        g_assert_cmpint(picture->info.orientation, <=, 8);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/orientation/jpeg", test_jpeg);
    g_test_add_func("/picture/orientation/png", test_png);
    g_test_add_func("/picture/orientation/broken-blocks", test_broken_blocks);
    return g_test_run();
}
