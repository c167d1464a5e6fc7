/* Real photographs: the same bytes as libjpeg called plainly, and through both writers and back. */
#include "sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

static GPtrArray *photos(void)
{
    const char *shared = g_getenv("PASTICHE_SHARED");
    g_autofree char *folder = g_build_filename(shared ? shared : PST_TEST_SHARED, "corpus", "showcase_photos", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, ".jpg"))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    if (paths->len == 0)
        g_test_skip("no photographs here; PASTICHE_SHARED names the folder that has them");
    return paths;
}

static guint8 *decode_plainly(const char *path, int *width, int *height)
{
    g_autofree char *contents = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &contents, &size, NULL));
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, (const unsigned char *)contents, size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg);
    *width = (int)jpeg.output_width;
    *height = (int)jpeg.output_height;
    guint8 *pixels = g_malloc((gsize)*width * (gsize)*height * 3);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + (gsize)jpeg.output_scanline * (gsize)*width * 3;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return pixels;
}

static void test_same_as_libjpeg(void)
{
    g_autoptr(GPtrArray) paths = photos();
    for (guint i = 0; i < paths->len; i++) {
        GError *error = NULL;
        g_autoptr(PstPicture) picture = pst_picture_read(paths->pdata[i], NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_null(picture->info.warning);
        if (picture->info.profile || picture->info.orientation != 1)
            continue;
        int width, height;
        g_autofree guint8 *pixels = decode_plainly(paths->pdata[i], &width, &height);
        g_assert_cmpint(picture->width, ==, width);
        g_assert_cmpint(picture->height, ==, height);
        for (gsize p = 0; p < (gsize)width * (gsize)height * 3; p++)
            if (picture->rgb[p] != pixels[p] / 255.0f)
                g_assert_cmpfloat(picture->rgb[p], ==, pixels[p] / 255.0f);
    }
}

static double psnr(const PstPicture *a, const PstPicture *b)
{
    double sum = 0;
    gsize n = (gsize)a->width * (gsize)a->height * 3;
    for (gsize i = 0; i < n; i++) {
        double distance = (double)a->rgb[i] - b->rgb[i];
        sum += distance * distance;
    }
    return 10 * log10(n / sum);
}

static void test_round_trips(void)
{
    g_autoptr(GPtrArray) paths = photos();
    for (guint i = 0; i < MIN(paths->len, 4); i++) {
        g_autoptr(PstPicture) picture = pst_picture_read(paths->pdata[i], NULL, NULL, NULL);
        g_autoptr(PstPicture) small = pst_picture_fit_long_side(picture, 700, NULL, NULL);
        PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = 95 };
        g_autoptr(GBytes) jpeg = pst_picture_write_bytes(small, &options, NULL, NULL);
        g_autoptr(PstPicture) from_jpeg = sample_read(jpeg);
        g_assert_cmpfloat(psnr(small, from_jpeg), >, 36);
        options = (PstWriteOptions){ .format = PST_FORMAT_PNG };
        g_autoptr(GBytes) png8 = pst_picture_write_bytes(small, &options, NULL, NULL);
        g_autoptr(PstPicture) from_png8 = sample_read(png8);
        g_assert_cmpfloat(psnr(small, from_png8), >, 58);
        options.depth = 16;
        g_autoptr(GBytes) png16 = pst_picture_write_bytes(small, &options, NULL, NULL);
        g_autoptr(PstPicture) from_png16 = sample_read(png16);
        g_assert_cmpfloat(psnr(small, from_png16), >, 105);
    }
}

/* Cut anywhere, a photograph is refused, not painted half. */
static void test_truncated(void)
{
    g_autoptr(GPtrArray) paths = photos();
    if (paths->len == 0)
        return;
    g_autofree char *contents = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(paths->pdata[0], &contents, &size, NULL));
    for (int i = 1; i < 12; i++) {
        g_autoptr(GBytes) part = g_bytes_new_static(contents, size * (gsize)i / 12);
        sample_refused(part, NULL, PST_PICTURE_ERROR_DAMAGED);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/photos/same-as-libjpeg", test_same_as_libjpeg);
    g_test_add_func("/picture/photos/round-trips", test_round_trips);
    g_test_add_func("/picture/photos/truncated", test_truncated);
    return g_test_run();
}
