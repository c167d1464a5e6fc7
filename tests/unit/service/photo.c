/* Opening a photograph that is too large to be held: a smaller one is, and memory stays bounded. */
#include <glib/gstdio.h>
#include <sys/resource.h>

#include "engine/picture/row_writer.h"
#include "engine/service/photo.h"

#define WIDTH  8400
#define HEIGHT 6400
#define ROWS   64 /* written at a time */

static char *write_large(const char *folder)
{
    const PstPictureInfo info = { .format = PST_FORMAT_PNG, .width = WIDTH, .height = HEIGHT };
    const PstWriteOptions options = { .format = PST_FORMAT_PNG, .conflict = PST_CONFLICT_OVERWRITE };
    char *path = g_build_filename(folder, "large.png", NULL);
    g_autofree char *written = NULL;
    g_autofree float *rgb = g_new(float, (gsize)3 * WIDTH * ROWS);
    g_autoptr(GError) error = NULL;
    PstRowWriter *writer = pst_row_writer_open(path, &info, &options, NULL, &error);

    g_assert_no_error(error);
    for (int y = 0; y < HEIGHT; y += ROWS) {
        for (gsize i = 0; i < (gsize)WIDTH * ROWS; i++) {
            rgb[3 * i] = rgb[3 * i + 1] = (float)(y / 256) / 32;
            rgb[3 * i + 2] = (float)(i % WIDTH / 256) / 40;
        }
        g_assert_true(pst_row_writer_write(writer, ROWS, rgb, NULL, &error));
    }
    written = pst_row_writer_commit(writer, &error);
    g_assert_no_error(error);
    pst_row_writer_free(writer);
    return path;
}

static double peak_megabytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1000;
}

static void test_large(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("pastiche-photo-XXXXXX", &error);
    g_autofree char *path = write_large(folder);
    double before = peak_megabytes();
    g_autoptr(PstPhoto) photo = pst_photo_read(path, FALSE, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(pst_photo_is_reduced(photo));
    g_assert_cmpint(photo->full->width, ==, WIDTH / 2);
    g_assert_cmpint(photo->full->height, ==, HEIGHT / 2);
    g_assert_cmpint(photo->full->info.full_width, ==, WIDTH);
    g_assert_cmpint(photo->full->info.full_height, ==, HEIGHT);
    g_assert_cmpint(MIN(photo->preview->width, photo->preview->height), ==, PST_PREVIEW_SIDE);
    /* All of it would be 645 MB. */
    g_test_message("peak %.0f MB, %.0f before", peak_megabytes(), before);
    g_assert_cmpfloat(peak_megabytes() - before, <, 250);
    g_remove(path);
    g_rmdir(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/photo/large", test_large);
    return g_test_run();
}
