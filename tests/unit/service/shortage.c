/* Little memory in the engine thread: whichever large block a job is refused, it ends with an error that says so, and
 * the next one is done. */
#include "engine/base/memory_guard.h"
#include "engine/service/engine_service.h"
#include "tests/refuse.h"

#include <string.h>

typedef struct {
    PstEngineService *service;
    const PstStyle *style;
    gboolean done;
    GError *error;
    guint sum; /* of what was painted */
} Order;

/* Opens a photograph and paints it for the screen, as the window does. */
static gpointer run(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "samples", "lake.jpg", NULL);
    g_autoptr(PstPhoto) photo = pst_photo_read(path, FALSE, cancellable, error);
    g_autoptr(PstLook) look = pst_look_new();
    PstPainter *painter = photo ? pst_engine_service_preview(order->service, job, photo, look, error) : NULL;
    const PstPaintLayer layer = { .style = order->style };
    g_autoptr(PstPicture) painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    PstRaster *raster = NULL;

    if (painter && pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, cancellable, error)) {
        raster = pst_raster_new(painting, cancellable, error);
    }
    return raster;
}

static void done(gpointer data, gpointer result, const GError *error)
{
    Order *order = data;
    g_autoptr(PstRaster) raster = result;

    g_assert_true((result == NULL) == (error != NULL));
    if (raster) {
        order->sum = g_bytes_hash(((const PstRasterStrip *)raster->strips->pdata[0])->levels[0].pixels);
    }
    order->error = error ? g_error_copy(error) : NULL;
    order->done = TRUE;
}

static guint paint(PstEngineService *service, const PstStyle *style, GError **error)
{
    static const PstWorkerJobClass klass = { run, NULL, done, NULL };
    Order order = { service, style, FALSE, NULL, 0 };

    pst_worker_push(pst_engine_service_worker(service), &klass, PST_PRIORITY_PREVIEW, NULL, &order);
    while (!order.done) {
        g_main_context_iteration(NULL, TRUE);
    }
    if (order.error) {
        g_propagate_error(error, order.error);
    }
    return order.sum;
}

static void test_refused(void)
{
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "styles", "great-wave.style", NULL);
    g_autoptr(PstStyle) style = pst_style_read(path, NULL);
    int asked = 0, refused = 0;

    g_assert_nonnull(style);
    for (int block = 1; asked >= block - 1; block++) {
        g_autoptr(PstEngineService) service = pst_engine_service_new(NULL);
        g_autoptr(GError) error = NULL;

        refuse(block);
        paint(service, style, &error);
        asked = refuse(0);
        if (error && !strstr(error->message, "memory")) {
            g_error("block %d: %s", block, error->message);
        }
        refused += error != NULL;
        g_clear_error(&error);
        g_assert_cmpuint(paint(service, style, &error), !=, 0);
        g_assert_no_error(error);
        refuse(0);
        g_test_message("block %d of %d", block, asked);
    }
    g_assert_cmpint(refused, >, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shortage/refused", test_refused);
    return g_test_run();
}
