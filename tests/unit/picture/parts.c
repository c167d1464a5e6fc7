/* Parts: a TIFF that is joined of parts has the bytes of one that was written at once. */
#include "engine/picture/row_writer.h"
#include "tests/folder.h"

#include <string.h>

/* A pattern without repetition, which compresses a little. */
static PstPicture *draw(int width, int height, gboolean alpha)
{
    PstPicture *picture = pst_picture_new(width, height, alpha, NULL);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            gsize at = (gsize)y * (gsize)width + (gsize)x;

            for (int c = 0; c < 3; c++)
                picture->rgb[3 * at + (gsize)c] = (float)((x * (c + 3) + y * 7 + x * y / 64) % 1021) / 1020;
            if (alpha)
                picture->alpha[at] = (float)((x + y) % 97) / 96;
        }
    }
    return picture;
}

static char *write_rows(const PstPicture *picture, int first, int rows, PstWriteOptions options, const char *path)
{
    PstPictureInfo info = picture->info;
    g_autoptr(GError) error = NULL;
    g_autoptr(PstRowWriter) writer = NULL;
    gsize from = (gsize)first * (gsize)picture->width;
    char *written;

    info.width = picture->width;
    info.height = rows;
    info.alpha = picture->alpha != NULL;
    writer = pst_row_writer_open(path, &info, &options, NULL, &error);
    g_assert_no_error(error);
    pst_row_writer_write(writer, rows, picture->rgb + 3 * from, picture->alpha ? picture->alpha + from : NULL, &error);
    g_assert_no_error(error);
    written = pst_row_writer_commit(writer, &error);
    g_assert_no_error(error);
    return written;
}

static void check(int width, int height, gboolean alpha, int depth)
{
    g_autofree char *folder = g_dir_make_tmp("pastiche-parts-XXXXXX", NULL),
                    *whole = g_build_filename(folder, "whole.tif", NULL);
    g_autofree char *joined = g_build_filename(folder, "joined.tif", NULL), *a = NULL, *b = NULL, *one = NULL,
                    *two = NULL;
    g_autoptr(PstPicture) picture = draw(width, height, alpha);
    PstPictureInfo info = picture->info;
    PstWriteOptions options = { .depth = depth, .pyramid = TRUE };
    g_autoptr(PstRowWriter) writer = NULL;
    g_autoptr(GError) error = NULL;
    gsize size_a, size_b;

    one = write_rows(picture, 0, height, options, whole);
    info.width = width;
    info.height = height;
    info.alpha = alpha;
    writer = pst_row_writer_open(joined, &info, &options, NULL, &error);
    g_assert_no_error(error);
    for (int first = 0; first < height; first += PST_PART_ROWS) {
        g_autofree char *name = g_strdup_printf("%s/part-%d.tif", folder, first), *part = NULL;
        PstWriteOptions of_part = options;

        of_part.part_of = height;
        part = write_rows(picture, first, MIN(PST_PART_ROWS, height - first), of_part, name);
        pst_row_writer_take(writer, part, &error);
        g_assert_no_error(error);
    }
    two = pst_row_writer_commit(writer, &error);
    g_assert_no_error(error);
    g_assert_true(g_file_get_contents(whole, &a, &size_a, NULL) && g_file_get_contents(joined, &b, &size_b, NULL));
    g_assert_cmpmem(a, size_a, b, size_b);
    folder_remove(folder);
}

static void test_same_bytes(void)
{
    if (!pst_format_is_written(PST_FORMAT_TIFF)) {
        g_test_skip("built without TIFF");
        return;
    }
    check(300, 2300, FALSE, 8);
    check(1100, 1025, TRUE, 16);
    check(613, 3072, FALSE, 16);
    check(200, 150, FALSE, 8);
    check(40, 2049, TRUE, 8);
}

static void test_no_part(void)
{
    g_autofree char *folder = g_dir_make_tmp("pastiche-parts-XXXXXX", NULL),
                    *whole = g_build_filename(folder, "whole.tif", NULL);
    g_autofree char *strange = g_build_filename(folder, "strange.tif", NULL), *written = NULL;
    g_autoptr(PstPicture) picture = draw(300, 1200, FALSE), other = draw(280, 1024, FALSE);
    PstPictureInfo info = picture->info;
    PstWriteOptions options = { .pyramid = TRUE };
    g_autoptr(PstRowWriter) writer = NULL;
    g_autoptr(GError) error = NULL;

    if (!pst_format_is_written(PST_FORMAT_TIFF)) {
        g_test_skip("built without TIFF");
        return;
    }
    info.width = 300;
    info.height = 1200;
    written = write_rows(other, 0, 1024, options, strange);
    writer = pst_row_writer_open(whole, &info, &options, NULL, &error);
    g_assert_false(pst_row_writer_take(writer, strange, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED);
    g_assert_nonnull(strstr(error->message, "strange.tif"));
    g_assert_false(g_file_test(whole, G_FILE_TEST_EXISTS));
    g_clear_pointer(&writer, pst_row_writer_free);
    folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parts/same-bytes", test_same_bytes);
    g_test_add_func("/parts/no-part", test_no_part);
    return g_test_run();
}
