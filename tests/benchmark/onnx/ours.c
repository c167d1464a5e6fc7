/* Paints raw pictures with given numbers of a style. Lines on standard input: PHOTO SIDE PAINTING (raw float32 files,
 * height x width x 3); for each it prints the seconds that painting took. peers.py compares it with others.
 *   ours ENCODER GENERATOR STYLE THREADS, STYLE being raw too */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "tests/paint.h"

/* ONNX Runtime keeps its memory from one picture to the next, too. */
#define KEPT ((gsize)512 << 20)

static gboolean read_floats(const char *path, float *floats, gsize count, GError **error)
{
    g_autofree char *data = NULL;
    gsize size;

    if (!g_file_get_contents(path, &data, &size, error)) {
        return FALSE;
    }
    if (size != count * sizeof(float)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: has not %zu numbers", path, count);
        return FALSE;
    }
    memcpy(floats, data, size);
    return TRUE;
}

/* FALSE with an error. */
static gboolean paint(const PstModel *model, PstThreadPool *pool, const PstStyle *style, const char *photo_path,
                      int side, const char *result_path, GError **error)
{
    gsize count = (gsize)3 * side * side;
    g_autoptr(PstPicture) photo = pst_picture_new(side, side, FALSE, error);

    if (!photo || !read_floats(photo_path, photo->rgb, count, error)) {
        return FALSE;
    }
    gint64 start = g_get_monotonic_time();
    g_autoptr(PstPicture) painted = paint_picture(model, pool, photo, style, NULL, NULL, NULL, NULL, error);
    double seconds = (g_get_monotonic_time() - start) / 1e6;
    if (!painted || !g_file_set_contents(result_path, (char *)painted->rgb, count * sizeof(float), error)) {
        return FALSE;
    }
    printf("%.6f\n", seconds);
    fflush(stdout);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyle) style = pst_style_new("style");
    g_autoptr(PstModel) model = argc == 5 ? pst_model_load(argv[1], argv[2], &error) : NULL;
    char line[8192];

    if (!model || !read_floats(argv[3], style->statistics, PST_STYLE_SIZE, &error)) {
        g_printerr("%s\n", error ? error->message : "usage: ours ENCODER GENERATOR STYLE THREADS");
        return 1;
    }
    pst_memory_keep(KEPT);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(atoi(argv[4]));
    while (fgets(line, sizeof line, stdin)) {
        g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 3);

        if (g_strv_length(words) != 3 || !paint(model, pool, style, words[0], atoi(words[1]), words[2], &error)) {
            g_printerr("%s\n", error ? error->message : "three words a line");
            return 1;
        }
    }
    return 0;
}
