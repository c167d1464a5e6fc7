#include "painter.h"

#include <string.h>

#include "engine/base/memory.h"
#include "engine/network/padding.h"
#include "engine/network/model_private.h"
#include "large_strokes.h"
#include "memory_budget.h"
#include "passes.h"
#include "plan.h"

#define PROGRESS_STEP  0.002 /* of the whole: finer is only a burden */
#define ROWS_AT_A_TIME 64    /* between two looks at the cancellable */

struct PstPainter {
    const PstModel *model;
    PstThreadPool *pool;
    PstRowSource source;
    gsize memory;
    gboolean keep;
    PstShot *shot;            /* or NULL */
    PstFramePart part;        /* the whole where there is no other */
    PstLargeStrokes *strokes; /* does all the work where strokes are larger; or NULL */
    PstFlow *flow;            /* of the photograph, once a style wanted grain; or NULL */
    GPtrArray *features;      /* of PstFeatures: one for each grain, kept from the last painting */
};

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
                               .threads = g_get_num_processors() };
    PstPlan plan = pst_plan(&task, pst_memory_budget(memory));

    if (keep_features) {
        *keep_features = plan.keep_features;
    }
    return plan.memory;
}

/* ---- one painting --------------------------------------------------------------------------- */

typedef struct {
    PstPainter *painter;
    const PstPaintLayers *wanted;
    PstPaintLayer *layers; /* those that show */
    int count;
    gboolean of_shot;       /* statistics and flow are those of the painter's shot */
    PstFeatures **features; /* of each; the painter's */
    const PstRowSink *sink;
    PstPlan plan;
    PstFrame photo, result;
    PstPicture *picture;       /* that the result is, or NULL: it goes by rows */
    PstPaintProgress progress; /* or NULL */
    gpointer data;
    double work, told; /* in all; the share that progress was last told of */
    double before;     /* work of the passes before this one */
    GCancellable *cancellable;
} Painting;

static PstFeatures *find_features(const PstPainter *painter, float grain)
{
    for (guint i = 0; i < painter->features->len; i++) {
        PstFeatures *features = painter->features->pdata[i];

        if (features->grain == grain) {
            return features;
        }
    }
    return NULL;
}

static gboolean is_used(const Painting *painting, const PstFeatures *features)
{
    for (int i = 0; i < painting->count; i++) {
        if (painting->features[i] == features) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Layers that suit the same grain share features; those of other grains are not kept any longer. */
static void choose_features(Painting *painting)
{
    PstPainter *painter = painting->painter;

    painting->features = g_new0(PstFeatures *, painting->count);
    for (int i = 0; i < painting->count; i++) {
        float grain = pst_grain_for(painting->layers[i].style->statistics);
        PstFeatures *features = find_features(painter, grain);

        if (!features) {
            features = g_new(PstFeatures, 1);
            pst_features_init(features, pst_padded_side(painter->source.width),
                              pst_padded_side(painter->source.height));
            features->grain = grain;
            features->known = painting->of_shot && pst_shot_statistics(painter->shot, painter->part.width,
                                                                       painter->part.height, grain, features->content);
            g_ptr_array_add(painter->features, features);
        }
        painting->features[i] = features;
    }
    for (guint i = painter->features->len; i > 0; i--) {
        if (!is_used(painting, painter->features->pdata[i - 1])) {
            g_ptr_array_remove_index(painter->features, i - 1);
        }
    }
}

static PstPlan make_plan(const Painting *painting)
{
    const PstPainter *painter = painting->painter;
    const PstRowSource *source = &painter->source;
    const PstPlanTask task = { .width = source->width,
                               .height = source->height,
                               .alpha = source->alpha,
                               .read = !source->picture,
                               .written = !painting->sink->picture,
                               .layers = painting->count,
                               .encodings = (int)painter->features->len,
                               .once = painting->of_shot,
                               .threads = pst_thread_pool_threads(painter->pool) };

    return pst_plan(&task, painter->keep ? G_MAXSIZE : pst_memory_budget(painter->memory));
}

static void report(double work, gpointer data)
{
    Painting *painting = data;
    double share = MIN(1, (painting->before + work) / painting->work);

    if (share >= painting->told + PROGRESS_STEP) {
        painting->told = share;
        painting->progress(share, painting->data);
    }
}

static PstPipeline *new_pipeline(Painting *painting, int ahead, PstPipelineRows read)
{
    const PstPlan *plan = &painting->plan;
    PstPainter *painter = painting->painter;
    PstPipeline *pipeline = pst_pipeline_new(painter->pool, pst_thread_pool_threads(painter->pool), plan->width,
                                             plan->height, plan->band, painting->progress ? report : NULL, painting,
                                             painting->cancellable);

    pst_pipeline_set_photo(pipeline, &painting->photo, painter->source.alpha, ahead,
                           painter->source.picture ? NULL : read, painting);
    return pipeline;
}

/* ---- the photograph and its flow -------------------------------------------------------------- */

static gboolean read_rows(int first, int rows, gpointer data, GError **error)
{
    const Painting *painting = data;
    const PstRowSource *source = &painting->painter->source;
    const PstFrame *photo = &painting->photo;

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
    const Painting *painting = data;

    if (!read_rows(first, rows, data, error)) {
        return FALSE;
    }
    add_rows(painting->painter->flow, &painting->photo, first, rows);
    return TRUE;
}

/* Of a photograph whose rows are all there. */
static void follow(const Painting *painting)
{
    int height = painting->photo.height;

    for (int y = 0; y < height && !g_cancellable_is_cancelled(painting->cancellable); y += ROWS_AT_A_TIME) {
        add_rows(painting->painter->flow, &painting->photo, y, MIN(ROWS_AT_A_TIME, height - y));
    }
}

/* ---- passes --------------------------------------------------------------------------------- */

static void add_encoder(Painting *painting, PstPipeline *pipeline, PstPass *pass, PstFeatures *features,
                        gboolean gather)
{
    const PstPlan *plan = &painting->plan;
    const PstPainter *painter = painting->painter;
    const PstFlow *flow = painting->of_shot ? pst_shot_flow(painter->shot, painter->part.width, painter->part.height)
                                            : painter->flow;
    const PstGrain grain = { features->grain, features->grain > 0 ? flow : NULL, 0, 0 };

    pst_pass_encode(pass, pipeline, pst_model_encoder(painter->model), &painting->photo, &grain,
                    !gather || plan->keep_features ? features : NULL, gather, plan->width, plan->height, plan->band);
}

/* The first pass: gathers the statistics of the photograph with each grain that is wanted, and keeps its features
 * where they have room. The flow is gathered on the way, or before where there is no way. */
static gboolean encode(Painting *painting, GError **error)
{
    PstPainter *painter = painting->painter;
    GPtrArray *all = painter->features;
    gboolean grainy = FALSE;
    int missing = 0;

    for (guint i = 0; i < all->len; i++) {
        const PstFeatures *features = all->pdata[i];

        missing += !features->known;
        grainy |= !features->known && features->grain > 0;
    }
    if (missing == 0) {
        return TRUE;
    }
    gboolean follows = grainy && !painter->flow;
    if (follows) {
        painter->flow = pst_flow_new(painting->photo.width, painting->photo.height);
    }
    if (follows && painter->source.picture) {
        follow(painting);
    }

    g_autoptr(PstPipeline) pipeline = follows ? new_pipeline(painting, PST_FLOW_AHEAD, read_and_follow)
                                              : new_pipeline(painting, 0, read_rows);
    g_autofree PstPass *passes = g_new(PstPass, all->len);
    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        pst_pass_init(&passes[i], painting->plan.width, painting->plan.height);
        if (!features->known) {
            if (painting->plan.keep_features && !features->taps[PST_STYLE_TAPS].data) {
                pst_features_hold(features);
            }
            add_encoder(painting, pipeline, &passes[i], features, TRUE);
        }
    }
    gboolean done = pst_pipeline_run(pipeline, error);
    for (guint i = 0; i < all->len; i++) {
        PstFeatures *features = all->pdata[i];

        if (done && !features->known) {
            pst_pass_statistics(&passes[i], features->content);
            features->known = TRUE;
        }
        pst_pass_clear(&passes[i]);
    }
    if (painter->flow && !pst_flow_complete(painter->flow)) {
        g_clear_pointer(&painter->flow, pst_flow_free);
    }
    painting->before += missing * pst_encoder_work() * painting->plan.width * painting->plan.height;
    return done;
}

static PstConditionedGenerator *condition(const Painting *painting, int layer)
{
    const PstStyle *style = painting->layers[layer].style;
    double strength = pst_paint_layer_strength(painting->wanted, &painting->layers[layer]);
    double detail = pst_paint_layer_detail(painting->wanted, &painting->layers[layer]);
    const PstGenerator *generator = pst_model_generator(painting->painter->model);
    float target[PST_STYLE_SIZE];
    const PstConditioning conditioning = { painting->features[layer]->content, target, style->delta, strength, detail };

    pst_generator_target(generator, conditioning.content, style->statistics, strength, target);
    return pst_conditioned_generator_new(generator, &conditioning, painting->painter->pool);
}

/* Of rows that were read; that of a picture is in the result already. */
static void copy_alpha(const Painting *painting, int first, int end)
{
    const PstFrame *photo = &painting->photo;

    for (int y = first; photo->alpha && !painting->painter->source.picture && y < end; y++) {
        memcpy(pst_frame_alpha(&painting->result, y), pst_frame_alpha(photo, y), photo->width * sizeof(float));
    }
}

/* Rows that are final: of a picture they are told of; others are written, in pieces that the ring of the photograph,
 * from which alpha comes, does not break. */
static gboolean finish_rows(int first, int rows, gpointer data, GError **error)
{
    const Painting *painting = data;
    const PstRowSink *sink = painting->sink;
    const PstFrame *photo = &painting->photo, *result = &painting->result;
    int end = MIN(first + rows, photo->height);

    if (sink->picture) {
        copy_alpha(painting, first, end);
        if (sink->finished && end > first) {
            sink->finished(painting->picture, first, end - first, sink->data);
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
static gboolean generate(Painting *painting, GError **error)
{
    const PstPlan *plan = &painting->plan;
    GPtrArray *all = painting->painter->features;
    g_autoptr(PstPipeline) pipeline = new_pipeline(painting, 0, read_rows);
    g_autofree PstPass *encoders = g_new(PstPass, all->len), *layers = g_new(PstPass, painting->count);
    g_autofree PstConditionedGenerator **generators = g_new(PstConditionedGenerator *, painting->count);

    for (guint i = 0; i < all->len; i++) {
        pst_pass_init(&encoders[i], plan->width, plan->height);
        if (!plan->keep_features) {
            add_encoder(painting, pipeline, &encoders[i], all->pdata[i], FALSE);
        }
    }
    for (int i = 0; i < painting->count; i++) {
        generators[i] = condition(painting, i);
        pst_pass_init(&layers[i], plan->width, plan->height);
        const PstPaintLayer *layer = &painting->layers[i];

        layers[i].blend = (PstBlend){ .share = pst_blend_share(pst_paint_layer_strength(painting->wanted, layer)),
                                      .keep_colours = pst_paint_layer_keeps_colours(painting->wanted, layer),
                                      .photo = &painting->photo,
                                      .result = &painting->result,
                                      .mask = layer->mask,
                                      .lowest = i == 0,
                                      .band = plan->band };
        if (i == painting->count - 1) {
            layers[i].finished = finish_rows;
            layers[i].finished_data = painting;
        }
        pst_pass_generate(&layers[i], pipeline, generators[i], painting->features[i]);
    }
    gboolean done = pst_pipeline_run(pipeline, error);
    for (guint i = 0; i < all->len; i++) {
        pst_pass_clear(&encoders[i]);
    }
    for (int i = 0; i < painting->count; i++) {
        pst_pass_clear(&layers[i]);
        pst_conditioned_generator_free(generators[i]);
    }
    return done;
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

static gboolean run_passes(Painting *painting, GError **error)
{
    const PstPlan *plan = &painting->plan;
    gboolean done;

    if (!painting->picture) {
        painting->result = (PstFrame){ .width = painting->photo.width,
                                       .height = painting->photo.height,
                                       .held = plan->band };
        painting->result.rgb = pst_floats_new((gsize)3 * plan->band * painting->photo.width);
    }
    done = encode(painting, error) && generate(painting, error);
    if (!painting->picture) {
        pst_floats_free(painting->result.rgb);
    }
    if (done && painting->progress) {
        painting->progress(1, painting->data);
    }
    return done;
}

static double count_work(const Painting *painting)
{
    const GPtrArray *all = painting->painter->features;
    int encodings = painting->plan.keep_features ? 0 : (int)all->len;

    for (guint i = 0; i < all->len; i++) {
        encodings += !((const PstFeatures *)all->pdata[i])->known;
    }
    return (encodings * pst_encoder_work() + painting->count * pst_conditioned_generator_work()) *
           painting->plan.width * painting->plan.height;
}

/* Whether nothing of any layer shows. */
static gboolean is_plain(const Painting *painting)
{
    for (int i = 0; i < painting->count; i++) {
        if (pst_paint_layer_strength(painting->wanted, &painting->layers[i]) > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean paint(Painting *painting, GError **error)
{
    const PstRowSource *source = &painting->painter->source;
    gboolean plain = is_plain(painting);
    gsize bytes = (gsize)source->width * source->height * (source->alpha ? 4 : 3) * sizeof(float);
    gsize pictures = (source->picture ? bytes : 0) + (painting->sink->picture ? bytes : 0);

    if (!plain) {
        choose_features(painting);
        painting->plan = make_plan(painting);
        painting->work = count_work(painting);
    }
    if (!pst_memory_budget_check(source->width, source->height, pictures, painting->plan.memory, error)) {
        return FALSE;
    }
    painting->photo = source->picture ? frame_of(source->picture)
                                      : (PstFrame){ .width = source->width, .height = source->height };
    painting->photo.left = painting->painter->part.left;
    painting->photo.top = painting->painter->part.top;
    if (painting->sink->picture) {
        painting->picture = new_picture(source, error);
        if (!painting->picture) {
            return FALSE;
        }
        painting->result = frame_of(painting->picture);
    }
    return (plain ? pst_rows_copy(source, painting->sink, painting->picture, painting->cancellable, error)
                  : run_passes(painting, error)) &&
           !g_cancellable_set_error_if_cancelled(painting->cancellable, error);
}

/* Whether the shot has samples for all layers. */
static gboolean is_sampled(const Painting *painting)
{
    const PstPainter *painter = painting->painter;
    float content[PST_STYLE_SIZE];

    for (int i = 0; painter->shot && i < painting->count; i++) {
        if (!pst_shot_statistics(painter->shot, painter->part.width, painter->part.height,
                                 pst_grain_for(painting->layers[i].style->statistics), content)) {
            return FALSE;
        }
    }
    return painter->shot != NULL;
}

static gboolean sample(Painting *painting, GError **error)
{
    PstPainter *painter = painting->painter;
    const PstRowSource *source = &painter->source;

    choose_features(painting);
    painting->plan = make_plan(painting);
    painting->photo = source->picture ? frame_of(source->picture)
                                      : (PstFrame){ .width = source->width, .height = source->height };
    if (!encode(painting, error)) {
        return FALSE;
    }
    for (guint i = 0; i < painter->features->len; i++) {
        const PstFeatures *features = painter->features->pdata[i];

        pst_shot_add(painter->shot, source->width, source->height, features->grain, features->content);
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
    Painting painting = { .painter = painter, .wanted = layers, .sink = &none, .cancellable = cancellable };
    gboolean done;

    if (painter->strokes) {
        return pst_large_strokes_sample(painter->strokes, layers, cancellable, error);
    }
    painting.layers = pst_paint_layers_showing(layers, &painting.count);
    done = sample(&painting, error);
    g_ptr_array_set_size(painter->features, 0);
    g_free(painting.layers);
    g_free(painting.features);
    return done;
}

gboolean pst_painter_paint(PstPainter *painter, const PstPaintLayers *layers, const PstRowSink *sink,
                           PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    Painting painting = { .painter = painter,
                          .wanted = layers,
                          .sink = sink,
                          .progress = progress,
                          .data = data,
                          .cancellable = cancellable };
    gboolean done;

    if (painter->strokes) {
        return pst_large_strokes_paint(painter->strokes, layers, sink, progress, data, cancellable, error);
    }
    painting.layers = pst_paint_layers_showing(layers, &painting.count);
    painting.of_shot = is_sampled(&painting);
    done = paint(&painting, error);
    if (done && sink->picture) {
        *sink->picture = painting.picture;
    } else {
        pst_picture_free(painting.picture);
    }
    if (!painter->keep) {
        g_ptr_array_set_size(painter->features, 0);
    }
    g_free(painting.layers);
    g_free(painting.features);
    return done;
}
