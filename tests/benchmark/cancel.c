/* How long calls of the library go on after they were cancelled, for cancel.py:
 *   cancel CALL TIMES PICTURE
 * CALL: read, style (of the picture), calibrate (that style), paint, jpeg, png (write it), train (on it, 10 s of it).
 * The call is made once to the end, then TIMES times cancelled at moments spread over it; prints a line each: seconds,
 * seconds of the processors, and the moment it was cancelled at. PASTICHE_DATA has the networks. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/style/calibration.h"
#include "tests/paint.h"
#include "engine/finetune/style_training.h"

#define TRAINED 10.0 /* seconds */

typedef struct {
    const char *call, *path;
    PstModel *model;
    PstThreadPool *pool;
    PstPicture *picture;
    PstStyle *style;
} Work;

/* TRUE when it came to its end. */
static gboolean do_call(const Work *w, GCancellable *cancellable, GError **error)
{
    const PstWriteOptions options = { .format = strcmp(w->call, "png") == 0 ? PST_FORMAT_PNG : PST_FORMAT_JPEG };

    if (strcmp(w->call, "read") == 0) {
        g_autoptr(PstPicture) picture = pst_picture_read(w->path, NULL, cancellable, error);
        return picture != NULL;
    }
    if (strcmp(w->call, "style") == 0) {
        g_autoptr(PstStyle)
            style = pst_style_from_picture(w->model, w->pool, w->picture, 2048, "a", cancellable, error);
        return style != NULL;
    }
    if (strcmp(w->call, "calibrate") == 0) {
        g_autoptr(PstStyle) style = pst_style_copy(w->style);

        return pst_style_calibrate(style, w->model, w->pool, w->picture, 0, cancellable, error);
    }
    if (strcmp(w->call, "paint") == 0) {
        g_autoptr(PstPicture)
            painted = paint_picture(w->model, w->pool, w->picture, w->style, NULL, NULL, NULL, cancellable, error);
        return painted != NULL;
    }
    if (strcmp(w->call, "train") == 0) {
        const char *pictures[] = { w->path, NULL };
        const PstStyleTraining training = { .pictures = pictures,
                                            .name = "a",
                                            .plan = pst_style_plan(PST_QUALITY_FINE) };
        g_autoptr(PstStyle) style = pst_style_train(&training, NULL, NULL, cancellable, error);
        return style != NULL;
    }
    g_autoptr(GBytes) bytes = pst_picture_write_bytes(w->picture, &options, cancellable, error);
    return bytes != NULL;
}

typedef struct {
    GCancellable *cancellable;
    double after; /* seconds */
    gint64 at;    /* when it was cancelled, */
    clock_t used; /* and what it had taken of the processors by then */
} Canceller;

static gpointer cancel(gpointer data)
{
    Canceller *c = data;

    g_usleep((gulong)(c->after * G_USEC_PER_SEC));
    c->used = clock();
    c->at = g_get_monotonic_time();
    g_cancellable_cancel(c->cancellable);
    return NULL;
}

static void cancel_once(const Work *w, double after)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    Canceller canceller = { cancellable, after, 0, 0 };
    GThread *thread = g_thread_new("cancel", cancel, &canceller);
    gboolean done = do_call(w, cancellable, &error);
    gint64 end = g_get_monotonic_time();
    clock_t used = clock();

    g_thread_join(thread);
    if (!done) {
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_print("%.4f %.4f %.2f\n", (double)(end - canceller.at) / G_USEC_PER_SEC,
                (double)(used - canceller.used) / CLOCKS_PER_SEC, after);
    }
}

static double whole_time(const Work *w)
{
    gint64 begun = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;

    if (strcmp(w->call, "train") == 0) {
        return TRAINED;
    }
    if (!do_call(w, NULL, &error)) {
        g_error("%s", error->message);
    }
    return (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
}

int main(int argc, char **argv)
{
    int times = argc == 4 ? atoi(argv[2]) : 0;
    g_autoptr(GError) error = NULL;
    Work w = { 0 };

    if (times <= 0) {
        g_printerr("usage: cancel CALL TIMES PICTURE\n");
        return 2;
    }
    w = (Work){ .call = argv[1], .path = argv[3], .pool = pst_thread_pool_new(0) };
    w.model = pst_model_load_default(&error);
    g_assert_no_error(error);
    if (strcmp(w.call, "read") != 0 && strcmp(w.call, "train") != 0) {
        w.picture = pst_picture_read(w.path, NULL, NULL, &error);
        g_assert_no_error(error);
        w.style = pst_style_from_picture(w.model, w.pool, w.picture, 0, "a", NULL, &error);
        g_assert_no_error(error);
    }
    double whole = whole_time(&w);
    g_autoptr(GRand) random = g_rand_new();
    for (int i = 0; i < times; i++) {
        cancel_once(&w, whole * (i + g_rand_double(random)) / times);
    }
    pst_style_free(w.style);
    pst_picture_free(w.picture);
    pst_model_free(w.model);
    pst_thread_pool_free(w.pool);
    return 0;
}
