/* Reading and writing by rows: the same pixels as a whole picture, in little memory, whatever the file. */
#include "sample.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>
#include <png.h>

/* The colour of a pixel of the large samples. */
static guint8 level(int x, int y, int k)
{
    return (guint8)((x * (k + 3) >> 3) + (y >> (k + 1)) + ((x ^ y) & (k + 1)));
}

static void append(png_structp png, png_bytep data, size_t size)
{
    g_byte_array_append(png_get_io_ptr(png), data, (guint)size);
}

/* A PNG of any size, of which only some rows are in memory while it is made. */
static GBytes *large_png(int width, int height, gboolean interlaced, GBytes *exif)
{
    GByteArray *array = g_byte_array_new();
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    g_autofree guint8 *row = g_malloc((gsize)width * 3);
    png_set_write_fn(png, array, append, NULL);
    png_set_compression_level(png, 1);
    png_set_filter(png, 0, PNG_FILTER_SUB);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (exif) {
        gsize size;
        const void *data = g_bytes_get_data(exif, &size);
        png_set_eXIf_1(png, info, (png_uint_32)size, (png_bytep)data);
    }
    png_write_info(png, info);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++)
                for (int k = 0; k < 3; k++)
                    row[x * 3 + k] = level(x, y, k);
            png_write_row(png, row);
        }
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return g_byte_array_free_to_bytes(array);
}

/* Reads in pieces of varying height, twice, and compares with the whole picture. */
static void check_rows(GBytes *bytes, PstRowReader *reader)
{
    g_autoptr(PstPicture) whole = sample_read(bytes);
    const PstPictureInfo *info = pst_row_reader_info(reader);
    gsize width = (gsize)whole->width;
    g_autofree float *rgb = g_new(float, width * 3 * 8);
    g_autofree float *alpha = g_new(float, width * 8);
    GError *error = NULL;
    g_assert_cmpint(info->width, ==, whole->width);
    g_assert_cmpint(info->height, ==, whole->height);
    for (int turn = 0; turn < 2; turn++) {
        for (int y = 0, rows; y < whole->height; y += rows) {
            rows = MIN(1 + (y + turn) % 8, whole->height - y);
            g_assert_true(pst_row_reader_read(reader, rows, rgb, alpha, &error));
            g_assert_no_error(error);
            gsize from = (gsize)y * width, count = (gsize)rows * width;
            g_assert_cmpint(memcmp(rgb, whole->rgb + from * 3, count * sizeof(float[3])), ==, 0);
            for (gsize i = 0; i < count; i++)
                g_assert_true(alpha[i] == (whole->alpha ? whole->alpha[from + i] : 1));
        }
        g_assert_true(pst_row_reader_rewind(reader, &error));
        g_assert_no_error(error);
    }
    g_assert_cmpstr(info->warning, ==, whole->info.warning);
    g_assert_cmpstr(info->profile, ==, whole->info.profile);
    /* Over some rows, and from the middle back to the first. */
    g_assert_true(pst_row_reader_read(reader, whole->height / 2, NULL, NULL, NULL));
    g_assert_true(pst_row_reader_rewind(reader, NULL));
    g_assert_true(pst_row_reader_read(reader, 1, rgb, NULL, NULL));
    g_assert_cmpint(memcmp(rgb, whole->rgb, width * sizeof(float[3])), ==, 0);
}

static void check_bytes(GBytes *bytes)
{
    GError *error = NULL;
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "sample.file", NULL, NULL, &error);
    g_assert_no_error(error);
    check_rows(bytes, reader);
}

static GBytes *sample_of(int kind, int orientation)
{
    enum { WIDTH = 150, HEIGHT = 83 };
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 4);
    g_autofree guint16 *wide = g_new(guint16, WIDTH * HEIGHT * 4);
    g_autoptr(GBytes) exif = orientation ? sample_exif(orientation, TRUE) : NULL;
    g_autoptr(GBytes) icc = sample_icc(SAMPLE_ADOBE_RGB, 2.2);
    const SampleJpeg jpegs[] = {
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .subsampled = TRUE, .exif = exif, .icc = icc },
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .progressive = TRUE, .subsampled = TRUE, .exif = exif },
        { WIDTH, HEIGHT, SAMPLE_GREY, pixels, .exif = exif },
        { WIDTH, HEIGHT, SAMPLE_CMYK, pixels, .adobe = TRUE, .exif = exif },
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .arithmetic = TRUE, .exif = exif },
    };
    const struct {
        int depth, type;
        gboolean interlaced;
    } pngs[] = {
        { 8, PNG_COLOR_TYPE_RGB, FALSE },        { 8, PNG_COLOR_TYPE_RGB, TRUE },
        { 16, PNG_COLOR_TYPE_RGB_ALPHA, FALSE }, { 16, PNG_COLOR_TYPE_RGB_ALPHA, TRUE },
        { 1, PNG_COLOR_TYPE_GRAY, TRUE },        { 8, PNG_COLOR_TYPE_GRAY_ALPHA, TRUE },
        { 4, PNG_COLOR_TYPE_PALETTE, TRUE },
    };
    if (kind < (int)G_N_ELEMENTS(jpegs))
        return sample_jpeg(&jpegs[kind]);
    kind -= (int)G_N_ELEMENTS(jpegs);
    if (kind >= (int)G_N_ELEMENTS(pngs))
        return NULL;
    for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
        wide[i] = (guint16)(pixels[i] * 257 >> (16 - pngs[kind].depth));
    SamplePng sample = { WIDTH, HEIGHT,       pngs[kind].depth, pngs[kind].type, pngs[kind].interlaced,
                         wide,  .exif = exif, .transparent = -1 };
    return sample_png(&sample);
}

static void test_kinds(void)
{
    for (int kind = 0;; kind++)
        for (int orientation = 0; orientation <= 8; orientation++) {
            g_autoptr(GBytes) bytes = sample_of(kind, orientation);
            if (!bytes)
                return;
            check_bytes(bytes);
        }
}

/* What can be read only once is read twice all the same. */
static void test_pipe(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    g_assert_cmpint(mkfifo(path, 0666), ==, 0);
    for (int kind = 0;; kind++) {
        g_autoptr(GBytes) bytes = sample_of(kind, kind % 3 * 3);
        GError *error = NULL;
        if (!bytes)
            break;
        GThread *thread = sample_feed(path, bytes);
        g_autoptr(PstRowReader) reader = pst_row_reader_open(path, NULL, NULL, &error);
        g_assert_no_error(error);
        check_rows(bytes, reader);
        g_thread_join(thread);
    }
    sample_folder_remove(folder);
}

/* The highest and the widest. */
static void test_long(void)
{
    enum { LONG = 65500 };
    for (int i = 0; i < 8; i++) {
        gboolean high = i & 1, png = i & 2, turned = i & 4;
        int width = high ? 1 : LONG, height = high ? LONG : 1;
        g_autoptr(GBytes) exif = turned ? sample_exif(8, FALSE) : NULL;
        g_autofree guint8 *pixels = sample_smooth(width, height, 3);
        SampleJpeg sample = { width, height, SAMPLE_YCC, pixels, .exif = exif };
        g_autoptr(GBytes) bytes = png ? large_png(width, height, FALSE, exif) : sample_jpeg(&sample);
        check_bytes(bytes);
    }
}

static void reset_peak(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY);
    if (fd < 0 || write(fd, "5", 1) != 1)
        g_test_message("the peak can't be reset here");
    if (fd >= 0)
        close(fd);
}

/* Megabytes since reset_peak(), or of the process where that doesn't work. */
static double peak(void)
{
    g_autofree char *status = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    const char *line = strstr(status, "VmHWM:");
    g_assert_nonnull(line);
    return g_ascii_strtod(line + 6, NULL) / 1024;
}

/* Reads a large picture, looks at some of its rows, and tells the most memory it took besides the file's bytes. */
static double read_large(GBytes *bytes, int width, int height, int orientation, guint64 temporary)
{
    GError *error = NULL;
    reset_peak();
    double before = peak();
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "large.png", NULL, NULL, &error);
    g_assert_no_error(error);
    const PstPictureInfo *info = pst_row_reader_info(reader);
    g_assert_cmpuint(pst_row_reader_temporary_size(reader), >=, temporary);
    g_autofree float *rgb = g_new(float, (gsize)info->width * 3);
    for (int y = 0; y < info->height; y++) {
        gboolean look = y % 97 == 0;
        g_assert_true(pst_row_reader_read(reader, 1, look ? rgb : NULL, NULL, &error));
        g_assert_no_error(error);
        for (int x = 0; look && x < info->width; x++)
            for (int k = 0; k < 3; k++) {
                int stored_x = orientation == 6 ? y : x;
                int stored_y = orientation == 6 ? height - 1 - x : orientation == 3 ? height - 1 - y : y;
                if (orientation == 3)
                    stored_x = width - 1 - x;
                g_assert_cmpfloat_with_epsilon(rgb[x * 3 + k] * 255, level(stored_x, stored_y, k), 0.01);
            }
    }
    double taken = peak() - before;
    g_assert_cmpfloat(taken, <, (double)pst_row_reader_memory(reader) / (1 << 20) + 24);
    return taken;
}

/* Over what is kept in memory, so that the temporary file is used. */
static void test_memory(void)
{
    static const struct {
        gboolean interlaced;
        int orientation;
    } kinds[] = { { FALSE, 1 }, { FALSE, 3 }, { FALSE, 6 }, { TRUE, 1 }, { TRUE, 6 } };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        enum { WIDTH = 1300, LOW = 17500, HIGH = 35000 };
        g_autoptr(GBytes) exif = sample_exif(kinds[i].orientation, TRUE);
        guint64 temporary = kinds[i].interlaced + (kinds[i].orientation > 1);
        double taken[2];
        for (int high = 0; high < 2; high++) {
            int height = high ? HIGH : LOW;
            g_autoptr(GBytes) bytes = large_png(WIDTH, height, kinds[i].interlaced, exif);
            taken[high] = read_large(bytes, WIDTH, height, kinds[i].orientation,
                                     temporary * (guint64)WIDTH * (guint64)height * 3);
        }
        g_test_message("interlaced %d, orientation %d: %.1f MB for %d rows, %.1f MB for %d", kinds[i].interlaced,
                       kinds[i].orientation, taken[0], LOW, taken[1], HIGH);
        /* Turned, a row is as long as the picture is high. */
        g_assert_cmpfloat(taken[1], <, taken[0] + (kinds[i].orientation == 6 ? 40 : 16));
    }
}

/* Progressive JPEG: libjpeg's coefficients go to the temporary file. So do an encoder's. */
static void test_jpeg_memory(void)
{
    enum { WIDTH = 4000, HEIGHT = 6000 };
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "large.jpg", NULL);
    g_autofree float *row = g_new(float, WIDTH * 3);
    PstPictureInfo info = { .width = WIDTH, .height = HEIGHT };
    PstWriteOptions options = { .quality = 75 };
    GError *error = NULL;
    reset_peak();
    double before = peak();
    g_autoptr(PstRowWriter) writer = pst_row_writer_open(path, &info, &options, NULL, &error);
    g_assert_no_error(error);
    for (int y = 0; y < HEIGHT; y++) {
        for (int i = 0; i < WIDTH * 3; i++)
            row[i] = (float)level(i / 3, y, i % 3) / 255;
        g_assert_true(pst_row_writer_write(writer, 1, row, NULL, &error));
    }
    g_autofree char *written = pst_row_writer_commit(writer, &error);
    g_assert_no_error(error);
    g_assert_nonnull(written);
    g_clear_pointer(&writer, pst_row_writer_free);
    g_assert_cmpfloat(peak() - before, <, 60); /* of 144 MB */

    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    SampleJpeg sample = { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .progressive = TRUE };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    reset_peak();
    before = peak();
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "large.jpg", NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pst_row_reader_temporary_size(reader), >=, WIDTH * HEIGHT * 6);
    for (int y = 0; y < HEIGHT; y++)
        g_assert_true(pst_row_reader_read(reader, 1, row, NULL, &error));
    g_assert_cmpfloat(peak() - before, <, 60);
    sample_folder_remove(folder);
}

/* No room for the temporary file: told before any row. */
static void test_no_room(void)
{
    g_autoptr(GBytes) exif = sample_exif(6, TRUE);
    g_autoptr(GBytes) bytes = large_png(1200, 20000, FALSE, exif);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    g_autoptr(GError) error = NULL;
    g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "bad.file", NULL, NULL, &error);
    g_assert_no_error(error);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 1000000;
    setrlimit(RLIMIT_FSIZE, &small);
    gboolean done = pst_row_reader_read(reader, 1, NULL, NULL, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, handler);
    g_assert_false(done);
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_NO_SPACE);
    sample_one_line(error, "bad.file");
    /* And once there is room again: */
    g_assert_true(pst_row_reader_rewind(reader, NULL));
    g_assert_true(pst_row_reader_read(reader, 1, NULL, NULL, NULL));
}

/* Wherever it is cancelled, that is what is said. */
static void test_cancel(void)
{
    for (int kind = 0;; kind++) {
        g_autoptr(GBytes) bytes = sample_of(kind, kind % 2 * 6);
        if (!bytes)
            return;
        for (int rows = 0; rows < 60; rows += 20) {
            g_autoptr(GCancellable) cancellable = g_cancellable_new();
            g_autoptr(GError) error = NULL;
            g_autoptr(PstRowReader) reader = pst_row_reader_open_bytes(bytes, "a", NULL, cancellable, NULL);
            g_assert_true(pst_row_reader_read(reader, rows, NULL, NULL, NULL));
            g_cancellable_cancel(cancellable);
            g_assert_false(pst_row_reader_read(reader, 1, NULL, NULL, &error));
            g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        }
    }
}

/* Something else under the same name between the first and the second time. */
static void test_replaced(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "a.png", NULL);
    g_autoptr(GBytes) bytes = large_png(90, 60, FALSE, NULL);
    g_autoptr(GBytes) other = large_png(91, 60, FALSE, NULL);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(PstRowReader) reader = pst_row_reader_open(path, NULL, NULL, &error);
    g_assert_true(pst_row_reader_read(reader, 60, NULL, NULL, &error));
    int fd = open(path, O_WRONLY | O_TRUNC);
    data = g_bytes_get_data(other, &size);
    g_assert_cmpint(write(fd, data, size), ==, (gssize)size);
    close(fd);
    g_assert_false(pst_row_reader_rewind(reader, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED);
    sample_one_line(error, path);
    sample_folder_remove(folder);
}

/* JPEGs come smaller for previews, everything else as it is; colours and sides are right. */
static void test_max_side(void)
{
    enum { WIDTH = 1200, HEIGHT = 800 };
    static const struct {
        int asked, width, height;
    } sizes[] = { { 0, 1200, 800 },  { 2000, 1200, 800 }, { 601, 1200, 800 }, { 600, 600, 400 },
                  { 301, 600, 400 }, { 300, 300, 200 },   { 150, 150, 100 },  { 1, 150, 100 } };
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT + 1, 3);
    for (int i = 0; i < 4; i++) {
        gboolean turned = i & 1, progressive = i & 2;
        g_autoptr(GBytes) exif = sample_exif(turned ? 6 : 1, FALSE);
        SampleJpeg sample = { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .progressive = progressive, .exif = exif };
        g_autoptr(GBytes) bytes = sample_jpeg(&sample);
        g_autoptr(PstPicture) whole = sample_read(bytes);
        for (gsize j = 0; j < G_N_ELEMENTS(sizes); j++) {
            PstReadLimits limits = { .max_side = sizes[j].asked };
            g_autoptr(PstPicture) picture = pst_picture_read_bytes(bytes, "a.jpg", &limits, NULL, NULL);
            g_assert_cmpint(picture->width, ==, turned ? sizes[j].height : sizes[j].width);
            g_assert_cmpint(picture->height, ==, turned ? sizes[j].width : sizes[j].height);
            g_assert_cmpint(picture->info.full_width, ==, turned ? HEIGHT : WIDTH);
            g_assert_cmpint(picture->info.full_height, ==, turned ? WIDTH : HEIGHT);
            g_autoptr(PstPicture) resized = pst_picture_resize(whole, picture->width, picture->height, NULL, NULL);
            double sum = 0;
            gsize count = (gsize)picture->width * (gsize)picture->height * 3;
            for (gsize p = 0; p < count; p++)
                sum += ABS(picture->rgb[p] - resized->rgb[p]);
            g_assert_cmpfloat(sum / (double)count, <, 0.01);
        }
    }
    SampleJpeg odd = { .width = 1001, .height = 801, .space = SAMPLE_YCC, .pixels = pixels };
    g_autoptr(GBytes) bytes = sample_jpeg(&odd);
    PstReadLimits small = { .max_side = 120 };
    g_autoptr(PstPicture) rounded = pst_picture_read_bytes(bytes, "a.jpg", &small, NULL, NULL);
    g_assert_cmpint(rounded->width, ==, 126);
    g_assert_cmpint(rounded->height, ==, 101);
    g_autoptr(GBytes) png = large_png(400, 300, FALSE, NULL);
    PstReadLimits limits = { .max_side = 50 };
    g_autoptr(PstPicture) picture = pst_picture_read_bytes(png, "a.png", &limits, NULL, NULL);
    g_assert_cmpint(picture->width, ==, 400);
}

/* However rows are cut, the file is the same; without commit there is none. */
static void test_writing(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "a.png", NULL);
    for (int i = 0; i < 8; i++) {
        gboolean alpha = i & 1;
        PstWriteOptions options = { .format = i & 2 ? PST_FORMAT_PNG : PST_FORMAT_JPEG, .depth = i & 4 ? 16 : 8 };
        g_autoptr(PstPicture) picture = pst_picture_new(61, 47, alpha, NULL);
        for (int p = 0; p < 61 * 47 * 3; p++)
            picture->rgb[p] = (float)level(p / 3 % 61, p / 183, p % 3) / 255;
        for (int p = 0; alpha && p < 61 * 47; p++)
            picture->alpha[p] = (float)(p % 256) / 255;
        g_autoptr(GBytes) whole = pst_picture_write_bytes(picture, &options, NULL, NULL);
        for (int rows = 1; rows <= 47; rows += 9) {
            g_autoptr(PstRowWriter) writer = pst_row_writer_open_bytes(&picture->info, &options, NULL, NULL);
            for (int y = 0; y < 47; y += rows)
                g_assert_true(pst_row_writer_write(writer, MIN(rows, 47 - y), picture->rgb + y * 183,
                                                   alpha ? picture->alpha + y * 61 : NULL, NULL));
            g_autoptr(GBytes) bytes = pst_row_writer_commit_bytes(writer, NULL);
            g_assert_true(g_bytes_equal(bytes, whole));
        }
        g_autoptr(PstRowWriter) left = pst_row_writer_open(path, &picture->info, NULL, NULL, NULL);
        g_assert_true(pst_row_writer_write(left, 10, picture->rgb, NULL, NULL));
        g_clear_pointer(&left, pst_row_writer_free);
        g_assert_cmpint(sample_folder_count(folder), ==, 0);
    }
    sample_folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/rows/kinds", test_kinds);
    g_test_add_func("/picture/rows/pipe", test_pipe);
    g_test_add_func("/picture/rows/long", test_long);
    g_test_add_func("/picture/rows/memory", test_memory);
    g_test_add_func("/picture/rows/jpeg-memory", test_jpeg_memory);
    g_test_add_func("/picture/rows/no-room", test_no_room);
    g_test_add_func("/picture/rows/cancel", test_cancel);
    g_test_add_func("/picture/rows/replaced", test_replaced);
    g_test_add_func("/picture/rows/max-side", test_max_side);
    g_test_add_func("/picture/rows/writing", test_writing);
    return g_test_run();
}
