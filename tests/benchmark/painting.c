/* Paints squares: each line on standard input is a side, how many times in a row, and perhaps `preview`, which is
 * painted again from kept features after a slider has moved, or `patches`, painted with those of the style. Prints a
 * line for each painting: the seconds it took, and those of all processors together; painting.py compares them with
 * PyTorch's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/paint.h"

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static PstPicture *make_noise(int side, GError **error)
{
    PstPicture *photo = pst_picture_new(side, side, FALSE, error);
    GRand *noise = g_rand_new_with_seed(1);

    for (gsize i = 0; photo && i < (gsize)3 * side * side; i++) {
        photo->rgb[i] = g_rand_double(noise);
    }
    g_rand_free(noise);
    return photo;
}

/* FALSE with an error. */
static gboolean measure(const PstModel *model, PstThreadPool *pool, int side, int count, const char *words,
                        GError **error)
{
    g_autoptr(PstPicture) photo = make_noise(side, error);
    g_autoptr(PstStyle) style = photo ? pst_style_from_picture(model, pool, photo, 256, "noise", NULL, error) : NULL;
    gboolean again = strstr(words, "preview") != NULL;
    g_autoptr(PstPainter) preview = style && again ? painter_of(model, pool, photo, NULL, TRUE) : NULL;
    PaintSettings settings = PAINT_SETTINGS;

    if (!style || (again && !preview)) {
        return FALSE;
    }
    if (!strstr(words, "patches")) {
        g_clear_pointer(&style->patches, pst_style_patches_unref);
    }
    settings.detail = 0.5;
    for (int i = 0; i < count; i++) {
        double spent = processor_seconds();
        gint64 start = g_get_monotonic_time();
        g_autoptr(PstPicture) painted = again ? paint_again(preview, style, &settings, NULL, NULL, NULL, NULL, error)
                                              : paint_picture(model, pool, photo, style, NULL, NULL, NULL, NULL, error);

        if (!painted) {
            return FALSE;
        }
        printf("%.6f %.6f\n", (g_get_monotonic_time() - start) / 1e6, processor_seconds() - spent);
        fflush(stdout);
    }
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstModel) model = argc == 4 ? pst_model_load(argv[1], argv[2], &error) : NULL;
    char line[64];
    int side, count;

    if (!model) {
        g_printerr("%s\n", error ? error->message : "usage: painting ENCODER GENERATOR THREADS");
        return 1;
    }
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(atoi(argv[3]));
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%d %d", &side, &count) != 2 || !measure(model, pool, side, count, line, &error)) {
            g_printerr("%s\n", error ? error->message : "a line is SIDE COUNT [preview] [patches]");
            return 1;
        }
    }
    return 0;
}
