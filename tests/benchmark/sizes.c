/* Streams a made-up picture through the painter and prints seconds per megapixel, peak memory and whether features were
 * kept; sizes.py draws the curve.
 *
 *     sizes ENCODER GENERATOR THREADS BUDGET WIDTH HEIGHT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "engine/render/painter.h"

typedef struct {
    int width, row;
    double sum; /* of the painting, so that nothing is left out */
} Scene;

/* Cheap, but with slopes and edges at every scale. */
static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    Scene *scene = data;

    for (int y = scene->row; y < scene->row + rows; y++) {
        for (int x = 0; x < scene->width; x++, rgb += 3) {
            guint32 mix = ((guint32)x * 73856093u ^ (guint32)y * 19349663u) * 2654435761u >> 24;

            rgb[0] = ((x >> 3 ^ y >> 4) & 255) / 255.0f;
            rgb[1] = ((x + 2 * y) >> 2 & 255) / 255.0f;
            rgb[2] = mix / 255.0f;
        }
    }
    scene->row += rows;
    return TRUE;
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    ((Scene *)data)->row = 0;
    return TRUE;
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Scene *scene = data;

    for (gsize i = 0; i < (gsize)3 * rows * scene->width; i++) {
        scene->sum += rgb[i];
    }
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstModel) model = argc == 7 ? pst_model_load(argv[1], argv[2], &error) : NULL;

    if (!model) {
        g_printerr("%s\n", error ? error->message : "usage: sizes ENCODER GENERATOR THREADS BUDGET WIDTH HEIGHT");
        return 1;
    }
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(atoi(argv[3]));
    PstPaintSettings settings = PST_PAINT_SETTINGS_DEFAULT;
    int width = atoi(argv[5]), height = atoi(argv[6]);
    Scene scene = { .width = width };
    PstRowSource source = { width, height, FALSE, read_rows, rewind_rows, &scene };
    PstRowSink sink = { write_rows, &scene };
    g_autoptr(PstStyle) style = pst_style_new("grey");
    struct rusage usage;
    gboolean keeps;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        style->statistics[i] = 0.3f;
    }
    settings.memory = g_ascii_strtoull(argv[4], NULL, 10);
    pst_paint_stream_memory(width, height, FALSE, &settings, &keeps);
    gint64 start = g_get_monotonic_time();
    if (!pst_paint_stream(model, pool, &source, &sink, style, &settings, NULL, NULL, NULL, &error)) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    double seconds = (g_get_monotonic_time() - start) / 1e6, megapixels = width * 1e-6 * height;
    getrusage(RUSAGE_SELF, &usage);
    double spent = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                   1e-6 * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    printf("%.3f %.3f %.0f %d %.6f\n", seconds / megapixels, spent / megapixels, usage.ru_maxrss / 1024.0, keeps,
           scene.sum / (3e6 * megapixels));
    return 0;
}
