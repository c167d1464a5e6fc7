/* Paints squares of the sides read from standard input and prints the seconds each took, and those of all processors
 * together; painting.py compares them with PyTorch's. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/render/painter.h"

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstModel) model = argc == 4 ? pst_model_load(argv[1], argv[2], &error) : NULL;
    char line[64];

    if (!model) {
        g_printerr("%s\n", error ? error->message : "usage: painting ENCODER GENERATOR THREADS");
        return 1;
    }
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(atoi(argv[3]));
    while (fgets(line, sizeof line, stdin)) {
        int side = atoi(line);
        g_autoptr(PstPicture) photo = pst_picture_new(side, side, FALSE, &error);

        if (!photo) {
            g_printerr("%s\n", error->message);
            return 1;
        }
        GRand *noise = g_rand_new_with_seed(1);
        for (gsize i = 0; i < (gsize)3 * side * side; i++) {
            photo->rgb[i] = g_rand_double(noise);
        }
        g_rand_free(noise);
        g_autoptr(PstStyle) style = pst_style_from_picture(model, pool, photo, 256, "noise", NULL, &error);
        double spent = processor_seconds();
        gint64 start = g_get_monotonic_time();
        g_autoptr(PstPicture) painted = pst_paint(model, pool, photo, style, NULL, NULL, NULL, NULL, &error);
        printf("%.6f %.6f\n", (g_get_monotonic_time() - start) / 1e6, processor_seconds() - spent);
        fflush(stdout);
    }
    return 0;
}
