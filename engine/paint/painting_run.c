#include "painting_run.h"

#include <string.h>

#include "engine/network/model_private.h"
#include "engine/network/padding.h"

#define PROGRESS_STEP  0.002 /* of the whole: finer is only a burden */
#define ROWS_AT_A_TIME 64    /* between two looks at the cancellable */

static void report(double work, gpointer data)
{
    PstPaintingRun *run = data;
    double share = MIN(1, (run->before + work) / run->work);

    if (share >= run->told + PROGRESS_STEP) {
        run->told = share;
        run->progress(share, run->data);
    }
}

static PstPipeline *new_pipeline(PstPaintingRun *run, int ahead, PstPipelineRows read)
{
    const PstPlan *plan = &run->plan;
    PstPainter *painter = run->painter;
    PstPipeline *pipeline = pst_pipeline_new(painter->pool, pst_thread_pool_threads(painter->pool), plan->width,
                                             plan->height, plan->band, run->progress ? report : NULL, run,
                                             run->cancellable);

    pst_pipeline_set_photo(pipeline, &run->photo, painter->source.alpha, ahead, painter->source.picture ? NULL : read,
                           run);
    return pipeline;
}

/* ---- the photograph and its flow -------------------------------------------------------------- */

static gboolean read_rows(int first, int rows, gpointer data, GError **error)
{
    const PstPaintingRun *run = data;
    const PstRowSource *source = &run->painter->source;
    const PstFrame *photo = &run->photo;

    return (first > 0 || source->rewind(source->data, error)) &&
           source->read(source->data, rows, pst_frame_rgb(photo, first), pst_frame_alpha(photo, first), error);
}

static void add_rows(PstFlow *flow, const PstFrame *photo, int first, int rows)
{
    g_autofree float *on_white = photo->alpha ? g_new(float, 3 * (gsize)photo->width) : NULL;

    for (int y = first; y < first + rows; y++) {
        if (on_white) {
            pst_padded_row(pst_frame_rgb(photo, y), pst_frame_alpha(photo, y), photo->width, 0, photo->width, on_white);
        }
        pst_flow_add(flow, on_white ? on_white : pst_frame_rgb(photo, y));
    }
}

static gboolean read_and_follow(int first, int rows, gpointer data, GError **error)
{
    const PstPaintingRun *run = data;

    if (!read_rows(first, rows, data, error)) {
        return FALSE;
    }
    add_rows(run->painter->flow, &run->photo, first, rows);
    return TRUE;
}

/* Of a photograph whose rows are all there. */
static void follow(const PstPaintingRun *run)
{
    int height = run->photo.height;

    for (int y = 0; y < height && !g_cancellable_is_cancelled(run->cancellable); y += ROWS_AT_A_TIME) {
        add_rows(run->painter->flow, &run->photo, y, MIN(ROWS_AT_A_TIME, height - y));
    }
}

/* ---- passes --------------------------------------------------------------------------------- */

static void add_encoder(PstPaintingRun *run, PstPipeline *pipeline, PstPass *pass, PstFeatures *features,
                        gboolean gather)
{
    const PstPlan *plan = &run->plan;
    const PstPainter *painter = run->painter;
    const PstFlow *flow = run->of_shot ? pst_shot_flow(painter->shot, painter->part.width, painter->part.height)
                                       : painter->flow;
    const PstGrain grain = { features->grain, features->grain > 0 ? flow : NULL, 0, 0 };

    pst_pass_encode(pass, pipeline, pst_model_encoder(painter->model), &run->photo, &grain,
                    !gather || plan->keep_features ? features : NULL, gather, plan->width, plan->height, plan->band);
}

/* The first pass: gathers the statistics of the photograph with each grain that is wanted, and keeps its features
 * where they have room. The flow is gathered on the way, or before where there is no way. */
static gboolean encode(PstPaintingRun *run, GError **error)
{
    PstPainter *painter = run->painter;
    GPtrArray *all = painter->features;
    gboolean grainy = FALSE;
    int missing = 0;

    for (guint i = 0; i < all->len; i++) {
        const PstFeatures *features = all->pdata[i];

        missing += !features->encoded_known;
        grainy |= !features->encoded_known && features->grain > 0;
    }
    if (missing == 0) {
        return TRUE;
    }
    gboolean follows = grainy && !painter->flow;
    if (follows) {
        painter->flow = pst_flow_new(run->photo.width, run->photo.height);
    }
    if (follows && painter->source.picture) {
        follow(run);
    }

    g_autoptr(PstPipeline) pipeline = follows ? new_pipeline(run, PST_FLOW_AHEAD, read_and_follow)
                                              : new_pipeline(run, 0, read_rows);
    g_autofree PstPass *passes = g_new(PstPass, all->len);
    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        pst_pass_init(&passes[i], run->plan.width, run->plan.height);
        if (!features->encoded_known) {
            if (run->plan.keep_features && !features->taps[PST_STYLE_TAPS].data) {
                pst_features_hold(features);
            }
            add_encoder(run, pipeline, &passes[i], features, TRUE);
        }
    }
    gboolean done = pst_pipeline_run(pipeline, error);
    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        if (done && !features->encoded_known) {
            pst_pass_statistics(&passes[i], features->encoded);
            memcpy(features->content, features->encoded, sizeof features->content);
            features->encoded_known = TRUE;
            features->known = !features->swaps_patches;
        }
        pst_pass_clear(&passes[i]);
    }
    if (painter->flow && !pst_flow_complete(painter->flow)) {
        g_clear_pointer(&painter->flow, pst_flow_free);
    }
    run->before += missing * pst_encoder_work() * run->plan.width * run->plan.height;
    return done;
}

static void add_swap(PstPaintingRun *run, PstPipeline *pipeline, PstPass *pass, PstFeatures *features, gboolean keep,
                     gboolean gather)
{
    const PstPlan *plan = &run->plan;

    pst_pass_swap(pass, pipeline, features, keep, gather, plan->width, plan->height, plan->band);
}

/* The pass between: swaps patches, and gathers the statistics of what comes of it. */
static gboolean swap(PstPaintingRun *run, GError **error)
{
    GPtrArray *all = run->painter->features;
    const PstPlan *plan = &run->plan;
    g_autoptr(PstPipeline) pipeline = new_pipeline(run, 0, read_rows);
    g_autofree PstPass *encoders = g_new(PstPass, all->len), *passes = g_new(PstPass, all->len);
    double work = 0;

    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        pst_pass_init(&encoders[i], plan->width, plan->height);
        pst_pass_init(&passes[i], plan->width, plan->height);
        if (!features->known) {
            pst_features_prepare_swap(features);
            if (plan->keep_features) {
                pst_features_hold_swapped(features);
            } else {
                add_encoder(run, pipeline, &encoders[i], features, FALSE);
            }
            add_swap(run, pipeline, &passes[i], features, plan->keep_features, TRUE);
            work += pst_pass_swap_work() + (plan->keep_features ? 0 : pst_encoder_work());
        }
    }
    gboolean done = work == 0 || pst_pipeline_run(pipeline, error);
    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        if (done && !features->known) {
            pst_pass_statistics(&passes[i], features->content);
            /* What only swapping reads, or the few rows at a time that this pass has made. */
            pst_features_let_go(features, plan->keep_features ? PST_SWAP_FIRST_TAP : 2);
            features->known = TRUE;
        }
        pst_pass_clear(&encoders[i]);
        pst_pass_clear(&passes[i]);
    }
    run->before += work * plan->width * plan->height;
    return done;
}

gboolean pst_painting_run_encode(PstPaintingRun *run, GError **error)
{
    return encode(run, error) && swap(run, error);
}

static PstConditionedGenerator *condition(const PstPaintingRun *run, int layer)
{
    const PstStyle *style = run->layers[layer].style;
    double strength = pst_paint_layer_strength(run->wanted, &run->layers[layer]);
    double detail = pst_paint_layer_detail(run->wanted, &run->layers[layer]);
    const PstGenerator *generator = pst_model_generator(run->painter->model);
    float target[PST_STYLE_SIZE], correction[PST_STYLE_CHANNELS];
    const PstConditioning conditioning = {
        run->features[layer]->content, target, correction, style->delta, strength, detail
    };

    pst_generator_target(generator, conditioning.content, style->statistics, strength, target);
    for (int i = 0; i < PST_STYLE_CHANNELS; i++) {
        correction[i] = (float)(strength * style->correction[i]);
    }
    return pst_conditioned_generator_new(generator, &conditioning, run->painter->pool);
}

/* Of rows that were read; that of a picture is in the result already. */
static void copy_alpha(const PstPaintingRun *run, int first, int end)
{
    const PstFrame *photo = &run->photo;

    for (int y = first; photo->alpha && !run->painter->source.picture && y < end; y++) {
        memcpy(pst_frame_alpha(&run->result, y), pst_frame_alpha(photo, y), photo->width * sizeof(float));
    }
}

/* Rows that are final: of a picture they are told of; others are written, in pieces that the ring of the photograph,
 * from which alpha comes, does not break. */
static gboolean finish_rows(int first, int rows, gpointer data, GError **error)
{
    const PstPaintingRun *run = data;
    const PstRowSink *sink = run->sink;
    const PstFrame *photo = &run->photo, *result = &run->result;
    int end = MIN(first + rows, photo->height);

    if (sink->picture) {
        copy_alpha(run, first, end);
        if (sink->finished && end > first) {
            sink->finished(run->picture, first, end - first, sink->data);
        }
        return TRUE;
    }
    for (int n; first < end; first += n) {
        n = MIN(end - first, MIN(result->held - first % result->held, photo->held - first % photo->held));
        if (!sink->write(sink->data, n, pst_frame_rgb(result, first), pst_frame_alpha(photo, first), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The second pass: paints from the features, which are encoded again where they have no room. */
gboolean pst_painting_run_generate(PstPaintingRun *run, GError **error)
{
    const PstPlan *plan = &run->plan;
    GPtrArray *all = run->painter->features;
    g_autoptr(PstPipeline) pipeline = new_pipeline(run, 0, read_rows);
    g_autofree PstPass *encoders = g_new(PstPass, all->len), *swaps = g_new(PstPass, all->len),
                       *layers = g_new(PstPass, run->count);
    g_autofree PstConditionedGenerator **generators = g_new(PstConditionedGenerator *, run->count);

    for (guint i = 0; i < all->len; i++) {
        pst_pass_init(&encoders[i], plan->width, plan->height);
        if (!plan->keep_features) {
            add_encoder(run, pipeline, &encoders[i], all->pdata[i], FALSE);
        }
        pst_pass_init(&swaps[i], plan->width, plan->height);
        if (!plan->keep_features && ((const PstFeatures *)all->pdata[i])->swaps_patches) {
            add_swap(run, pipeline, &swaps[i], all->pdata[i], TRUE, FALSE);
        }
    }
    for (int i = 0; i < run->count; i++) {
        generators[i] = condition(run, i);
        pst_pass_init(&layers[i], plan->width, plan->height);
        const PstPaintLayer *layer = &run->layers[i];

        layers[i].blend = (PstBlend){ .share = pst_blend_share(pst_paint_layer_strength(run->wanted, layer)),
                                      .keep_colours = pst_paint_layer_keeps_colours(run->wanted, layer),
                                      .photo = &run->photo,
                                      .result = &run->result,
                                      .mask = layer->mask,
                                      .lowest = i == 0,
                                      .band = plan->band };
        if (i == run->count - 1) {
            layers[i].finished = finish_rows;
            layers[i].finished_data = run;
        }
        pst_pass_generate(&layers[i], pipeline, generators[i], run->features[i]);
    }
    gboolean done = pst_pipeline_run(pipeline, error);
    for (guint i = 0; i < all->len; i++) {
        pst_pass_clear(&encoders[i]);
        pst_pass_clear(&swaps[i]);
    }
    for (int i = 0; i < run->count; i++) {
        pst_pass_clear(&layers[i]);
        pst_conditioned_generator_free(generators[i]);
    }
    return done;
}
