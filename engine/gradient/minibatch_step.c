#include "minibatch_step.h"

#include "engine/kernel/blas.h"
#include "engine/network/grain.h"

#include <string.h>

PstMinibatchStep *pst_minibatch_step_new(const PstStepConfiguration *configuration, int height, int width, int capacity)
{
    PstMinibatchStep *l = g_new0(PstMinibatchStep, 1);
    gboolean same = configuration->encoder == configuration->loss_network && configuration->grain == 0;
    int last_tap = same ? PST_TAPS : PST_STYLE_TAPS;

    l->arena = pst_arena_new();
    l->capacity = capacity;
    l->samples = g_new0(PstSample, capacity);
    l->grained = configuration->grain > 0 ? g_new(PstMap, capacity) : NULL;
    l->encoded = g_new(PstActivations *, capacity);
    l->photo_seen = same ? l->encoded : g_new(PstActivations *, capacity);
    l->seen = g_new(PstActivations *, capacity);
    l->generators = g_new(PstGeneratorGradient *, capacity);
    for (int i = 0; i < capacity; i++) {
        l->samples[i].photo = pst_arena_map(l->arena, height, width, 3);
        if (l->grained) {
            l->grained[i] = pst_arena_map(l->arena, height, width, 3);
        }
        l->encoded[i] = pst_activations_new(configuration->encoder, l->arena, height, width, last_tap, FALSE);
        if (!same) {
            l->photo_seen[i] = pst_activations_new(configuration->loss_network, l->arena, height, width, PST_TAPS,
                                             FALSE);
        }
        l->seen[i] = pst_activations_new(configuration->loss_network, l->arena, height, width, PST_TAPS, TRUE);
        l->generators[i] = pst_generator_gradient_new(configuration->weights, l->arena, height, width);
    }
    if (configuration->shallow) {
        l->examined = pst_activations_new_of_moments(configuration->shallow, l->arena, height, width);
    }
    l->losses = pst_losses_new(l->arena, height, width);
    return l;
}

void pst_minibatch_step_free(PstMinibatchStep *l)
{
    if (!l) {
        return;
    }
    for (int i = 0; i < l->capacity; i++) {
        if (l->photo_seen != l->encoded) {
            pst_activations_free(l->photo_seen[i]);
        }
        pst_activations_free(l->encoded[i]);
        pst_activations_free(l->seen[i]);
        pst_generator_gradient_free(l->generators[i]);
    }
    if (l->photo_seen != l->encoded) {
        g_free(l->photo_seen);
    }
    pst_activations_free(l->examined);
    g_free(l->grained);
    g_free(l->encoded);
    g_free(l->seen);
    g_free(l->generators);
    g_free(l->samples);
    pst_arena_free(l->arena);
    g_free(l);
}

static const PstMap *add_grain(const PstSample *e, float deviation, PstMap *grained)
{
    g_autoptr(PstFlow) flow = pst_flow_new(grained->width, grained->height);
    const PstGrain grain = { deviation, flow, e->grain_row, e->grain_column };

    memcpy(grained->data, e->photo.data, pst_map_size(grained) * sizeof(float));
    for (int y = 0; y < grained->height; y++) {
        pst_flow_add(flow, pst_map_at(grained, y, 0));
    }
    for (int y = 0; y < grained->height; y++) {
        pst_grain_row(&grain, y, 0, grained->width, pst_map_at(grained, y, 0));
    }
    return grained;
}

static void look(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    for (int i = 0; i < count; i++) {
        l->photo_seen[i]->rgb = &l->samples[i].photo;
        l->encoded[i]->rgb = l->grained ? add_grain(&l->samples[i], s->grain, &l->grained[i]) : &l->samples[i].photo;
    }
    pst_loss_network_forward_many(s->encoder, l->encoded, count);
    if (l->photo_seen != l->encoded) {
        pst_loss_network_forward_many(s->loss_network, l->photo_seen, count);
    }
}

static void paint(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    for (int i = 0; i < count; i++) {
        PstSample *e = &l->samples[i];

        if (!e->style) {
            pst_taps_statistics(l->encoded[i]->taps, e->own_style);
            pst_loss_network_style(s->loss_network, l->losses, l->photo_seen[i]->taps, e->own_target);
            if (s->shallow) {
                pst_loss_network_forward(s->shallow, &e->photo, l->examined);
                pst_shallow_loss_network_style(l->examined->taps, e->own_exact);
            }
        }
        pst_generator_gradient_set(l->generators[i], l->encoded[i]->taps,
                                   e->style ? e->style : e->own_style, e->detail);
    }
    pst_generator_gradient_forward(l->generators, count);
    for (int i = 0; i < count; i++) {
        l->seen[i]->rgb = pst_generator_gradient_rgb(l->generators[i]);
    }
}

/* The terms that the loss network sees; their gradients go to its taps. */
static void compare_taps(PstMinibatchStep *l, const PstStepConfiguration *s, int i)
{
    PstSample *e = &l->samples[i];
    PstMap *taps = l->seen[i]->taps, *photo_taps = l->photo_seen[i]->taps, *d = l->seen[i]->dtaps;
    const double *weight = s->loss;
    const float *target = e->style ? e->target : e->own_target;
    guint told = s->shallow && !s->second_opinion ? pst_shallow_loss_network_taps(s->shallow) : 0;

    e->terms[PST_LOSS_STYLE] = pst_loss_style(s->loss_network, l->losses, taps, told, target, e->aim ? e->aim->target : target,
                                              weight[PST_LOSS_STYLE], d);
    memcpy(e->appearance.target, pst_losses_style(l->losses), sizeof e->appearance.target);
    e->terms[PST_LOSS_CONTENT] = pst_loss_content(s->loss_network, l->losses, taps, photo_taps,
                                                  weight[PST_LOSS_CONTENT], d);
    e->terms[PST_LOSS_STRUCTURE3] = pst_loss_structure(&taps[3], &photo_taps[3],
                                                       weight[PST_LOSS_STRUCTURE3], &d[3]);
    e->terms[PST_LOSS_STRUCTURE2] = pst_loss_structure(&taps[2], &photo_taps[2],
                                                       weight[PST_LOSS_STRUCTURE2], &d[2]);
}

/* The style of shallow depths; its gradient is added to what came from the loss network. */
static void examine(PstMinibatchStep *l, const PstStepConfiguration *s, int i)
{
    PstSample *e = &l->samples[i];
    PstActivations *seen = l->seen[i], *examined = l->examined;
    const float *exact = e->style ? e->exact : e->own_exact;

    pst_loss_network_forward(s->shallow, seen->rgb, examined);
    e->terms[PST_LOSS_STYLE] += pst_shallow_loss_network_loss(examined, exact, e->aim ? e->aim->exact : exact, s->loss[PST_LOSS_STYLE]);
    pst_shallow_loss_network_seen(examined, e->appearance.exact);
    if (s->terms_only) {
        return;
    }
    pst_loss_network_backward(s->shallow, &examined, 1);
    cblas_saxpy((int)pst_map_size(&seen->drgb), 1, examined->drgb.data, 1, seen->drgb.data, 1);
}

/* The terms that the picture itself shows; their gradients are added to what came from the loss network.
 */
static void compare_pictures(PstMinibatchStep *l, const PstStepConfiguration *s, int i)
{
    PstSample *e = &l->samples[i];
    const PstMap *rgb = l->seen[i]->rgb;
    PstMap *d = &l->seen[i]->drgb;
    const double *weight = s->loss;

    e->terms[PST_LOSS_LIGHT] = pst_loss_light(l->losses, rgb, &e->photo, weight[PST_LOSS_LIGHT], d);
    e->terms[PST_LOSS_CALM] = pst_loss_calm(rgb, &e->photo, weight[PST_LOSS_CALM], d);
    e->terms[PST_LOSS_GRID] = pst_loss_grid(rgb, weight[PST_LOSS_GRID], d);
    e->terms[PST_LOSS_RANGE] = pst_loss_range(rgb, weight[PST_LOSS_RANGE], d);
    e->terms[PST_LOSS_IDENTITY_PIXELS] =
        e->style ? 0 : pst_loss_pixels(rgb, &e->photo, weight[PST_LOSS_IDENTITY_PIXELS], d);
}

static void loss_network(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    pst_loss_network_forward_many(s->loss_network, l->seen, count);
    for (int i = 0; i < count; i++) {
        compare_taps(l, s, i);
        if (s->term) {
            s->term(l, i, s->term_data);
        }
    }
}

static void judge_back(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    if (!s->terms_only) {
        pst_loss_network_backward(s->loss_network, l->seen, count);
    }
}

static void examine_all(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    for (int i = 0; i < count; i++) {
        if (s->shallow) {
            examine(l, s, i);
        }
        compare_pictures(l, s, i);
    }
}

static void paint_back(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    const PstMap **drgb = g_newa(const PstMap *, count);
    float **dparameters = g_newa(float *, count);

    for (int i = 0; i < count; i++) {
        drgb[i] = &l->seen[i]->drgb;
        dparameters[i] = l->samples[i].dparameters;
    }
    if (!s->terms_only) {
        pst_generator_gradient_backward(l->generators, drgb, dparameters, count);
    }
}

void pst_minibatch_step_give(PstMinibatchStep *l, const PstStepConfiguration *s, int count)
{
    /* A large picture's minibatch step takes longer than somebody who cancelled wants to wait, any of its parts doesn't. */
    static void (*const parts[])(PstMinibatchStep *, const PstStepConfiguration *, int) = { look, paint, loss_network, judge_back, examine_all,
                                                                           paint_back };

    for (gsize i = 0; i < G_N_ELEMENTS(parts) && !g_cancellable_is_cancelled(s->cancellable); i++) {
        parts[i](l, s, count);
    }
}
