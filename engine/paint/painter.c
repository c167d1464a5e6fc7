#include "painter.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/network/padding.h"
#include "engine/network/model_private.h"
#include "large_strokes.h"
#include "memory_budget.h"
#include "painting_run.h"

static void features_free(gpointer data)
{
    pst_features_clear(data);
    g_free(data);
}

PstPainter *pst_painter_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                            const PstPainterOptions *options, GCancellable *cancellable, GError **error)
{
    const PstPainterOptions usual = { 0 }, *chosen = options ? options : &usual;
    PstPainter *painter = g_new0(PstPainter, 1);

    painter->model = model;
    painter->pool = pool;
    painter->source = *source;
    painter->memory = chosen->memory;
    painter->keep = chosen->keep;
    painter->shot = chosen->shot;
    painter->part = chosen->part;
    if (painter->part.height == 0) {
        painter->part = (PstFramePart){ 0, 0, source->width, source->height };
    }
    painter->features = g_ptr_array_new_with_free_func(features_free);
    if (chosen->stroke > 1 &&
        !(painter->strokes = pst_large_strokes_new(model, pool, source, chosen, cancellable, error))) {
        g_clear_pointer(&painter, pst_painter_free);
    }
    return painter;
}

void pst_painter_free(PstPainter *painter)
{
    if (!painter) {
        return;
    }
    pst_large_strokes_free(painter->strokes);
    g_ptr_array_unref(painter->features);
    pst_flow_free(painter->flow);
    g_free(painter);
}

/* ---- memory --------------------------------------------------------------------------------- */

gsize pst_painter_memory(int width, int height, gboolean alpha, int count, gsize memory, gboolean *keep_features)
{
    const PstPlanTask task = { .width = width,
                               .height = height,
                               .alpha = alpha,
                               .read = TRUE,
                               .written = TRUE,
                               .layers = MAX(1, count),
                               .encodings = 1,
                               .swapped = TRUE,
                               .threads = g_get_num_processors() };
    PstPlan plan = pst_plan(&task, pst_memory_budget(memory));

    if (keep_features) {
        *keep_features = plan.keep_features;
    }
    return plan.memory;
}

/* ---- one painting --------------------------------------------------------------------------- */

static PstFeatures *find_features(const PstPainter *painter, float grain, const PstStylePatches *patches)
{
    for (guint i = 0; i < painter->features->len; i++) {
        PstFeatures *features = painter->features->pdata[i];

        if (pst_features_suit(features, grain, patches)) {
            return features;
        }
    }
    return NULL;
}

static gboolean is_used(const PstPaintingRun *run, const PstFeatures *features)
{
    for (int i = 0; i < run->count; i++) {
        if (run->features[i] == features) {
            return TRUE;
        }
    }
    return FALSE;
}

static PstFeatures *new_features(const PstPaintingRun *run, float grain, const PstStylePatches *patches)
{
    const PstPainter *painter = run->painter;
    PstFeatures *features = g_new(PstFeatures, 1);

    pst_features_init(features, pst_padded_side(painter->source.width), pst_padded_side(painter->source.height),
                      patches != NULL);
    features->grain = grain;
    features->patches = patches ? pst_style_patches_ref(patches) : NULL;
    if (run->of_shot && pst_shot_tell(painter->shot, painter->part.width, painter->part.height, features)) {
        pst_features_prepare_swap(features);
        features->encoded_known = features->known = TRUE;
    }
    return features;
}

/* Layers that suit the same grain and patches share features; others are not kept any longer. */
static void choose_features(PstPaintingRun *run)
{
    PstPainter *painter = run->painter;

    run->features = g_new0(PstFeatures *, run->count);
    for (int i = 0; i < run->count; i++) {
        const PstStyle *style = run->layers[i].style;
        float grain = pst_grain_for(style->statistics);
        PstFeatures *features = find_features(painter, grain, style->patches);

        if (!features) {
            features = new_features(run, grain, style->patches);
            g_ptr_array_add(painter->features, features);
        }
        run->features[i] = features;
    }
    for (guint i = painter->features->len; i > 0; i--) {
        if (!is_used(run, painter->features->pdata[i - 1])) {
            g_ptr_array_remove_index(painter->features, i - 1);
        }
    }
}

static gboolean swaps_patches(const PstPaintingRun *run)
{
    for (int i = 0; i < run->count; i++) {
        if (run->features[i]->swaps_patches) {
            return TRUE;
        }
    }
    return FALSE;
}

static PstPlan make_plan(const PstPaintingRun *run)
{
    const PstPainter *painter = run->painter;
    const PstRowSource *source = &painter->source;
    const PstPlanTask task = { .width = source->width,
                               .height = source->height,
                               .alpha = source->alpha,
                               .read = !source->picture,
                               .written = !run->sink->picture,
                               .layers = run->count,
                               .encodings = (int)painter->features->len,
                               .swapped = swaps_patches(run),
                               .once = run->of_shot,
                               .threads = pst_thread_pool_threads(painter->pool) };

    return pst_plan(&task, painter->keep ? G_MAXSIZE : pst_memory_budget(painter->memory));
}

/* ---- from source to sink ---------------------------------------------------------------------- */

static PstFrame frame_of(const PstPicture *picture)
{
    return (PstFrame){ .width = picture->width,
                       .height = picture->height,
                       .held = picture->height,
                       .rgb = picture->rgb,
                       .alpha = picture->alpha };
}

/* A picture of the source's size, alpha and info, whose colours are to come. */
static PstPicture *new_picture(const PstRowSource *source, GError **error)
{
    PstPicture *picture = pst_picture_new_unset(source->width, source->height, source->alpha, error);
    const PstPicture *photo = source->picture;
    gsize pixels = (gsize)source->width * source->height;

    if (picture && photo) {
        pst_picture_info_clear(&picture->info);
        pst_picture_info_copy(&photo->info, &picture->info);
    }
    if (picture && photo && photo->alpha) {
        memcpy(picture->alpha, photo->alpha, pixels * sizeof(float));
    }
    if (picture) {
        pst_floats_advise(picture->rgb, 3 * pixels);
    }
    return picture;
}

static gboolean run_passes(PstPaintingRun *run, GError **error)
{
    const PstPlan *plan = &run->plan;
    gboolean done;

    if (!run->picture) {
        run->result = (PstFrame){ .width = run->photo.width, .height = run->photo.height, .held = plan->band };
        run->result.rgb = pst_floats_new((gsize)3 * plan->band * run->photo.width);
    }
    done = pst_painting_run_encode(run, error) && pst_painting_run_generate(run, error);
    if (!run->picture) {
        pst_floats_free(run->result.rgb);
    }
    if (done && run->progress) {
        run->progress(1, run->data);
    }
    return done;
}

static double count_work(const PstPaintingRun *run)
{
    const GPtrArray *all = run->painter->features;
    gboolean again = !run->plan.keep_features;
    int encodings = 0, swaps = 0;

    for (guint i = 0; i < all->len; i++) {
        const PstFeatures *features = all->pdata[i];
        gboolean swap = features->swaps_patches;

        encodings += again + !features->encoded_known + (again && swap && !features->known);
        swaps += swap ? again + !features->known : 0;
    }
    return (encodings * pst_encoder_work() + swaps * pst_pass_swap_work() +
            run->count * pst_conditioned_generator_work()) *
           run->plan.width * run->plan.height;
}

/* Whether nothing of any layer shows. */
static gboolean is_plain(const PstPaintingRun *run)
{
    for (int i = 0; i < run->count; i++) {
        if (pst_paint_layer_strength(run->wanted, &run->layers[i]) > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean paint(PstPaintingRun *run, GError **error)
{
    const PstRowSource *source = &run->painter->source;
    gboolean plain = is_plain(run);
    gsize bytes = (gsize)source->width * source->height * (source->alpha ? 4 : 3) * sizeof(float);
    gsize pictures = (source->picture ? bytes : 0) + (run->sink->picture ? bytes : 0);

    if (!plain) {
        choose_features(run);
        run->plan = make_plan(run);
        run->work = count_work(run);
    }
    if (!pst_memory_budget_check(source->width, source->height, pictures, run->plan.memory, error)) {
        return FALSE;
    }
    run->photo = source->picture ? frame_of(source->picture)
                                 : (PstFrame){ .width = source->width, .height = source->height };
    run->photo.left = run->painter->part.left;
    run->photo.top = run->painter->part.top;
    if (run->sink->picture) {
        run->picture = new_picture(source, error);
        if (!run->picture) {
            return FALSE;
        }
        run->result = frame_of(run->picture);
    }
    return (plain ? pst_rows_copy(source, run->sink, run->picture, run->cancellable, error) : run_passes(run, error)) &&
           !g_cancellable_set_error_if_cancelled(run->cancellable, error);
}

/* Whether the shot has samples for all layers. */
static gboolean is_sampled(const PstPaintingRun *run)
{
    const PstPainter *painter = run->painter;

    for (int i = 0; painter->shot && i < run->count; i++) {
        const PstStyle *style = run->layers[i].style;

        if (!pst_shot_knows(painter->shot, painter->part.width, painter->part.height, pst_grain_for(style->statistics),
                            style->patches)) {
            return FALSE;
        }
    }
    return painter->shot != NULL;
}

static gboolean sample(PstPaintingRun *run, GError **error)
{
    PstPainter *painter = run->painter;
    const PstRowSource *source = &painter->source;

    choose_features(run);
    run->plan = make_plan(run);
    run->photo = source->picture ? frame_of(source->picture)
                                 : (PstFrame){ .width = source->width, .height = source->height };
    if (!pst_painting_run_encode(run, error)) {
        return FALSE;
    }
    for (guint i = 0; i < painter->features->len; i++) {
        const PstFeatures *features = painter->features->pdata[i];

        pst_shot_add(painter->shot, source->width, source->height, features);
    }
    if (painter->flow) {
        pst_shot_take_flow(painter->shot, source->width, source->height, g_steal_pointer(&painter->flow));
    }
    return TRUE;
}

gboolean pst_painter_sample(PstPainter *painter, const PstPaintLayers *layers, GCancellable *cancellable,
                            GError **error)
{
    const PstRowSink none = { 0 };
    PstPaintingRun run = { .painter = painter, .wanted = layers, .sink = &none, .cancellable = cancellable };
    gboolean done;

    if (painter->strokes) {
        return pst_large_strokes_sample(painter->strokes, layers, cancellable, error);
    }
    run.layers = pst_paint_layers_showing(layers, &run.count);
    done = sample(&run, error);
    g_ptr_array_set_size(painter->features, 0);
    g_free(run.layers);
    g_free(run.features);
    return done;
}

gboolean pst_painter_paint(PstPainter *painter, const PstPaintLayers *layers, const PstRowSink *sink,
                           PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    PstPaintingRun run = { .painter = painter,
                           .wanted = layers,
                           .sink = sink,
                           .progress = progress,
                           .data = data,
                           .cancellable = cancellable };
    gboolean done;

    if (painter->strokes) {
        return pst_large_strokes_paint(painter->strokes, layers, sink, progress, data, cancellable, error);
    }
    run.layers = pst_paint_layers_showing(layers, &run.count);
    run.of_shot = is_sampled(&run);
    done = paint(&run, error);
    if (done && sink->picture) {
        *sink->picture = run.picture;
    } else {
        pst_picture_free(run.picture);
    }
    if (!painter->keep) {
        g_ptr_array_set_size(painter->features, 0);
    }
    g_free(run.layers);
    g_free(run.features);
    return done;
}
