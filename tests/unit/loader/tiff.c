/* Large TIFF files: written as a pyramid of tiles and read again, both by rows, in little memory. */
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <tiffio.h>

enum { WIDTH = 14001, HEIGHT = 7501, SMALL = 300 }; /* 105 megapixels, odd on both sides */

static float value(int x, int y, int k)
{
    return (float)((x * (k + 1) / 64 + y / 32) % 256) / 255;
}

static char *write_large(const char *folder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "large.tif", NULL);
    g_autofree float *row = g_new(float, WIDTH * 3);
    const PstPictureInfo info = { .width = WIDTH, .height = HEIGHT, .dpi_x = 300, .dpi_y = 300 };
    const PstWriteOptions options = { .compression = 1 };
    g_autoptr(PstRowWriter) writer = pst_row_writer_open(path, &info, &options, NULL, &error);
    g_assert_no_error(error);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            for (int k = 0; k < 3; k++)
                row[x * 3 + k] = value(x, y, k);
        g_assert_true(pst_row_writer_write(writer, 1, row, NULL, &error));
    }
    char *written = pst_row_writer_commit(writer, &error);
    g_assert_no_error(error);
    return written;
}

/* Tiles, each level half of the one above, down to one that is a tile's size. */
static void check_levels(const char *path)
{
    TIFF *tiff = TIFFOpen(path, "r");
    guint32 width = 0, height = 0, before = 2 * WIDTH - 1;
    int levels = 0;
    g_assert_nonnull(tiff);
    g_assert_true(TIFFIsBigTIFF(tiff));
    do {
        guint32 kind = 0;
        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
        g_assert_true(TIFFIsTiled(tiff));
        g_assert_cmpuint(width, ==, (before + 1) / 2);
        g_assert_cmpuint(kind, ==, levels == 0 ? 0 : FILETYPE_REDUCEDIMAGE);
        before = width;
        levels++;
    } while (TIFFReadDirectory(tiff));
    TIFFClose(tiff);
    g_assert_cmpuint(MAX(width, height), <=, 256);
    g_assert_cmpint(levels, ==, 7);
}

static long child_memory(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return usage.ru_maxrss; /* kilobytes, of the largest so far */
}

static void check_rows(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree float *row = g_new(float, WIDTH * 3);
    PstRowReader *reader = pst_row_reader_open(path, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pst_row_reader_memory(reader), <, 64 << 20);
    for (int y = 0; y < HEIGHT; y++) {
        g_assert_true(pst_row_reader_read(reader, 1, row, NULL, &error));
        for (int x = 0; x < WIDTH; x += 97)
            for (int k = 0; k < 3; k++)
                g_assert_cmpfloat_with_epsilon(row[x * 3 + k], value(x, y, k), 1e-6);
    }
    pst_row_reader_free(reader);
    /* Mapped pages of the file count, too, but not the picture's 315 MB of rows. */
    g_test_message("the loader had %ld MB", child_memory() >> 10);
#ifndef __SANITIZE_ADDRESS__ /* which has a shadow of it all */
    g_assert_cmpint(child_memory() >> 10, <, 200);
#endif
}

/* A preview reads a level of the pyramid, which is the mean of what it stands for. */
static void check_preview(const char *path)
{
    g_autoptr(GError) error = NULL;
    const PstReadLimits limits = { .max_side = SMALL };
    g_autoptr(PstPicture) small = pst_picture_read(path, &limits, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(small->width, ==, 438); /* 14001 / 32 */
    g_assert_cmpint(small->info.full_width, ==, WIDTH);
    for (int y = 0; y < small->height - 1; y += 13)
        for (int x = 0; x < small->width - 1; x += 13) {
            double sum = 0;
            for (int i = 0; i < 32; i++)
                for (int j = 0; j < 32; j++)
                    sum += value(x * 32 + j, y * 32 + i, 1);
            g_assert_cmpfloat_with_epsilon(small->rgb[((gsize)y * small->width + x) * 3 + 1], sum / 1024, 3.0 / 255);
        }
}

static void test_large(void)
{
    g_autofree char *folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    g_autofree char *path = write_large(folder);
    check_levels(path);
    check_rows(path);
    check_preview(path);
    g_unlink(path);
    g_rmdir(folder);
}

/* What is written in memory is what is written to a file; EXIF is in it in BigTIFF and not. */
static void test_memory(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(40, 30, TRUE, &error);
    for (int i = 0; i < 40 * 30; i++) {
        picture->rgb[3 * i] = (float)(i % 40) / 39;
        picture->alpha[i] = (float)(i / 40) / 29;
    }
    for (int depth = 8; depth <= 16; depth += 8) {
        const PstWriteOptions options = { .format = PST_FORMAT_TIFF, .depth = depth };
        g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(PstPicture) again = pst_picture_read_bytes(bytes, "memory", NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(again->info.depth, ==, depth);
        for (int i = 0; i < 40 * 30; i++) {
            g_assert_cmpfloat_with_epsilon(again->rgb[3 * i], picture->rgb[3 * i], 0.51 / (depth == 8 ? 255 : 65535));
            g_assert_cmpfloat_with_epsilon(again->alpha[i], picture->alpha[i], 0.51 / (depth == 8 ? 255 : 65535));
        }
    }
}

/* A cancel ends the reading at once, and the loader with it. */
static void test_cancel(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(40, 30, FALSE, &error);
    const PstWriteOptions options = { .format = PST_FORMAT_TIFF };
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, &error);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "memory", NULL, cancellable, &error);
    g_autofree float *row = g_new(float, 40 * 3);
    g_assert_no_error(error);
    g_assert_true(pst_row_reader_read(reader, 1, row, NULL, &error));
    g_cancellable_cancel(cancellable);
    g_assert_false(pst_row_reader_read(reader, 1, row, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tiff/memory", test_memory);
    g_test_add_func("/tiff/cancel", test_cancel);
    g_test_add_func("/tiff/large", test_large);
    return g_test_run();
}
