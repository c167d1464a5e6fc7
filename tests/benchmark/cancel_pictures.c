/* Makes the pictures that cancel.py stops the program in:
 *   cancel_pictures KIND WIDTH HEIGHT FILE
 * KIND: jpeg, progressive, turned, cmyk (with a profile), png, interlaced, deep (16 bits). Waves under grain:
 * nothing that a codec could take for empty. */
#include <string.h>

#include <png.h>

#include "tests/unit/picture/sample.h"

static guint8 *grainy(int width, int height, int channels)
{
    gsize n = (gsize)width * (gsize)height * (gsize)channels;
    guint8 *pixels = sample_smooth(width, height, channels);
    guint32 state = 1;

    for (gsize i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        pixels[i] = (guint8)(pixels[i] + (state >> 28));
    }
    return pixels;
}

static GBytes *make_jpeg(const char *kind, int width, int height)
{
    gboolean cmyk = strcmp(kind, "cmyk") == 0;
    g_autofree guint8 *pixels = grainy(width, height, cmyk ? 4 : 3);
    g_autoptr(GBytes) exif = strcmp(kind, "turned") == 0 ? sample_exif(6, TRUE) : NULL;
    g_autoptr(GBytes) icc = cmyk ? sample_cmyk_icc() : NULL;
    const SampleJpeg sample = { .width = width,
                                .height = height,
                                .space = cmyk ? SAMPLE_CMYK : SAMPLE_YCC,
                                .pixels = pixels,
                                .adobe = cmyk,
                                .progressive = strcmp(kind, "progressive") == 0,
                                .quality = 90,
                                .exif = exif,
                                .icc = icc };

    return sample_jpeg(&sample);
}

static GBytes *make_png(const char *kind, int width, int height)
{
    gsize n = (gsize)width * (gsize)height * 3;
    gboolean deep = strcmp(kind, "deep") == 0;
    g_autofree guint8 *pixels = grainy(width, height, 3);
    g_autofree guint16 *wide = g_new(guint16, n);
    g_autoptr(GBytes) icc = deep ? sample_icc(SAMPLE_ADOBE_RGB, 2.2) : NULL;
    const SamplePng sample = { .width = width,
                               .height = height,
                               .depth = deep ? 16 : 8,
                               .transparent = -1,
                               .colour_type = PNG_COLOR_TYPE_RGB,
                               .pixels = wide,
                               .icc = icc,
                               .interlaced = strcmp(kind, "interlaced") == 0 };

    for (gsize i = 0; i < n; i++) {
        wide[i] = (guint16)(deep ? pixels[i] * 257 : pixels[i]);
    }
    return sample_png(&sample);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    int width = argc == 5 ? atoi(argv[2]) : 0, height = argc == 5 ? atoi(argv[3]) : 0;
    gsize size;
    const char *data;

    if (width <= 0 || height <= 0) {
        g_printerr("usage: cancel_pictures KIND WIDTH HEIGHT FILE\n");
        return 2;
    }
    bytes = g_str_has_suffix(argv[4], ".png") ? make_png(argv[1], width, height) : make_jpeg(argv[1], width, height);
    data = g_bytes_get_data(bytes, &size);
    if (!g_file_set_contents(argv[4], data, (gssize)size, &error)) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    return 0;
}
