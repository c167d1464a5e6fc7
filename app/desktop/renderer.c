#include "renderer.h"

#include "app/common/advice.h"

#define REST       180 /* milliseconds without a change before the full size is begun */
#define SMALL_SIDE 192 /* pixels, of pictures in the list of results */

struct _PstRenderer {
    GObject parent_instance;
    PstEngineService *service;
    char *slot; /* of its jobs: there may be other windows */
    PstPhoto *photo;
    PstLook *look;
    PstPainting *painting;
    gboolean previewing; /* one is under way */
    gboolean stale;      /* and it is of an older look */
    gboolean busy;
    guint rest;   /* the timer */
    guint serial; /* of photograph and look */
};

G_DEFINE_FINAL_TYPE(PstRenderer, pst_renderer, G_TYPE_OBJECT)

enum { PREVIEW, BEGIN, STRIP, FINISHED, PROGRESS, FAILED, SIGNALS };
static guint signals[SIGNALS];
enum { PROPERTY_BUSY = 1 };
static GParamSpec *busy_property;

/* One painting to be made. */
typedef struct {
    GWeakRef renderer;
    PstEngineService *service;
    PstPhoto *photo;
    PstLook *look;
    guint serial;
} Order;

typedef struct {
    PstRaster *raster; /* of the small painting */
    PstRaster *small;
    PstPainting *painting; /* at full size */
} Delivery;

static void preview_start(PstRenderer *renderer);

static void order_free(gpointer data)
{
    Order *order = data;

    g_weak_ref_clear(&order->renderer);
    pst_photo_unref(order->photo);
    pst_look_unref(order->look);
    g_free(order);
}

static void delivery_free(Delivery *delivery)
{
    if (delivery) {
        pst_raster_unref(delivery->raster);
        pst_raster_unref(delivery->small);
        pst_painting_unref(delivery->painting);
        g_free(delivery);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)

static void set_busy(PstRenderer *renderer, gboolean busy)
{
    if (renderer->busy != busy) {
        renderer->busy = busy;
        g_object_notify_by_pspec(G_OBJECT(renderer), busy_property);
    }
}

/* The renderer that the order is for, or NULL if it is gone or wants something else by now. */
static PstRenderer *order_easel(Order *order)
{
    PstRenderer *renderer = g_weak_ref_get(&order->renderer);

    if (renderer && renderer->serial != order->serial) {
        g_clear_object(&renderer);
    }
    return renderer;
}

/* A painting in the making, on the engine thread. */
typedef struct {
    PstWorkerJob *job;
    int posted; /* rows that are on their way to the screen */
} Making;

static void paint_progress(double share, gpointer data)
{
    pst_worker_job_progress(((Making *)data)->job, share);
}

static void deliver_strip(gpointer data, gpointer strip)
{
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (renderer) {
        g_signal_emit(renderer, signals[STRIP], 0, strip);
    }
}

/* Posts the strips that are whole now that the rows before `end` are finished. */
static void post_strips(Making *making, const PstPicture *picture, int end)
{
    while (making->posted < picture->height && MIN(making->posted + PST_RASTER_STRIP_ROWS, picture->height) <= end) {
        pst_worker_job_post(making->job, deliver_strip, pst_raster_strip_new(picture, making->posted),
                            (GDestroyNotify)pst_raster_strip_free);
        making->posted += PST_RASTER_STRIP_ROWS;
    }
}

static void paint_rows(const PstPicture *picture, int first, int rows, gpointer data)
{
    post_strips(data, picture, first + rows);
}

static PstRaster *make_small(const PstPicture *picture, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) small = pst_picture_fit_long_side(picture, SMALL_SIDE, cancellable, error);

    return small ? pst_raster_new(small, cancellable, error) : NULL;
}

static gpointer run_preview(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    PstPainter *painter = pst_engine_service_preview(order->service, job, order->photo, order->look->stroke, error);
    g_auto(PstLookLayers) layers = { 0 };
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    g_autoptr(PstPicture) picture = NULL;

    const PstRowSink sink = { .picture = &picture };

    if (!painter) {
        return NULL;
    }
    pst_look_layers_init(&layers, order->look);
    if (!pst_painter_paint(painter, &layers.paint, &sink, NULL, NULL, cancellable, error) ||
        !(delivery->raster = pst_raster_new(picture, cancellable, error)) ||
        !(delivery->small = make_small(picture, cancellable, error))) {
        return NULL;
    }
    return g_steal_pointer(&delivery);
}

static gpointer run_full(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstModel *model = pst_engine_service_model(order->service, error);
    Making making = { job, 0 };
    const PstRowSource source = pst_row_source(order->photo->full);
    g_auto(PstLookLayers) layers = { 0 };
    g_autoptr(PstPainter) painter = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    g_autoptr(PstPicture) picture = NULL;
    const PstRowSink sink = { .picture = &picture, .finished = paint_rows, .data = &making };

    if (!model) {
        return NULL;
    }
    const PstPainterOptions options = { .stroke = order->look->stroke };
    painter = pst_painter_new(model, pst_engine_service_pool(order->service, job), &source, &options, cancellable,
                              error);
    pst_look_layers_init(&layers, order->look);
    if (!painter || !pst_painter_paint(painter, &layers.paint, &sink, paint_progress, &making, cancellable, error)) {
        return NULL;
    }
    post_strips(&making, picture, picture->height);
    if (order->photo->full == order->photo->preview && !(delivery->small = make_small(picture, cancellable, error))) {
        return NULL;
    }
    delivery->painting = pst_painting_new(order->photo, order->look, g_steal_pointer(&picture));
    return g_steal_pointer(&delivery);
}

static void progress(gpointer data, double share, double seconds_left)
{
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (renderer) {
        g_signal_emit(renderer, signals[PROGRESS], 0, share, seconds_left);
    }
}

static void tell(PstRenderer *renderer, const GError *error)
{
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_autofree char *text = pst_error_text(error);

        g_signal_emit(renderer, signals[FAILED], 0, text);
    }
}

static void full_done(gpointer data, gpointer result, const GError *error)
{
    g_autoptr(Delivery) delivery = result;
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (!renderer) {
        return;
    }
    set_busy(renderer, FALSE);
    if (error) {
        tell(renderer, error);
        return;
    }
    g_clear_pointer(&renderer->painting, pst_painting_unref);
    renderer->painting = pst_painting_ref(delivery->painting);
    g_signal_emit(renderer, signals[FINISHED], 0, delivery->painting, delivery->small);
}

static const PstWorkerJobClass full_class = { run_full, progress, full_done, order_free };

static Order *order_new(PstRenderer *renderer)
{
    Order *order = g_new0(Order, 1);

    g_weak_ref_init(&order->renderer, renderer);
    order->service = renderer->service;
    order->photo = pst_photo_ref(renderer->photo);
    order->look = pst_look_ref(renderer->look);
    order->serial = renderer->serial;
    return order;
}

static void full_start(PstRenderer *renderer)
{
    g_clear_handle_id(&renderer->rest, g_source_remove);
    set_busy(renderer, TRUE);
    g_signal_emit(renderer, signals[BEGIN], 0);
    pst_worker_push(pst_engine_service_worker(renderer->service), &full_class, PST_PRIORITY_REFINE, renderer->slot,
                    order_new(renderer));
}

static gboolean rested(gpointer data)
{
    PstRenderer *renderer = data;

    renderer->rest = 0;
    full_start(renderer);
    return G_SOURCE_REMOVE;
}

static void preview_done(gpointer data, gpointer result, const GError *error)
{
    Order *order = data;
    g_autoptr(Delivery) delivery = result;
    g_autoptr(PstRenderer) renderer = g_weak_ref_get(&order->renderer);

    if (!renderer) {
        return;
    }
    renderer->previewing = FALSE;
    /* While a slider moves each preview is of a look that is no longer the newest, and still good to see. */
    if (delivery && renderer->photo == order->photo && !pst_look_is_plain(renderer->look)) {
        g_signal_emit(renderer, signals[PREVIEW], 0, delivery->raster, delivery->small);
    } else if (error && renderer->serial == order->serial) {
        set_busy(renderer, FALSE);
        g_clear_handle_id(&renderer->rest, g_source_remove);
        tell(renderer, error);
    }
    if (renderer->stale) {
        preview_start(renderer);
    }
}

static const PstWorkerJobClass preview_class = { run_preview, NULL, preview_done, order_free };

static void preview_start(PstRenderer *renderer)
{
    renderer->stale = renderer->previewing;
    if (renderer->previewing || !renderer->photo || pst_look_is_plain(renderer->look)) {
        return;
    }
    renderer->previewing = TRUE;
    pst_worker_push(pst_engine_service_worker(renderer->service), &preview_class, PST_PRIORITY_PREVIEW, NULL,
                    order_new(renderer));
}

void pst_renderer_set(PstRenderer *renderer, PstPhoto *photo, PstLook *look)
{
    G_GNUC_UNUSED g_autoptr(PstPhoto) old_photo = renderer->photo;
    G_GNUC_UNUSED g_autoptr(PstLook) old_look = renderer->look;

    renderer->photo = photo ? pst_photo_ref(photo) : NULL;
    renderer->look = look ? pst_look_ref(look) : NULL;
    renderer->serial++;
    pst_worker_cancel(pst_engine_service_worker(renderer->service), renderer->slot, FALSE);
    g_clear_handle_id(&renderer->rest, g_source_remove);
    if (!photo || !look || pst_look_is_plain(look)) {
        set_busy(renderer, FALSE);
        return;
    }
    set_busy(renderer, TRUE);
    if (photo->preview == photo->full) {
        full_start(renderer);
        return;
    }
    preview_start(renderer);
    renderer->rest = g_timeout_add(REST, rested, renderer);
}

void pst_renderer_stop(PstRenderer *renderer)
{
    g_clear_handle_id(&renderer->rest, g_source_remove);
    renderer->serial++;
    pst_worker_cancel(pst_engine_service_worker(renderer->service), renderer->slot, FALSE);
    set_busy(renderer, FALSE);
}

void pst_renderer_resume(PstRenderer *renderer)
{
    if (!renderer->busy && renderer->photo && !pst_look_is_plain(renderer->look)) {
        renderer->serial++;
        full_start(renderer);
    }
}

gboolean pst_renderer_is_busy(PstRenderer *renderer)
{
    return renderer->busy;
}

PstPainting *pst_renderer_painting(PstRenderer *renderer, PstPhoto *photo, PstLook *look)
{
    PstPainting *painting = renderer->painting;

    return painting && painting->photo == photo && pst_look_equal(painting->look, look) ? painting : NULL;
}

static void pst_renderer_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    g_value_set_boolean(value, PST_RENDERER(object)->busy);
}

static void pst_renderer_dispose(GObject *object)
{
    PstRenderer *renderer = PST_RENDERER(object);

    pst_renderer_set(renderer, NULL, NULL);
    g_clear_pointer(&renderer->painting, pst_painting_unref);
    G_OBJECT_CLASS(pst_renderer_parent_class)->dispose(object);
}

static void pst_renderer_finalize(GObject *object)
{
    g_free(PST_RENDERER(object)->slot);
    G_OBJECT_CLASS(pst_renderer_parent_class)->finalize(object);
}

static void pst_renderer_class_init(PstRendererClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GType type = G_TYPE_FROM_CLASS(klass);

    object_class->get_property = pst_renderer_get_property;
    object_class->dispose = pst_renderer_dispose;
    object_class->finalize = pst_renderer_finalize;
    busy_property = g_param_spec_boolean("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_property(object_class, PROPERTY_BUSY, busy_property);

    signals[PREVIEW] = g_signal_new("preview", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                    G_TYPE_POINTER, G_TYPE_POINTER);
    signals[BEGIN] = g_signal_new("begin", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[STRIP] = g_signal_new("strip", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_POINTER);
    signals[FINISHED] = g_signal_new("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                     G_TYPE_POINTER, G_TYPE_POINTER);
    signals[PROGRESS] = g_signal_new("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                     G_TYPE_DOUBLE, G_TYPE_DOUBLE);
    signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                   G_TYPE_STRING);
}

static void pst_renderer_init(PstRenderer *renderer)
{
    renderer->slot = g_strdup_printf("easel/%p", (void *)renderer);
}

PstRenderer *pst_renderer_new(PstEngineService *service)
{
    PstRenderer *renderer = g_object_new(PST_TYPE_RENDERER, NULL);

    renderer->service = service;
    return renderer;
}
