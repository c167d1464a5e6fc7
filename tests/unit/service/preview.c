/* A preview shows the strokes of the result, fine and broad ones: seen at the preview's size, it is nearer to the
 * painting of the whole photograph than a preview of other strokes. */
#include "engine/service/engine_service.h"

#include <math.h>
#include <string.h>

static const double strokes[] = { 0.5, 1, 2 };

#define STROKES ((int)G_N_ELEMENTS(strokes))

typedef struct {
    PstEngineService *service;
    const PstStyle *style;
    PstPicture *previews[STROKES], *results[STROKES]; /* all of the preview's size */
    gboolean done;
} Order;

static PstLook *look_of(const Order *order, double stroke)
{
    PstLook *look = pst_look_new();

    look->stroke = stroke;
    pst_look_add_style(look, 0, "style", order->style, 1);
    return look;
}

static PstPicture *paint(PstPainter *painter, const PstLook *look, int width, int height)
{
    g_auto(PstLookLayers) layers = { 0 };
    g_autoptr(PstPicture) painting = NULL;
    const PstRowSink sink = { .picture = &painting };

    pst_look_layers_init(&layers, look);
    g_assert_true(pst_painter_paint(painter, &layers.paint, &sink, NULL, NULL, NULL, NULL));
    return pst_picture_resize(painting, width, height, NULL, NULL);
}

static gpointer run(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "samples", "lake.jpg", NULL);
    g_autoptr(PstPhoto) photo = pst_photo_read(path, FALSE, NULL, error);
    const PstModel *model = pst_engine_service_model(order->service, error);
    int width = photo->preview->width, height = photo->preview->height;
    const PstRowSource source = pst_row_source(photo->full);

    g_assert_cmpint(width, <, photo->full->width);
    for (int i = 0; i < STROKES; i++) {
        g_autoptr(PstLook) look = look_of(order, strokes[i]);
        const PstPainterOptions options = { .stroke = pst_look_stroke(look, source.width, source.height) };
        g_autoptr(PstPainter) painter = pst_painter_new(model, pst_engine_service_pool(order->service, job), &source,
                                                        &options, NULL, error);

        order->previews[i] = paint(pst_engine_service_preview(order->service, job, photo, look, error), look, width,
                                   height);
        order->results[i] = paint(painter, look, width, height);
    }
    return order;
}

static void done(gpointer data, gpointer result, const GError *error)
{
    g_assert_no_error(error);
    ((Order *)data)->done = TRUE;
}

static double distance(const PstPicture *a, const PstPicture *b)
{
    double sum = 0;
    int values = 3 * a->width * a->height;

    for (int i = 0; i < values; i++) {
        sum += pow(a->rgb[i] - b->rgb[i], 2);
    }
    return sqrt(sum / values);
}

static void test_strokes(void)
{
    static const PstWorkerJobClass klass = { run, NULL, done, NULL };
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "styles", "starry-night.style", NULL);
    g_autoptr(PstStyle) style = pst_style_read(path, NULL);
    g_autoptr(PstEngineService) service = pst_engine_service_new(NULL);
    Order order = { .service = service, .style = style };

    pst_worker_push(pst_engine_service_worker(service), &klass, PST_PRIORITY_PREVIEW, NULL, &order);
    while (!order.done) {
        g_main_context_iteration(NULL, TRUE);
    }
    for (int i = 0; i < STROKES; i++) {
        double own = distance(order.previews[i], order.results[i]);

        for (int k = 0; k < STROKES; k++) {
            double other = distance(order.previews[k], order.results[i]);

            g_test_message("result of strokes %g, preview of %g: %.4f", strokes[i], strokes[k], other);
            g_assert_true(k == i || own < 0.8 * other);
        }
    }
    for (int i = 0; i < STROKES; i++) {
        pst_picture_free(order.previews[i]);
        pst_picture_free(order.results[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/preview/strokes", test_strokes);
    return g_test_run();
}
