#include "minibatch_step.h"

#include "painting_activations.h"

#include "engine/base/memory_guard.h"
#include "engine/kernel/blas.h"
#include "engine/kernel/moments.h"
#include "engine/network/grain.h"

#include <string.h>

static void make_neighbours(PstMinibatchStep *step, const PstStepConfiguration *c)
{
    step->neighbours = g_new(PstNeighbourLoss *, step->capacity);
    for (int i = 0; i < step->capacity; i++) {
        step->neighbours[i] = pst_neighbour_loss_new(step->arena, c->places, c->vectors);
    }
}

static void make_paintings(PstMinibatchStep *step, const PstStepConfiguration *c)
{
    int size = c->painting_size;

    step->painting_activations = pst_painting_activations_new(c->encoder, c->loss_network, c->shallow_loss_network,
                                                              step->arena, size);
    for (int i = 0; i < step->capacity; i++) {
        PstSample *sample = &step->samples[i];

        sample->painting = pst_arena_map(step->arena, size, size, 3);
        sample->own_vectors = c->places > 0 ? pst_style_vectors_new(step->arena, c->vectors) : NULL;
    }
}

static void make_swapped(PstMinibatchStep *step)
{
    step->swapped = g_malloc0_n(step->capacity, sizeof *step->swapped);
    for (int i = 0; i < step->capacity; i++) {
        for (int tap = PST_SWAP_FIRST_TAP; tap <= PST_STYLE_TAPS; tap++) {
            const PstMap *like = &step->encoded[i]->taps[tap];

            step->swapped[i][tap] = pst_arena_map(step->arena, like->height, like->width, like->channels);
        }
    }
}

PstMinibatchStep *pst_minibatch_step_new(const PstStepConfiguration *configuration, int height, int width, int capacity)
{
    PstMinibatchStep *step = g_new0(PstMinibatchStep, 1);
    const PstLossNetwork *encoder = configuration->encoder, *loss_network = configuration->loss_network;
    gboolean same = encoder == loss_network && configuration->grain == 0;
    int last_tap = same ? PST_TAPS : PST_STYLE_TAPS;
    PstArena *arena = step->arena = pst_arena_new();

    step->capacity = capacity;
    step->samples = g_new0(PstSample, capacity);
    step->grained = configuration->grain > 0 ? g_new(PstMap, capacity) : NULL;
    step->encoded = g_new(PstActivations *, capacity);
    step->photo_activations = same ? step->encoded : g_new(PstActivations *, capacity);
    step->activations = g_new(PstActivations *, capacity);
    step->generators = g_new(PstGeneratorGradient *, capacity);
    for (int i = 0; i < capacity; i++) {
        step->samples[i].photo = pst_arena_map(arena, height, width, 3);
        if (step->grained) {
            step->grained[i] = pst_arena_map(arena, height, width, 3);
        }
        step->encoded[i] = pst_activations_new(encoder, arena, height, width, last_tap, FALSE);
        if (!same) {
            step->photo_activations[i] = pst_activations_new(loss_network, arena, height, width, PST_TAPS, FALSE);
        }
        step->activations[i] = pst_activations_new(loss_network, arena, height, width, PST_TAPS, TRUE);
        step->generators[i] = pst_generator_gradient_new(configuration->weights, arena, height, width);
    }
    if (configuration->shallow_loss_network) {
        step->shallow_activations = pst_activations_new_of_moments(configuration->shallow_loss_network, arena, height,
                                                                   width);
    }
    step->losses = pst_losses_new(arena, height, width);
    if (configuration->places > 0) {
        make_neighbours(step, configuration);
    }
    if (configuration->painting_size > 0) {
        make_paintings(step, configuration);
    }
    if (configuration->swap > 0) {
        make_swapped(step);
    }
    return step;
}

void pst_minibatch_step_free(PstMinibatchStep *step)
{
    gboolean same;

    if (!step) {
        return;
    }
    same = step->photo_activations == step->encoded;
    for (int i = 0; i < step->capacity; i++) {
        if (!same) {
            pst_activations_free(step->photo_activations[i]);
        }
        pst_activations_free(step->encoded[i]);
        pst_activations_free(step->activations[i]);
        pst_generator_gradient_free(step->generators[i]);
    }
    if (!same) {
        g_free(step->photo_activations);
    }
    pst_activations_free(step->shallow_activations);
    pst_painting_activations_free(step->painting_activations);
    g_free(step->neighbours);
    g_free(step->swapped);
    g_free(step->grained);
    g_free(step->encoded);
    g_free(step->activations);
    g_free(step->generators);
    g_free(step->samples);
    pst_arena_free(step->arena);
    g_free(step);
}

static const PstMap *add_grain(const PstSample *sample, float deviation, PstMap *grained)
{
    g_autoptr(PstFlow) flow = pst_flow_new(grained->width, grained->height);
    const PstGrain grain = { deviation, flow, sample->grain_row, sample->grain_column };

    memcpy(grained->data, sample->photo.data, pst_map_size(grained) * sizeof(float));
    for (int y = 0; y < grained->height; y++) {
        pst_flow_add(flow, pst_map_at(grained, y, 0));
    }
    for (int y = 0; y < grained->height; y++) {
        pst_grain_row(&grain, y, 0, grained->width, pst_map_at(grained, y, 0));
    }
    return grained;
}

/* ---- forward -------------------------------------------------------------------------------- */

static void encode(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    for (int i = 0; i < count; i++) {
        PstSample *sample = &step->samples[i];

        step->photo_activations[i]->rgb = &sample->photo;
        step->encoded[i]->rgb = step->grained ? add_grain(sample, c->grain, &step->grained[i]) : &sample->photo;
    }
    pst_loss_network_forward_many(c->encoder, step->encoded, count);
    if (step->photo_activations != step->encoded) {
        pst_loss_network_forward_many(c->loss_network, step->photo_activations, count);
    }
}

/* The photograph's own style and targets. */
static void measure_own(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];

    pst_taps_statistics(step->encoded[i]->taps, sample->own_style);
    pst_loss_network_style(c->loss_network, step->losses, step->photo_activations[i]->taps, sample->own_target);
    if (c->shallow_loss_network) {
        pst_loss_network_forward(c->shallow_loss_network, &sample->photo, step->shallow_activations);
        pst_shallow_loss_network_style(step->shallow_activations->taps, sample->own_shallow_target);
    }
}

/* The same of the painting that stands for the style. */
static void measure_painting(PstMinibatchStep *step, int i)
{
    PstSample *sample = &step->samples[i];

    pst_painting_activations_run(step->painting_activations, &sample->painting, sample->own_style, sample->own_target,
                                 sample->own_shallow_target);
    if (sample->own_vectors) {
        pst_painting_activations_vectors(step->painting_activations, &sample->random, sample->own_vectors);
    }
    sample->style = sample->own_style;
    sample->target = sample->own_target;
    sample->shallow_target = sample->own_shallow_target;
    sample->vectors = sample->own_vectors;
}

/* The patches of the painting that was measured last. */
static PstSwapPatches *draw_patches(PstMinibatchStep *step, PstSample *sample)
{
    const PstMap *taps = pst_painting_activations_taps(step->painting_activations);
    PstSwapPatches *patches = g_new0(PstSwapPatches, 1);

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        const PstMap *tap = &taps[PST_SWAP_FIRST_TAP + i];
        const float *style = sample->own_style + pst_style_offset(PST_SWAP_FIRST_TAP + i);

        patches->values[i] = pst_floats_new((gsize)PST_SWAP_PATCHES * PST_SWAP_PLACES * tap->channels);
        patches->count[i] = pst_swap_patches_take(tap, style, style + PST_STYLE_CHANNELS, PST_SWAP_PATCHES,
                                                  &sample->random, patches->values[i]);
    }
    return patches;
}

/* The photograph's taps with patches in them. */
static const PstMap *swap_patches(PstMinibatchStep *step, int i, const PstSwapPatches *patches)
{
    const PstMap *taps = step->encoded[i]->taps;
    PstMap *swapped = step->swapped[i];

    for (int tap = 1; tap < PST_SWAP_FIRST_TAP; tap++) {
        swapped[tap] = taps[tap];
    }
    for (int k = 0; k < PST_SWAP_TAPS; k++) {
        int tap = PST_SWAP_FIRST_TAP + k;
        float mean[PST_SWAP_WIDEST], deviation[PST_SWAP_WIDEST];
        g_autoptr(PstPatchSwap) swap = NULL;

        pst_map_moments(&taps[tap], PST_EPSILON, mean, deviation);
        swap = pst_patch_swap_new(patches->values[k], patches->count[k], pst_tap_channels[tap], mean, deviation,
                                  pst_swap_share[tap]);
        pst_patch_swap_map(swap, &taps[tap], &swapped[tap]);
    }
    return swapped;
}

/* What the generator is to paint from. */
static const PstMap *choose_taps(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];
    gboolean brings = sample->patches || sample->of_painting;
    g_autoptr(PstSwapPatches) drawn = NULL;

    if (c->swap <= 0 || !brings || pst_random_unit(&sample->random) >= c->swap) {
        return step->encoded[i]->taps;
    }
    drawn = sample->patches ? NULL : draw_patches(step, sample);
    return swap_patches(step, i, drawn ? drawn : sample->patches);
}

static void paint(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    for (int i = 0; i < count; i++) {
        PstSample *sample = &step->samples[i];

        if (sample->of_painting) {
            measure_painting(step, i);
        } else if (!sample->style) {
            measure_own(step, c, i);
        }
        pst_generator_gradient_set(step->generators[i], choose_taps(step, c, i),
                                   sample->style ? sample->style : sample->own_style, sample->detail);
    }
    pst_generator_gradient_forward(step->generators, count);
    for (int i = 0; i < count; i++) {
        step->activations[i]->rgb = pst_generator_gradient_rgb(step->generators[i]);
    }
}

/* Terms of the loss network's taps; their gradients go to these. */
static void compare_taps(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];
    PstMap *taps = step->activations[i]->taps, *photo_taps = step->photo_activations[i]->taps;
    PstMap *d = step->activations[i]->dtaps;
    const float *target = sample->style ? sample->target : sample->own_target;
    const double *weight = c->loss;
    double *terms = sample->terms;
    guint skipped = 0;

    if (c->shallow_loss_network && !c->all_depths) {
        skipped = pst_shallow_loss_network_taps(c->shallow_loss_network);
    }
    terms[PST_LOSS_STYLE] = pst_loss_style(c->loss_network, step->losses, taps, skipped, target, weight[PST_LOSS_STYLE],
                                           d);
    terms[PST_LOSS_CONTENT] = pst_loss_content(c->loss_network, step->losses, taps, photo_taps,
                                               weight[PST_LOSS_CONTENT], d);
    terms[PST_LOSS_STRUCTURE4] = pst_loss_structure(&taps[4], &photo_taps[4], NULL, weight[PST_LOSS_STRUCTURE4], &d[4]);
    terms[PST_LOSS_STRUCTURE3] = pst_loss_structure(&taps[3], &photo_taps[3], NULL, weight[PST_LOSS_STRUCTURE3], &d[3]);
    terms[PST_LOSS_STRUCTURE2] = pst_loss_structure(&taps[2], &photo_taps[2], NULL, weight[PST_LOSS_STRUCTURE2], &d[2]);
}

/* Terms of places of the loss network's layers; their gradients go to these. */
static void compare_places(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];
    PstActivations *activations = step->activations[i];
    const double weights[2] = { c->loss[PST_LOSS_NEIGHBOURS], c->loss[PST_LOSS_COVERAGE] };
    double terms[2] = { 0 };

    memset(activations->sparse, 0, sizeof activations->sparse);
    if (step->neighbours && sample->vectors) {
        pst_neighbour_loss(step->neighbours[i], sample->vectors, &sample->random, weights, activations, terms);
    }
    sample->terms[PST_LOSS_NEIGHBOURS] = terms[0];
    sample->terms[PST_LOSS_COVERAGE] = terms[1];
}

static void compare_features(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    pst_loss_network_forward_many(c->loss_network, step->activations, count);
    for (int i = 0; i < count; i++) {
        compare_taps(step, c, i);
        compare_places(step, c, i);
    }
}

/* ---- backward ------------------------------------------------------------------------------- */

static void backward_features(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    if (!c->terms_only) {
        pst_loss_network_backward(c->loss_network, step->activations, count);
    }
}

/* The style of shallow depths; its gradient is added to the loss network's. */
static void compare_shallow(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];
    PstActivations *shallow = step->shallow_activations;
    PstMap *drgb = &step->activations[i]->drgb;
    const float *target = sample->style ? sample->shallow_target : sample->own_shallow_target;

    pst_loss_network_forward(c->shallow_loss_network, step->activations[i]->rgb, shallow);
    sample->terms[PST_LOSS_STYLE] += pst_shallow_loss_network_loss(shallow, target, c->loss[PST_LOSS_STYLE]);
    if (c->terms_only) {
        return;
    }
    pst_loss_network_backward(c->shallow_loss_network, &shallow, 1);
    cblas_saxpy((int)pst_map_size(drgb), 1, shallow->drgb.data, 1, drgb->data, 1);
}

/* Terms of the painting itself; their gradients are added to the networks'. */
static void compare_pixels(PstMinibatchStep *step, const PstStepConfiguration *c, int i)
{
    PstSample *sample = &step->samples[i];
    const PstMap *rgb = step->activations[i]->rgb, *photo = &sample->photo;
    PstMap *d = &step->activations[i]->drgb;
    const double *weight = c->loss;
    double *terms = sample->terms;

    terms[PST_LOSS_LIGHT] = pst_loss_light(step->losses, rgb, photo, weight[PST_LOSS_LIGHT], d);
    terms[PST_LOSS_CALM] = pst_loss_calm(rgb, photo, weight[PST_LOSS_CALM], d);
    terms[PST_LOSS_GRID] = pst_loss_grid(rgb, weight[PST_LOSS_GRID], d);
    terms[PST_LOSS_RANGE] = pst_loss_range(rgb, weight[PST_LOSS_RANGE], d);
    terms[PST_LOSS_IDENTITY_PIXELS] = sample->style ? 0
                                                    : pst_loss_pixels(rgb, photo, weight[PST_LOSS_IDENTITY_PIXELS], d);
}

static void compare_paintings(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    for (int i = 0; i < count; i++) {
        if (c->shallow_loss_network) {
            compare_shallow(step, c, i);
        }
        compare_pixels(step, c, i);
    }
}

static void backward_generators(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    const PstMap **drgb = g_newa(const PstMap *, count);
    float **dparameters = g_newa(float *, count);

    for (int i = 0; i < count; i++) {
        drgb[i] = &step->activations[i]->drgb;
        dparameters[i] = step->samples[i].dparameters;
    }
    if (!c->terms_only) {
        pst_generator_gradient_backward(step->generators, drgb, dparameters, count);
    }
}

void pst_minibatch_step_run(PstMinibatchStep *step, const PstStepConfiguration *c, int count)
{
    /* A step on large pictures takes longer than somebody who cancelled wants to wait; no part of it does. */
    static void (*const parts[])(PstMinibatchStep *, const PstStepConfiguration *, int) = {
        encode, paint, compare_features, backward_features, compare_paintings, backward_generators,
    };

    if (pst_memory_guard_is_short()) {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(parts) && !g_cancellable_is_cancelled(c->cancellable); i++) {
        parts[i](step, c, count);
    }
}
