#include "loss_network.h"

#include "engine/base/memory_guard.h"
#include "engine/kernel/blas.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pooling.h"
#include "engine/network/safetensors.h"

#include <string.h>

#define FIRST_DEEP 8 /* conv4_1 */

static int last_layer(const PstLossNetwork *loss_network, int tap)
{
    int layer = 0;

    while (loss_network->table[layer].tap != tap) {
        layer++;
    }
    return layer;
}

static float *copy(const float *values, gsize n)
{
    float *floats = pst_floats_new(n);

    memcpy(floats, values, n * sizeof *floats);
    return floats;
}

static gboolean read_layer(PstLossNetwork *loss_network, int layer, const PstTensors *tensors, GError **error)
{
    const PstLayer *l = &loss_network->table[layer];
    g_autofree char *weight_name = g_strconcat(l->name, ".weight", NULL);
    g_autofree char *bias_name = g_strconcat(l->name, ".bias", NULL);
    const float *weight = pst_tensors_get(tensors, weight_name, (int[]){ l->out, l->in, 3, 3 }, 4, error);
    const float *bias = weight ? pst_tensors_get(tensors, bias_name, (int[]){ l->out }, 1, error) : NULL;

    if (!bias) {
        return FALSE;
    }
    loss_network->layers[layer] = pst_convolution_new(l->in, l->out);
    pst_convolution_set_with_gradient(loss_network->layers[layer], weight, bias);
    return TRUE;
}

static gboolean read_map(PstLossNetwork *loss_network, int layer, const PstTensors *tensors, GError **error)
{
    const PstLayer *l = &loss_network->table[layer];
    int out = pst_teacher_channels[l->tap], in = l->out, tap = l->tap;
    g_autofree char *weight_name = g_strconcat(l->name, "_up.weight", NULL);
    g_autofree char *bias_name = g_strconcat(l->name, "_up.bias", NULL);
    const float *weight = pst_tensors_get(tensors, weight_name, (int[]){ out, in, 1, 1 }, 4, error);
    const float *bias = weight ? pst_tensors_get(tensors, bias_name, &out, 1, error) : NULL;

    if (!bias) {
        return FALSE;
    }
    loss_network->map[tap] = copy(weight, (gsize)out * in);
    loss_network->map_transposed[tap] = pst_floats_new((gsize)out * in);
    for (int i = 0; i < out * in; i++) {
        loss_network->map_transposed[tap][i % in * out + i / in] = weight[i];
    }
    loss_network->offset[tap] = copy(bias, out);
    loss_network->gram[tap] = pst_floats_new((gsize)in * in);
    pst_blas_gemm(CblasTrans, CblasNoTrans, in, in, out, 1, weight, in, weight, in, 0, loss_network->gram[tap], in);
    return TRUE;
}

static PstLossNetwork *read_network(const PstLayer *table, int count, gboolean maps, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstLossNetwork) loss_network = g_new0(PstLossNetwork, 1);

    pst_blas_prepare();
    loss_network->table = table;
    loss_network->count = count;
    for (int i = 0; tensors && i < count; i++) {
        if (!read_layer(loss_network, i, tensors, error) ||
            (maps && table[i].tap && !read_map(loss_network, i, tensors, error))) {
            return NULL;
        }
    }
    return tensors ? g_steal_pointer(&loss_network) : NULL;
}

PstLossNetwork *pst_loss_network_read(const char *path, GError **error)
{
    return read_network(pst_encoder_layers, PST_ENCODER_LAYERS, TRUE, path, error);
}

PstLossNetwork *pst_loss_network_read_layers(const PstLayer *table, int count, const char *path, GError **error)
{
    return read_network(table, count, FALSE, path, error);
}

PstLossNetwork *pst_loss_network_new_layers(const PstLayer *table, int count)
{
    PstLossNetwork *loss_network = g_new0(PstLossNetwork, 1);

    pst_blas_prepare();
    loss_network->table = table;
    loss_network->count = count;
    for (int i = 0; i < count; i++) {
        loss_network->layers[i] = pst_convolution_new(table[i].in, table[i].out);
    }
    return loss_network;
}

static gsize weights_of(const PstLayer *l)
{
    return (gsize)9 * l->in * l->out;
}

gsize pst_loss_network_offset(const PstLossNetwork *loss_network, int layer)
{
    gsize offset = 0;

    for (int i = 0; i < layer; i++) {
        const PstLayer *l = &loss_network->table[i];

        offset += (weights_of(l) + l->out + 15) & ~(gsize)15;
    }
    return offset;
}

void pst_loss_network_set(PstLossNetwork *loss_network, const float *row)
{
    for (int i = 0; i < loss_network->count; i++) {
        const float *weight = row + pst_loss_network_offset(loss_network, i);
        const float *bias = weight + weights_of(&loss_network->table[i]);

        pst_convolution_set_with_gradient(loss_network->layers[i], weight, bias);
    }
}

void pst_loss_network_free(PstLossNetwork *loss_network)
{
    if (!loss_network) {
        return;
    }
    for (int i = 0; i < loss_network->count; i++) {
        pst_convolution_free(loss_network->layers[i]);
    }
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        pst_floats_free(loss_network->map[tap]);
        pst_floats_free(loss_network->map_transposed[tap]);
        pst_floats_free(loss_network->offset[tap]);
        pst_floats_free(loss_network->gram[tap]);
    }
    g_free(loss_network);
}

/* Without memory for gradients with respect to taps. */
static PstActivations *activations_new(const PstLossNetwork *loss_network, PstArena *arena, int height, int width,
                                       int last_tap, gboolean all_layers, gboolean gradient)
{
    PstActivations *activations = g_new0(PstActivations, 1);
    gsize scratch = 0;
    int h = height, w = width;

    activations->last_tap = last_tap;
    activations->gradient = gradient;
    for (int i = 0; i < loss_network->count; i++) {
        const PstLayer *l = &loss_network->table[i];

        scratch = MAX(scratch, pst_convolution_scratch(loss_network->layers[i], w));
        activations->layers[i] = all_layers || l->tap ? pst_arena_map(arena, h, w, l->out)
                                                      : (PstMap){ NULL, h, w, l->out };
        if (l->tap) {
            activations->taps[l->tap] = activations->layers[i];
        }
        if (l->tap == last_tap) {
            break;
        }
        if (l->pool) {
            h /= 2;
            w /= 2;
            activations->pooled[i] = pst_arena_map(arena, h, w, l->out);
        }
    }
    /* the first layers' maps are the largest */
    for (int i = 0; i < 2; i++) {
        activations->spare[i] = pst_arena_map(arena, height, width, loss_network->table[0].out);
    }
    if (gradient) {
        activations->drgb = pst_arena_map(arena, height, width, 3);
    }
    activations->scratch = pst_arena_floats(arena, scratch);
    return activations;
}

PstActivations *pst_activations_new(const PstLossNetwork *loss_network, PstArena *arena, int height, int width,
                                    int last_tap, gboolean gradient)
{
    PstActivations *activations = activations_new(loss_network, arena, height, width, last_tap, gradient, gradient);

    for (int tap = 1; gradient && tap <= last_tap; tap++) {
        const PstMap *f = &activations->taps[tap];

        activations->dtaps[tap] = pst_arena_map(arena, f->height, f->width, f->channels);
    }
    return activations;
}

PstActivations *pst_activations_new_of_layers(const PstLossNetwork *loss_network, PstArena *arena, int height,
                                              int width)
{
    int last_tap = loss_network->table[loss_network->count - 1].tap;

    return activations_new(loss_network, arena, height, width, last_tap, TRUE, FALSE);
}

PstActivations *pst_activations_new_of_moments(const PstLossNetwork *loss_network, PstArena *arena, int height,
                                               int width)
{
    int last_tap = loss_network->table[loss_network->count - 1].tap;
    PstActivations *activations = activations_new(loss_network, arena, height, width, last_tap, TRUE, TRUE);
    gsize floats = (PST_TAPS + 1) * sizeof *activations->moments / sizeof(float);

    activations->moments = (PstTapMoments *)pst_arena_floats(arena, floats);
    return activations;
}

void pst_activations_free(PstActivations *activations)
{
    g_free(activations);
}

/* A map of the shape of `like` in the given floats. */
static PstMap shaped(const PstMap *like, float *data)
{
    return (PstMap){ data, like->height, like->width, like->channels };
}

/* The input of a layer. */
static PstMap input(const PstLossNetwork *loss_network, const PstActivations *activations, int layer)
{
    PstMap x;

    if (layer == 0) {
        return *activations->rgb;
    }
    x = loss_network->table[layer - 1].pool ? activations->pooled[layer - 1] : activations->layers[layer - 1];
    return x.data ? x : shaped(&x, activations->spare[(layer - 1) % 2].data);
}

static void forward_layer(const PstLossNetwork *loss_network, PstActivations *activations, int layer)
{
    const PstLayer *l = &loss_network->table[layer];
    PstMap x = input(loss_network, activations, layer), y = activations->layers[layer];
    gboolean pool = l->pool && l->tap != activations->last_tap;
    PstFusion fusion = { .relu = TRUE, .pooled = pool ? &activations->pooled[layer] : NULL };
    gboolean unkept = !y.data;

    if (g_cancellable_is_cancelled(activations->cancellable)) {
        return;
    }
    if (unkept) {
        y.data = activations->spare[layer % 2].data;
    }
    pst_convolution_forward(loss_network->layers[layer], &x, unkept && pool ? NULL : &y, 0, y.height, &fusion,
                            activations->scratch);
}

/* Weights of the first layers fit a near cache, their maps do not: picture by picture. With the
 * last layers it is the other way round: layer by layer, so that their weights are fetched once for
 * all. */
void pst_loss_network_forward_many(const PstLossNetwork *loss_network, PstActivations *const *activations, int count)
{
    int last = last_layer(loss_network, activations[0]->last_tap);

    if (pst_memory_guard_is_short()) {
        return;
    }
    for (int i = 0; i < count; i++) {
        for (int layer = 0; layer < MIN(FIRST_DEEP, last + 1); layer++) {
            forward_layer(loss_network, activations[i], layer);
        }
    }
    for (int layer = FIRST_DEEP; layer <= last; layer++) {
        for (int i = 0; i < count; i++) {
            forward_layer(loss_network, activations[i], layer);
        }
    }
}

void pst_loss_network_forward(const PstLossNetwork *loss_network, const PstMap *rgb, PstActivations *activations)
{
    activations->rgb = rgb;
    pst_loss_network_forward_many(loss_network, &activations, 1);
}

/* Adds the gradient with respect to a tap. */
static void add_tap(const PstActivations *activations, int tap, PstMap *sum)
{
    if (activations->moments) {
        const PstTapMoments *m = &activations->moments[tap];

        pst_map_moments_gradient(&activations->taps[tap], m->mean, m->deviation, m->dmean, m->ddeviation, sum);
    } else {
        const PstMap *d = &activations->dtaps[tap];

        cblas_saxpy((int)pst_map_size(d), 1, d->data, 1, sum->data, 1);
    }
}

/* Adds the gradient with respect to places of a layer. */
static void add_places(const PstSparseGradient *sparse, PstMap *sum)
{
    int channels = sum->channels;

    for (int i = 0; i < sparse->count; i++) {
        float *to = sum->data + (gsize)sparse->place[i] * channels;
        const float *from = sparse->gradient + (gsize)i * channels;

        for (int c = 0; c < channels; c++) {
            to[c] += from[c];
        }
    }
}

/* The gradient with respect to a layer's weights, where it is wanted. */
static void add_weights(const PstLossNetwork *loss_network, PstActivations *activations, int layer)
{
    PstMap x = input(loss_network, activations, layer);
    float *dweight = activations->dparameters;

    if (dweight) {
        dweight += pst_loss_network_offset(loss_network, layer);
        pst_convolution_backward_weights(loss_network->layers[layer], &x, &activations->dy, &activations->layers[layer],
                                         dweight, dweight + weights_of(&loss_network->table[layer]),
                                         activations->scratch);
    }
}

/* From the gradient with respect to a layer's output, activations->dy, to that of the layer below. */
static void backward_layer(const PstLossNetwork *loss_network, PstActivations *activations, int layer)
{
    const PstLayer *below = &loss_network->table[layer - 1];
    PstMap *output = &activations->layers[layer - 1], *pooled = &activations->pooled[layer - 1];
    PstMap dx = shaped(below->pool ? pooled : output, activations->spare[activations->free_spare].data);

    add_weights(loss_network, activations, layer);
    pst_convolution_backward_input(loss_network->layers[layer], &activations->dy, &activations->layers[layer], &dx,
                                   activations->scratch);
    activations->free_spare ^= 1;
    if (below->pool) {
        PstMap whole = shaped(output, activations->spare[activations->free_spare].data);

        pst_max_pool_gradient(output, pooled, &dx, &whole);
        activations->free_spare ^= 1;
        dx = whole;
    }
    if (below->tap) {
        add_tap(activations, below->tap, &dx);
    }
    add_places(&activations->sparse[layer - 1], &dx);
    activations->dy = dx;
}

/* Where the way back begins. */
static void begin_backward(PstActivations *activations)
{
    int tap = activations->last_tap;

    activations->free_spare = 0;
    if (!activations->moments) {
        activations->dy = activations->dtaps[tap];
        return;
    }
    activations->dy = shaped(&activations->taps[tap], activations->spare[1].data);
    memset(activations->dy.data, 0, pst_map_size(&activations->dy) * sizeof(float));
    add_tap(activations, tap, &activations->dy);
}

void pst_loss_network_backward(const PstLossNetwork *loss_network, PstActivations *const *activations, int count)
{
    int last = last_layer(loss_network, activations[0]->last_tap);

    if (pst_memory_guard_is_short()) {
        return;
    }
    for (int i = 0; i < count; i++) {
        begin_backward(activations[i]);
    }
    for (int layer = last; layer >= FIRST_DEEP; layer--) {
        for (int i = 0; i < count; i++) {
            backward_layer(loss_network, activations[i], layer);
        }
    }
    for (int i = 0; i < count; i++) {
        for (int layer = MIN(FIRST_DEEP - 1, last); layer > 0; layer--) {
            backward_layer(loss_network, activations[i], layer);
        }
        add_weights(loss_network, activations[i], 0);
        pst_convolution_backward_input(loss_network->layers[0], &activations[i]->dy, &activations[i]->layers[0],
                                       &activations[i]->drgb, activations[i]->scratch);
    }
}

void pst_taps_statistics(const PstMap *taps, float *style)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        float *mean = style + pst_style_offset(tap);

        pst_map_moments(&taps[tap], PST_EPSILON, mean, mean + PST_STYLE_CHANNELS);
    }
}
