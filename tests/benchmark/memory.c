/* Makes a picture of any size, row by row, for memory.py:
 *   memory WIDTH HEIGHT FILE.jpg|FILE.png
 * Hills, clouds and grain: nothing that a codec or a network could take for empty. */
#include <math.h>
#include <stdlib.h>

#include "engine/picture/row_writer.h"

static float grain(guint x, guint y)
{
    guint h = x * 0x9e3779b1u ^ y * 0x85ebca77u;

    h = (h ^ h >> 15) * 0x2c1b3c6du;
    return (float)(h >> 8) / (1 << 24) - 0.5f;
}

static void fill_row(float *rgb, int width, int height, int y)
{
    float down = (float)y / height;

    for (int x = 0; x < width; x++) {
        float across = (float)x / width;
        float hills = 0.6f + 0.1f * sinf(9 * across) + 0.02f * sinf(0.05f * x);
        float light = down > hills ? 0.35f + 0.2f * sinf(0.02f * x + 0.03f * y)
                                   : 0.7f + 0.15f * cosf(0.004f * x) * cosf(0.011f * y);
        float noise = 0.15f * grain((guint)x, (guint)y);

        rgb[3 * x] = light * (down > hills ? 0.5f : 0.8f) + noise;
        rgb[3 * x + 1] = light * 0.9f + noise;
        rgb[3 * x + 2] = light * (down > hills ? 0.3f : 1.1f) + noise;
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    PstPictureInfo info = { .width = argc == 4 ? atoi(argv[1]) : 0, .height = argc == 4 ? atoi(argv[2]) : 0 };
    PstWriteOptions options = { .quality = 85, .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(PstRowWriter)
        writer = info.width > 0 && info.height > 0 ? pst_row_writer_open(argv[3], &info, &options, NULL, &error) : NULL;
    g_autofree float *row = g_new(float, (gsize)3 * MAX(info.width, 1));

    for (int y = 0; writer && y < info.height; y++) {
        fill_row(row, info.width, info.height, y);
        if (!pst_row_writer_write(writer, 1, row, NULL, &error)) {
            g_clear_pointer(&writer, pst_row_writer_free);
        }
    }
    g_autofree char *written = writer ? pst_row_writer_commit(writer, &error) : NULL;
    if (!written) {
        g_printerr("%s\n", error ? error->message : "usage: memory WIDTH HEIGHT FILE");
        return 1;
    }
    return 0;
}
