/* Files made to break the reader, or broken by chance: one line and no picture, soon. */
#include "sample.h"

#include <string.h>
#include <time.h>

#include <png.h>

enum { WIDTH = 67, HEIGHT = 45, FILES = 10 };

static guint16 *widened(const guint8 *pixels, gsize count)
{
    guint16 *wide = g_new(guint16, count);
    for (gsize i = 0; i < count; i++)
        wide[i] = pixels[i];
    return wide;
}

/* One file of each kind that the readers treat differently. */
static void make_files(GBytes *files[FILES], gboolean is_jpeg[FILES], gboolean one_scan[FILES])
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 4);
    g_autofree guint16 *wide = widened(pixels, (gsize)WIDTH * HEIGHT * 4);
    g_autofree guint16 *indices = g_new(guint16, WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        indices[i] = wide[i] % 16;
    g_autoptr(GBytes) icc = sample_icc(SAMPLE_ADOBE_RGB, 2.2);
    g_autoptr(GBytes) ink = sample_cmyk_icc();
    g_autoptr(GBytes) exif = sample_exif(6, TRUE);
    const SampleJpeg jpegs[] = {
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .icc = icc, .exif = exif },
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .progressive = TRUE, .subsampled = TRUE },
        { WIDTH, HEIGHT, SAMPLE_CMYK, pixels, .adobe = TRUE, .icc = ink },
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .restart_interval = 2 },
        { WIDTH, HEIGHT, SAMPLE_YCC, pixels, .arithmetic = TRUE },
    };
    const SamplePng pngs[] = {
        { WIDTH, HEIGHT, 8, PNG_COLOR_TYPE_RGB_ALPHA, FALSE, wide, .icc = icc, .transparent = -1 },
        { WIDTH, HEIGHT, 8, PNG_COLOR_TYPE_RGB, TRUE, wide, .exif = exif, .transparent = 5 },
        { WIDTH, HEIGHT, 4, PNG_COLOR_TYPE_PALETTE, FALSE, indices, .transparent = 0 },
        { WIDTH, HEIGHT, 16, PNG_COLOR_TYPE_GRAY, TRUE, wide, .gamma = 1, .transparent = -1 },
        { WIDTH, HEIGHT, 16, PNG_COLOR_TYPE_RGB, FALSE, wide, .gamma = 0.6, .chromaticities = SAMPLE_ADOBE_RGB,
          .transparent = -1 },
    };
    for (int i = 0; i < 5; i++) {
        files[i] = sample_jpeg(&jpegs[i]);
        files[5 + i] = sample_png(&pngs[i]);
        is_jpeg[i] = TRUE;
        is_jpeg[5 + i] = FALSE;
        one_scan[i] = !jpegs[i].progressive && !jpegs[i].arithmetic;
        one_scan[5 + i] = FALSE;
    }
}

static void free_files(GBytes *files[FILES])
{
    for (int i = 0; i < FILES; i++)
        g_bytes_unref(files[i]);
}

/* Where the pixels of a PNG end. */
static gsize end_of_pixels(GBytes *png)
{
    gsize size, end = 0;
    const guint8 *data = g_bytes_get_data(png, &size);
    for (gsize at = 8; at + 12 <= size;) {
        gsize length = (gsize)data[at] << 24 | (gsize)data[at + 1] << 16 | (gsize)data[at + 2] << 8 | data[at + 3];
        if (memcmp(data + at + 4, "IDAT", 4) == 0)
            end = at + 12 + length;
        at += 12 + length;
    }
    return end;
}

/* No prefix of a file passes for the picture, but that a Huffman-coded JPEG of one scan may lack its end marker, and a
 * PNG what follows its pixels. */
static void test_truncated(void)
{
    GBytes *files[FILES];
    gboolean is_jpeg[FILES], one_scan[FILES];
    make_files(files, is_jpeg, one_scan);
    for (int i = 0; i < FILES; i++) {
        gsize size = g_bytes_get_size(files[i]);
        gsize last = one_scan[i] ? size - 3 : is_jpeg[i] ? size - 1 : end_of_pixels(files[i]) - 1;
        for (gsize length = 1; length <= last; length += MIN(47, MAX(last - length, 1))) {
            g_autoptr(GBytes) part = g_bytes_new_from_bytes(files[i], 0, length);
            /* The last bits of a scan may be padding: then all pixels were there. */
            if (one_scan[i] && length + 6 > size)
                continue;
            sample_refused(part, NULL, length < 3 ? -1 : PST_PICTURE_ERROR_DAMAGED);
        }
        g_autoptr(GBytes) most = g_bytes_new_from_bytes(files[i], 0, size - 1);
        if (one_scan[i] || !is_jpeg[i]) {
            g_autoptr(PstPicture) picture = sample_read(most);
            g_assert_nonnull(picture->info.warning);
        } else {
            sample_refused(most, NULL, PST_PICTURE_ERROR_DAMAGED);
        }
    }
    free_files(files);
}

static void read_anyhow(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    const PstReadLimits limits = { .max_pixels = 1 << 20, .max_memory = 64 << 20 };
    g_autoptr(PstPicture) picture = pst_picture_read_bytes(bytes, "bad.file", &limits, NULL, &error);
    g_assert_true((picture == NULL) == (error != NULL));
    if (error) {
        sample_one_line(error, "bad.file");
        return;
    }
    if (picture->info.warning)
        g_assert_null(strchr(picture->info.warning, '\n'));
    for (gsize i = 0; i < (gsize)picture->width * (gsize)picture->height * 3; i++)
        g_assert_true(picture->rgb[i] >= 0 && picture->rgb[i] <= 1);
}

static void test_flipped(void)
{
    GBytes *files[FILES];
    gboolean is_jpeg[FILES], one_scan[FILES];
    make_files(files, is_jpeg, one_scan);
    g_autoptr(GRand) random = g_rand_new_with_seed(2024);
    int rounds = g_test_slow() ? 5000 : 100;
    for (int i = 0; i < FILES; i++) {
        gsize size;
        const guint8 *data = g_bytes_get_data(files[i], &size);
        /* lcms takes its time to prepare for ink. */
        int some = i == 2 ? rounds / 4 : rounds;
        for (int round = 0; round < some; round++) {
            guint8 *copy = g_memdup2(data, size);
            for (int flips = 1 + round % 8; flips > 0; flips--) {
                /* Half of them in the headers, where they do most. */
                gsize range = flips % 2 ? size : MIN(size, 700);
                copy[g_rand_int_range(random, 0, (gint32)range)] = (guint8)g_rand_int(random);
            }
            /* Half of the PNGs get past the check sums, into the chunks' readers. */
            if (!is_jpeg[i] && round % 2)
                sample_png_seal(copy, size);
            g_autoptr(GBytes) bytes = g_bytes_new_take(copy, size);
            read_anyhow(bytes);
            g_auto(PstPictureInfo) info = { 0 };
            pst_picture_probe_bytes(bytes, "bad.file", &info, NULL);
        }
    }
    free_files(files);
}

static GBytes *png_of_size(guint32 width, guint32 height, int type)
{
    const guint16 pixel[4] = { 0 };
    SamplePng sample = { 1, 1, 8, type, FALSE, pixel, .transparent = -1 };
    g_autoptr(GBytes) small = sample_png(&sample);
    gsize size;
    const guint8 *data = g_bytes_get_data(small, &size);
    guint8 header[13];
    memcpy(header, data + 16, sizeof header);
    width = GUINT32_TO_BE(width);
    height = GUINT32_TO_BE(height);
    memcpy(header, &width, 4);
    memcpy(header + 4, &height, 4);
    /* The true header, then the rest without the first one. */
    g_autoptr(GBytes) twice = sample_png_insert(small, "IHDR", "IHDR", header, sizeof header);
    gsize twice_size;
    const guint8 *twice_data = g_bytes_get_data(twice, &twice_size);
    GByteArray *array = g_byte_array_new();
    g_byte_array_append(array, twice_data, 33);
    g_byte_array_append(array, twice_data + 58, (guint)twice_size - 58);
    return g_byte_array_free_to_bytes(array);
}

static GBytes *jpeg_of_size(guint16 width, guint16 height, gboolean progressive)
{
    g_autofree guint8 *pixels = sample_smooth(16, 16, 3);
    SampleJpeg sample = { 16, 16, SAMPLE_YCC, pixels, .progressive = progressive };
    g_autoptr(GBytes) small = sample_jpeg(&sample);
    gsize size;
    guint8 *data = g_bytes_unref_to_data(g_steal_pointer(&small), &size);
    for (gsize i = 0; i + 9 < size; i++)
        if (data[i] == 0xff && (data[i + 1] == 0xc0 || data[i + 1] == 0xc2)) {
            width = GUINT16_TO_BE(width);
            height = GUINT16_TO_BE(height);
            memcpy(data + i + 5, &height, 2);
            memcpy(data + i + 7, &width, 2);
            break;
        }
    return g_bytes_new_take(data, size);
}

static void test_huge(void)
{
    static const guint32 sizes[][2] = {
        { 0x7fffffff, 0x7fffffff }, { 40000, 40000 }, { 0x7fffffff, 1 }, { 1, 0x7fffffff }, { 1000001, 1000 }
    };
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GBytes) png = png_of_size(sizes[i][0], sizes[i][1], PNG_COLOR_TYPE_RGB_ALPHA);
        /* libpng itself refuses rows over 2^31 bytes */
        sample_refused(png, NULL, sizes[i][0] == 0x7fffffff ? -1 : PST_PICTURE_ERROR_TOO_BIG);
    }
    static const guint32 absurd[][2] = { { 0, 5 }, { 5, 0 }, { 0x80000000, 1 }, { 1, 0xffffffff } };
    for (gsize i = 0; i < G_N_ELEMENTS(absurd); i++) {
        g_autoptr(GBytes) png = png_of_size(absurd[i][0], absurd[i][1], PNG_COLOR_TYPE_RGB);
        sample_refused(png, NULL, PST_PICTURE_ERROR_DAMAGED);
    }
    for (int progressive = 0; progressive < 2; progressive++) {
        g_autoptr(GBytes) jpeg = jpeg_of_size(65500, 65500, progressive);
        sample_refused(jpeg, NULL, PST_PICTURE_ERROR_TOO_BIG);
        g_autoptr(GBytes) none = jpeg_of_size(0, 16, progressive);
        sample_refused(none, NULL, PST_PICTURE_ERROR_DAMAGED);
        /* Within the limits, but with hardly any data: refused at the first missing row. */
        g_autoptr(GBytes) hollow = jpeg_of_size(9000, 9000, progressive);
        sample_refused(hollow, NULL, PST_PICTURE_ERROR_DAMAGED);
    }
}

static void test_limits(void)
{
    g_autoptr(GBytes) png = png_of_size(3000, 1000, PNG_COLOR_TYPE_RGB);
    g_autoptr(GBytes) jpeg = jpeg_of_size(3000, 1000, TRUE);
    GBytes *files[2] = { png, jpeg };
    const PstReadLimits few = { .max_pixels = 2999999 }, enough = { .max_pixels = 3000000 };
    const PstReadLimits poor = { .max_memory = 36000000 };
    for (int i = 0; i < 2; i++) {
        sample_refused(files[i], &few, PST_PICTURE_ERROR_TOO_BIG);
        sample_refused(files[i], &enough, PST_PICTURE_ERROR_DAMAGED); /* hollow */
        sample_refused(files[i], &poor, PST_PICTURE_ERROR_TOO_BIG);
        g_auto(PstPictureInfo) info = { 0 };
        g_assert_true(pst_picture_probe_bytes(files[i], "big.file", &info, NULL));
        g_assert_cmpint(info.width, ==, 3000);
    }
}

static void test_many_scans(void)
{
    g_autofree guint8 *pixels = sample_smooth(64, 64, 3);
    SampleJpeg sample = { 64, 64, SAMPLE_YCC, pixels, .many_scans = TRUE };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    sample_refused(bytes, NULL, PST_PICTURE_ERROR_TOO_BIG);
    const PstReadLimits limits = { .max_scans = 190 };
    g_autoptr(PstPicture) picture = pst_picture_read_bytes(bytes, "sample.file", &limits, NULL, NULL);
    g_assert_nonnull(picture);
}

static GBytes *deflated_zeros(const char *prefix, gsize prefix_size, gsize size)
{
    g_autoptr(GConverter) deflate = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    g_output_stream_write_all(memory, prefix, prefix_size, NULL, NULL, NULL);
    g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, deflate);
    g_autofree guint8 *zeros = g_malloc0(1 << 20);
    for (gsize done = 0; done < size; done += 1 << 20)
        g_output_stream_write_all(stream, zeros, 1 << 20, NULL, NULL, NULL);
    g_output_stream_close(stream, NULL, NULL);
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

/* Side information that unpacks to, or is, very much: left aside. */
static void test_giant_chunks(void)
{
    const guint16 pixel[3] = { 10, 20, 30 };
    SamplePng sample = { 1, 1, 8, PNG_COLOR_TYPE_RGB, FALSE, pixel, .transparent = -1 };
    g_autoptr(GBytes) png = sample_png(&sample);
    static const struct {
        const char *type, *prefix;
        gsize prefix_size;
    } bombs[] = { { "iCCP", "p\0", 3 }, { "zTXt", "p\0", 3 }, { "iTXt", "p\0\1\0\0\0", 6 } };
    clock_t start = clock(); /* of this process: the machine may be busy */
    for (gsize i = 0; i < G_N_ELEMENTS(bombs); i++) {
        g_autoptr(GBytes) content = deflated_zeros(bombs[i].prefix, bombs[i].prefix_size, 128 << 20);
        gsize size;
        const void *data = g_bytes_get_data(content, &size);
        for (int late = 0; late < 2; late++) {
            g_autoptr(GBytes) bytes = sample_png_insert(png, late ? "IEND" : "IDAT", bombs[i].type, data, size);
            g_autoptr(PstPicture) picture = sample_read(bytes);
            g_assert_cmpfloat_with_epsilon(picture->rgb[2] * 255, 30, 0.01);
        }
    }
    g_autofree guint8 *text = g_malloc(40 << 20);
    memset(text, 'a', 40 << 20);
    text[5] = 0;
    static const char *const types[] = { "tEXt", "eXIf", "sPLT", "hIST", "prIv" };
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GBytes) bytes = sample_png_insert(png, "IDAT", types[i], text, 40 << 20);
        g_autoptr(PstPicture) picture = sample_read(bytes);
        g_assert_cmpfloat_with_epsilon(picture->rgb[2] * 255, 30, 0.01);
    }
    GBytes *many = g_bytes_ref(png);
    for (int i = 0; i < 300; i++) {
        GBytes *more = sample_png_insert(many, "IDAT", "tEXt", "key\0value", 9);
        g_bytes_unref(many);
        many = more;
    }
    G_GNUC_UNUSED g_autoptr(PstPicture) picture = sample_read(many);
    g_bytes_unref(many);
    g_assert_cmpint((clock() - start) / CLOCKS_PER_SEC, <, 60);
}

static void test_other_formats(void)
{
    static const struct {
        const char *head;
        gsize size;
        const char *name;
    } formats[] = {
        { "GIF89a\1\0\1\0", 10, "GIF" },
        { "RIFF\x24\0\0\0WEBPVP8 ", 16, "WebP" },
        { "II*\0\x08\0\0\0", 8, "TIFF" },
        { "MM\0*\0\0\0\x08", 8, "TIFF" },
        { "\0\0\0\x18"
          "ftypheic\0\0\0\0",
          16, "HEIC" },
        { "\0\0\0\x18"
          "ftypmif1\0\0\0\0",
          16, "HEIC" },
        { "\0\0\0\x18"
          "ftypavif\0\0\0\0",
          16, "AVIF" },
        { "BM\x36\0\0\0\0\0\0\0", 10, "BMP" },
        { "%PDF-1.7", 8, "PDF" },
        { "hello", 5, "not a picture that can be read" },
        { "\xff", 1, "incomplete" },
        { "\x89PNG", 4, "incomplete" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new_static(formats[i].head, formats[i].size);
        g_assert_null(pst_picture_read_bytes(bytes, "bad.file", NULL, NULL, &error));
        sample_one_line(error, "bad.file");
        /* What this build reads comes to a decoder, which finds that nothing follows. */
        PstFormat format = pst_format_from_head((const guint8 *)formats[i].head, formats[i].size);
        const char *told = format > PST_FORMAT_PNG && pst_format_is_read(format) ? "is damaged" : formats[i].name;
        g_assert_nonnull(strstr(error->message, told));
    }
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    sample_refused(empty, NULL, PST_PICTURE_ERROR_EMPTY);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/hostile/truncated", test_truncated);
    g_test_add_func("/picture/hostile/flipped", test_flipped);
    g_test_add_func("/picture/hostile/huge", test_huge);
    g_test_add_func("/picture/hostile/limits", test_limits);
    g_test_add_func("/picture/hostile/many-scans", test_many_scans);
    g_test_add_func("/picture/hostile/giant-chunks", test_giant_chunks);
    g_test_add_func("/picture/hostile/other-formats", test_other_formats);
    return g_test_run();
}
