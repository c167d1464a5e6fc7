#include "passes.h"

void pst_pass_init(PstPass *pass, int width, int height)
{
    *pass = (PstPass){
        .pooled2 = pst_feature_strip(width, height, 2, 32, FALSE),
        .raised4 = pst_feature_strip(width, height, 3, 64, FALSE),
        .raised3 = pst_feature_strip(width, height, 2, 32, FALSE),
    };
}

void pst_pass_clear(PstPass *pass)
{
    pst_feature_strip_clear(&pass->pooled2);
    pst_feature_strip_clear(&pass->raised4);
    pst_feature_strip_clear(&pass->raised3);
    pst_blend_clear(&pass->blend);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        g_clear_pointer(&pass->statistics[tap], pst_statistics_free);
    }
}

/* A chain of steps while it is written down. */
typedef struct {
    PstStep steps[PST_TILE_STEPS];
    int count;
    double work;
} Chain;

static int add(Chain *chain, PstStep step)
{
    chain->steps[chain->count] = step;
    return chain->count++;
}

static int add_strip(Chain *chain, const PstFeatureStrip *strip)
{
    return add(chain, (PstStep){ .kind = PST_STEP_STRIP,
                                 .level = strip->level,
                                 .channels = strip->channels,
                                 .input = -1,
                                 .plus = -1,
                                 .strip = strip });
}

/* Pixels of the padded picture for one of a level. */
static double area(int level)
{
    return 1.0 / (1 << 2 * level);
}

static int add_convolution(Chain *chain, const PstLayer *layer, const PstConvolution *convolution, int input, int level,
                           PstStep step)
{
    step.kind = PST_STEP_CONVOLUTION;
    step.convolution = convolution;
    step.input = input;
    step.level = level;
    step.channels = layer->out;
    chain->work += 9 * layer->in * layer->out * area(step.pool ? level - 1 : level);
    return add(chain, step);
}

static int add_encoder(Chain *chain, const PstEncoder *encoder, int layer, int input, int level)
{
    const PstLayer *shape = &pst_encoder_layers[layer];

    return add_convolution(chain, shape, encoder ? pst_encoder_layer(encoder, layer) : NULL, input, level,
                           (PstStep){ .plus = -1, .relu = TRUE, .pool = shape->pool });
}

/* What is done with relu<tap>_1. */
static void set_tap(PstPass *pass, Chain *chain, int step, int tap, PstFeatures *keep)
{
    chain->steps[step].keep = keep && tap > 1 ? &keep->taps[tap] : NULL;
    if (pass->statistics[tap]) {
        chain->steps[step].sink = pst_statistics_add;
        chain->steps[step].sink_data = pass->statistics[tap];
    }
}

static gboolean join_fine_statistics(int first, int rows, gpointer data, GError **error)
{
    const PstPass *pass = data;

    pst_statistics_join(pass->statistics[1], first + rows);
    pst_statistics_join(pass->statistics[2], first + rows);
    return TRUE;
}

static gboolean join_deep_statistics(int first, int rows, gpointer data, GError **error)
{
    const PstPass *pass = data;

    pst_statistics_join(pass->statistics[3], first + rows);
    pst_statistics_join(pass->statistics[4], first + rows);
    return TRUE;
}

void pst_pass_encode(PstPass *pass, PstPipeline *pipeline, const PstEncoder *encoder, const PstFrame *photo,
                     const PstGrain *grain, PstFeatures *keep, gboolean gather, int width, int height, int band)
{
    Chain fine = { 0 }, deep = { 0 };

    for (int tap = 1; gather && tap <= PST_STYLE_TAPS; tap++) {
        pass->statistics[tap] = pst_statistics_new(tap, width, height, band);
    }
    int x = add(
        &fine,
        (PstStep){ .kind = PST_STEP_PHOTO, .channels = 3, .input = -1, .plus = -1, .photo = photo, .grain = *grain });
    x = add_encoder(&fine, encoder, 0, x, 0);
    set_tap(pass, &fine, x, 1, keep);
    x = add_encoder(&fine, encoder, 1, x, 1);
    x = add_encoder(&fine, encoder, 2, x, 1);
    set_tap(pass, &fine, x, 2, keep);
    x = add_encoder(&fine, encoder, 3, x, 2);
    fine.steps[x].keep = &pass->pooled2;

    x = add_strip(&deep, &pass->pooled2);
    x = add_encoder(&deep, encoder, 4, x, 2);
    set_tap(pass, &deep, x, 3, keep);
    x = add_encoder(&deep, encoder, 5, x, 2);
    x = add_encoder(&deep, encoder, 6, x, 2);
    x = add_encoder(&deep, encoder, 7, x, 3);
    x = add_encoder(&deep, encoder, 8, x, 3);
    set_tap(pass, &deep, x, 4, keep);

    pst_pipeline_add_stage(pipeline, fine.steps, fine.count, fine.work, NULL, gather ? join_fine_statistics : NULL,
                           pass);
    pst_pipeline_add_stage(pipeline, deep.steps, deep.count, deep.work, NULL, gather ? join_deep_statistics : NULL,
                           pass);
}

/* Whole numbers are compared twice as fast as floats are multiplied. */
static double search_work(int tap)
{
    return PST_SWAP_PATCHES * PST_SWAP_PLACES * pst_tap_channels[tap] * area(tap - 1) / 2;
}

double pst_pass_swap_work(void)
{
    double work = 0;

    for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
        work += search_work(tap);
    }
    return work;
}

static gboolean join_statistics(int first, int rows, gpointer data, GError **error)
{
    pst_statistics_join(data, first + rows);
    return TRUE;
}

void pst_pass_swap(PstPass *pass, PstPipeline *pipeline, PstFeatures *features, gboolean keep, gboolean gather,
                   int width, int height, int band)
{
    for (int tap = PST_STYLE_TAPS; tap >= PST_SWAP_FIRST_TAP; tap--) {
        Chain chain = { 0 };
        PstStep step = { .level = tap - 1, .plus = -1, .swap = features->swaps[tap] };

        step.kind = PST_STEP_SEARCH;
        step.input = add_strip(&chain, &features->taps[tap]);
        step.channels = 1;
        chain.work = search_work(tap);
        int found = add(&chain, step);

        step.kind = PST_STEP_PASTE;
        step.plus = step.input;
        step.input = found;
        step.channels = pst_tap_channels[tap];
        step.keep = keep ? &features->swapped[tap] : NULL;
        if (gather) {
            pass->statistics[tap] = pst_statistics_new(tap, width, height, band);
            step.sink = pst_statistics_add;
            step.sink_data = pass->statistics[tap];
        }
        add(&chain, step);
        pst_pipeline_add_stage(pipeline, chain.steps, chain.count, chain.work, NULL, gather ? join_statistics : NULL,
                               pass->statistics[tap]);
    }
}

void pst_pass_statistics(const PstPass *pass, float content[PST_STYLE_SIZE])
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        float *means = content + pst_style_offset(tap);

        if (pass->statistics[tap]) {
            pst_statistics_get(pass->statistics[tap], PST_EPSILON, means, means + PST_STYLE_CHANNELS);
        }
    }
}

static int add_generator(Chain *chain, const PstConditionedGenerator *generator, int layer, int input, int level,
                         PstStep step)
{
    return add_convolution(chain, &pst_generator_layers[layer],
                           generator ? pst_conditioned_generator_layer(generator, layer) : NULL, input, level, step);
}

static int add_skip(Chain *chain, const PstConditionedGenerator *generator, const PstFeatures *features, int tap)
{
    int x = add_strip(chain, pst_features_tap(features, tap));
    PstStep step = {
        .kind = PST_STEP_POINTWISE, .level = tap - 1, .channels = pst_tap_channels[tap], .input = x, .plus = -1
    };

    if (generator) {
        pst_conditioned_generator_skip(generator, tap, &step.weight, &step.bias);
    }
    chain->work += step.channels * step.channels * area(step.level);
    return add(chain, step);
}

static gboolean begin_blend(int first, int rows, gpointer data, GError **error)
{
    pst_blend_begin(&((PstPass *)data)->blend, first, rows);
    return TRUE;
}

static gboolean finish_blend(int first, int rows, gpointer data, GError **error)
{
    const PstPass *pass = data;

    return !pass->finished || pass->finished(first, rows, pass->finished_data, error);
}

void pst_pass_generate(PstPass *pass, PstPipeline *pipeline, const PstConditionedGenerator *generator,
                       const PstFeatures *features)
{
    const PstStep plain = { .relu = TRUE, .plus = -1 };
    Chain deep = { 0 }, middle = { 0 }, fine = { 0 };

    int x = add_strip(&deep, pst_features_tap(features, PST_STYLE_TAPS));
    int entry = add_generator(&deep, generator, PST_CONV4_1, x, 3, plain);
    x = add_generator(&deep, generator, PST_CONV4_2, entry, 3, plain);
    x = add_generator(&deep, generator, PST_CONV4_3, x, 3, plain);
    x = add_generator(&deep, generator, PST_CONV4_4, x, 3, (PstStep){ .relu = TRUE, .plus = entry });
    deep.steps[x].keep = &pass->raised4;
    pst_pipeline_add_stage(pipeline, deep.steps, deep.count, deep.work, NULL, NULL, NULL);

    int skip = add_skip(&middle, generator, features, 3);
    x = add_strip(&middle, &pass->raised4);
    x = add_generator(&middle, generator, PST_CONV3_1, x, 2, (PstStep){ .relu = TRUE, .upsample = TRUE, .plus = skip });
    x = add_generator(&middle, generator, PST_CONV3_2, x, 2, plain);
    x = add_generator(&middle, generator, PST_CONV3_3, x, 2, plain);
    middle.steps[x].keep = &pass->raised3;
    pst_pipeline_add_stage(pipeline, middle.steps, middle.count, middle.work, NULL, NULL, NULL);

    skip = add_skip(&fine, generator, features, 2);
    x = add_strip(&fine, &pass->raised3);
    x = add_generator(&fine, generator, PST_CONV2_1, x, 1, (PstStep){ .relu = TRUE, .upsample = TRUE, .plus = skip });
    x = add_generator(&fine, generator, PST_CONV2_2, x, 1, plain);
    x = add_generator(&fine, generator, PST_CONV1_1, x, 0, (PstStep){ .relu = TRUE, .upsample = TRUE, .plus = -1 });
    x = add_generator(&fine, generator, PST_CONV1_2, x, 0, (PstStep){ .plus = -1 });
    fine.steps[x].photo = pass->blend.photo;
    fine.steps[x].sink = pst_blend_row;
    fine.steps[x].sink_data = &pass->blend;
    pst_pipeline_add_stage(pipeline, fine.steps, fine.count, fine.work, begin_blend, finish_blend, pass);
}
