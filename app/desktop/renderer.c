#include "renderer.h"

#include <glib/gi18n.h>

#include "app/common/advice.h"
#include "app/common/style_parts.h"

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
    GCancellable *stop; /* while a masterpiece is under way: ends it with what there is; or NULL */
    GHashTable *told;   /* identifiers of styles that there is no masterpiece in, as was said */
    guint rest;         /* the timer */
    guint serial;       /* of photograph and look */
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
    GCancellable *stop; /* of a masterpiece, or NULL */
    guint serial;
} Order;

typedef struct {
    PstRaster *raster; /* of the small painting */
    PstRaster *small;
    PstPainting *painting; /* at full size */
    char *lacking;         /* identifier of a style that there is no masterpiece in; then there is nothing else */
} Delivery;

static void preview_start(PstRenderer *renderer);
static void masterpiece_start(PstRenderer *renderer);

static void order_free(gpointer data)
{
    Order *order = data;

    g_weak_ref_clear(&order->renderer);
    pst_photo_unref(order->photo);
    pst_look_unref(order->look);
    g_clear_object(&order->stop);
    g_free(order);
}

static void delivery_free(Delivery *delivery)
{
    if (delivery) {
        pst_raster_free(delivery->raster);
        pst_raster_free(delivery->small);
        pst_painting_unref(delivery->painting);
        g_free(delivery->lacking);
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

/* Gives the order a look of its own with all that its styles need. */
static gboolean complete_look(Order *order, PstWorkerJob *job, GError **error)
{
    const PstModel *model = pst_engine_service_model(order->service, error);
    PstLook *look = pst_look_copy(order->look);

    pst_look_unref(order->look);
    order->look = look;
    return model && pst_style_parts_complete(look, model, pst_engine_service_pool(order->service, job),
                                             pst_worker_job_cancellable(job), error);
}

static gpointer run_preview(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    PstPainter *painter = complete_look(order, job, error)
                              ? pst_engine_service_preview(order->service, job, order->photo, order->look, error)
                              : NULL;
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

/* It is that of the look without a masterpiece, and so not what the look asks for. */
static PstPainting *painting_at_once(const Order *order, PstPicture *picture)
{
    g_autoptr(PstLook) look = pst_look_copy(order->look);

    look->finish = PST_FINISH_INSTANT;
    return pst_painting_new(order->photo, look, picture);
}

static gpointer run_full(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstModel *model = complete_look(order, job, error) ? pst_engine_service_model(order->service, error) : NULL;
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
    const PstPainterOptions options = { .stroke = pst_look_stroke(order->look, source.width, source.height) };
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
    delivery->painting = painting_at_once(order, g_steal_pointer(&picture));
    return g_steal_pointer(&delivery);
}

/* ---- masterpieces ----------------------------------------------------------------------------- */

static void deliver_view(gpointer data, gpointer raster)
{
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (renderer) {
        g_signal_emit(renderer, signals[PREVIEW], 0, raster, NULL);
    }
}

static void see(const PstPicture *picture, gpointer data)
{
    const Making *making = data;
    PstRaster *raster = pst_raster_new(picture, NULL, NULL);

    if (raster) {
        pst_worker_job_post(making->job, deliver_view, raster, (GDestroyNotify)pst_raster_free);
    }
}

static gboolean refine(const Order *order, const PstModel *model, const PstLook *look, Making *making,
                       PstPicture **picture, GError **error)
{
    const PstRowSource source = pst_row_source(order->photo->full);
    const PstRowSink sink = { .picture = picture };
    PstRefinedOptions options = pst_look_refined_options(look);
    g_auto(PstLookLayers) layers = { 0 };

    options.stop = order->stop;
    options.seen = see;
    pst_look_layers_init(&layers, look);
    return pst_refined_paint(model, pst_engine_service_pool(order->service, making->job), &source, &layers.paint,
                             &options, &sink, paint_progress, making, pst_worker_job_cancellable(making->job), error);
}

static gpointer run_masterpiece(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstModel *model = complete_look(order, job, error) ? pst_engine_service_model(order->service, error) : NULL;
    const PstLook *look = order->look;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    g_autoptr(PstPicture) picture = NULL;
    const PstLookStyle *lacking;
    Making making = { job, 0 };

    if (!model) {
        return NULL;
    }
    if (!pst_look_is_refinable(look, &lacking)) {
        delivery->lacking = g_strdup(lacking->id);
        return g_steal_pointer(&delivery);
    }
    if (!refine(order, model, look, &making, &picture, error) ||
        !(delivery->raster = pst_raster_new(picture, cancellable, error)) ||
        !(delivery->small = make_small(picture, cancellable, error))) {
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

static void take_painting(PstRenderer *renderer, const Delivery *delivery)
{
    g_clear_pointer(&renderer->painting, pst_painting_unref);
    renderer->painting = pst_painting_ref(delivery->painting);
    g_signal_emit(renderer, signals[FINISHED], 0, delivery->painting, delivery->small);
}

static void full_done(gpointer data, gpointer result, const GError *error)
{
    g_autoptr(Delivery) delivery = result;
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (!renderer) {
        return;
    }
    if (error) {
        set_busy(renderer, FALSE);
        tell(renderer, error);
        return;
    }
    if (renderer->look->finish != PST_FINISH_MASTERPIECE) {
        set_busy(renderer, FALSE);
    }
    take_painting(renderer, delivery);
    if (renderer->look->finish == PST_FINISH_MASTERPIECE) {
        masterpiece_start(renderer);
    }
}

static const PstWorkerJobClass full_class = { run_full, progress, full_done, order_free };

static void tell_lacking(PstRenderer *renderer, const char *id)
{
    g_autofree char *name = g_path_get_basename(id), *text = NULL;

    if (g_hash_table_add(renderer->told, g_strdup(id))) {
        text = g_strdup_printf(_("“%s” keeps nothing of its painting’s strokes, so it is painted instantly."), name);
        g_signal_emit(renderer, signals[FAILED], 0, text);
    }
}

static void masterpiece_done(gpointer data, gpointer result, const GError *error)
{
    g_autoptr(Delivery) delivery = result;
    g_autoptr(PstRenderer) renderer = order_easel(data);

    if (!renderer) {
        return;
    }
    g_clear_object(&renderer->stop);
    set_busy(renderer, FALSE);
    if (error) {
        tell(renderer, error);
    } else if (delivery->lacking) {
        tell_lacking(renderer, delivery->lacking);
    } else {
        g_signal_emit(renderer, signals[PREVIEW], 0, delivery->raster, NULL);
        take_painting(renderer, delivery);
    }
}

static const PstWorkerJobClass masterpiece_class = { run_masterpiece, progress, masterpiece_done, order_free };

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

static void masterpiece_start(PstRenderer *renderer)
{
    Order *order = order_new(renderer);

    g_clear_object(&renderer->stop);
    renderer->stop = g_cancellable_new();
    order->stop = g_object_ref(renderer->stop);
    pst_worker_push(pst_engine_service_worker(renderer->service), &masterpiece_class, PST_PRIORITY_MASTERPIECE,
                    renderer->slot, order);
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
    g_clear_object(&renderer->stop);
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

gboolean pst_renderer_is_refining(PstRenderer *renderer)
{
    return renderer->stop != NULL;
}

void pst_renderer_stop(PstRenderer *renderer)
{
    if (renderer->stop) {
        g_cancellable_cancel(renderer->stop);
        return;
    }
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
    g_hash_table_unref(PST_RENDERER(object)->told);
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
    renderer->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

PstRenderer *pst_renderer_new(PstEngineService *service)
{
    PstRenderer *renderer = g_object_new(PST_TYPE_RENDERER, NULL);

    renderer->service = service;
    return renderer;
}
