/* Reading at a fraction of the size: means of squares, weighted by alpha, of PNG and JPEG. */
#include <math.h>

#include "engine/picture/reduction.h"
#include "engine/picture/writer.h"
#include "tests/folder.h"

static char *folder;

static char *put(const char *name, const PstPicture *picture)
{
    char *path = g_build_filename(folder, name, NULL);
    const PstWriteOptions options = { .depth = 16, .quality = 98, .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(GError) error = NULL;

    g_assert_true(pst_picture_write(picture, path, &options, NULL, NULL, &error));
    g_assert_no_error(error);
    return path;
}

static PstPicture *make(int width, int height, gboolean alpha)
{
    PstPicture *picture = pst_picture_new(width, height, alpha, NULL);

    for (int i = 0; i < width * height; i++) {
        int x = i % width, y = i / width;

        picture->rgb[3 * i] = (float)x / (float)width;
        picture->rgb[3 * i + 1] = (float)y / (float)height;
        picture->rgb[3 * i + 2] = 0.5f + 0.4f * sinf((float)x * 0.2f) * sinf((float)y * 0.3f);
        if (alpha) {
            picture->alpha[i] = x < width / 3 ? 0 : (float)(x + y) / (float)(width + height);
        }
    }
    return picture;
}

/* The mean of what the square holds, by the plain formula. */
static void plainly(const PstPicture *picture, int factor, int x, int y, double rgb[3], double *alpha)
{
    int count = 0;

    rgb[0] = rgb[1] = rgb[2] = *alpha = 0;
    for (int v = y * factor; v < MIN((y + 1) * factor, picture->height); v++) {
        for (int u = x * factor; u < MIN((x + 1) * factor, picture->width); u++) {
            int i = v * picture->width + u;
            double weight = picture->alpha ? (double)picture->alpha[i] : 1;

            for (int c = 0; c < 3; c++) {
                rgb[c] += weight * (double)picture->rgb[3 * i + c];
            }
            *alpha += weight;
            count++;
        }
    }
    for (int c = 0; c < 3; c++) {
        rgb[c] = *alpha > 0 ? rgb[c] / *alpha : 0;
    }
    *alpha /= count;
}

static void check(const char *name, const PstPicture *picture, guint64 pixels, int factor, double tolerance)
{
    g_autofree char *path = put(name, picture);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) result = pst_picture_read_reduced(path, pixels, FALSE, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpint(result->width, ==, (picture->width + factor - 1) / factor);
    g_assert_cmpint(result->height, ==, (picture->height + factor - 1) / factor);
    g_assert_cmpint(result->info.width, ==, result->width);
    g_assert_cmpint(result->info.full_width, ==, picture->width);
    g_assert_cmpint(result->info.full_height, ==, picture->height);
    g_assert_cmpint(result->alpha != NULL, ==, picture->alpha != NULL);
    for (int i = 0; i < result->width * result->height; i++) {
        double rgb[3], alpha;

        plainly(picture, factor, i % result->width, i / result->width, rgb, &alpha);
        for (int c = 0; c < 3; c++) {
            g_assert_cmpfloat_with_epsilon(result->rgb[3 * i + c], rgb[c], tolerance);
        }
        if (result->alpha) {
            g_assert_cmpfloat_with_epsilon(result->alpha[i], alpha, tolerance);
        }
    }
}

static void test_png(void)
{
    g_autoptr(PstPicture) picture = make(203, 151, FALSE);

    check("a.png", picture, 203 * 151, 1, 1e-4);
    check("b.png", picture, 203 * 151 - 1, 2, 1e-4);
    check("c.png", picture, 68 * 51, 3, 1e-4);
    check("d.png", picture, 68 * 51 - 1, 4, 1e-4);
    check("e.png", picture, 1, 203, 1e-4);
}

static void test_alpha(void)
{
    g_autoptr(PstPicture) picture = make(120, 77, TRUE);

    check("f.png", picture, 60 * 39, 2, 2e-3);
    check("g.png", picture, 300, 6, 2e-3);
}

/* What a JPEG halves by itself is not quite a mean of squares, and its values are rounded. */
static void test_jpeg(void)
{
    g_autoptr(PstPicture) picture = make(320, 240, FALSE);

    check("h.jpg", picture, 160 * 120, 2, 0.03);
    check("i.jpg", picture, 107 * 80, 3, 0.03);
    check("j.jpg", picture, 54 * 40, 6, 0.04);
}

static void test_errors(void)
{
    g_autofree char *missing = g_build_filename(folder, "missing.png", NULL);
    g_autofree char *cut = g_build_filename(folder, "cut.png", NULL);
    g_autoptr(PstPicture) picture = make(200, 200, FALSE);
    g_autofree char *whole = put("whole.png", picture);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    g_assert_null(pst_picture_read_reduced(missing, 100, FALSE, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_true(g_file_get_contents(whole, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents(cut, bytes, (gssize)length / 2, NULL));
    g_assert_null(pst_picture_read_reduced(cut, 100, FALSE, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED);
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-reduction-XXXXXX", NULL);
    g_test_add_func("/reduction/png", test_png);
    g_test_add_func("/reduction/alpha", test_alpha);
    g_test_add_func("/reduction/jpeg", test_jpeg);
    g_test_add_func("/reduction/errors", test_errors);
    status = g_test_run();
    folder_remove(folder);
    g_free(folder);
    return status;
}
