#include "judge.h"

#include "engine/kernel/blas.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pooling.h"
#include "engine/network/safetensors.h"

#include <string.h>

#define FIRST_DEEP 8 /* conv4_1 */

static int last_layer(const PstJudge *judge, int tap)
{
    int layer = 0;

    while (judge->table[layer].tap != tap) {
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

static gboolean read_layer(PstJudge *judge, int layer, const PstTensors *tensors, GError **error)
{
    const PstLayer *l = &judge->table[layer];
    g_autofree char *weight_name = g_strconcat(l->name, ".weight", NULL);
    g_autofree char *bias_name = g_strconcat(l->name, ".bias", NULL);
    const float *weight = pst_tensors_get(tensors, weight_name, (int[]){ l->out, l->in, 3, 3 }, 4,
                                          error);
    const float *bias = weight ? pst_tensors_get(tensors, bias_name, (int[]){ l->out }, 1, error)
                               : NULL;

    if (!bias) {
        return FALSE;
    }
    judge->layers[layer] = pst_convolution_new(l->in, l->out);
    pst_convolution_set_with_gradient(judge->layers[layer], weight, bias);
    return TRUE;
}

static gboolean read_map(PstJudge *judge, int layer, const PstTensors *tensors, GError **error)
{
    const PstLayer *l = &judge->table[layer];
    int out = pst_teacher_channels[l->tap], in = l->out, tap = l->tap;
    g_autofree char *weight_name = g_strconcat(l->name, "_up.weight", NULL);
    g_autofree char *bias_name = g_strconcat(l->name, "_up.bias", NULL);
    const float *weight = pst_tensors_get(tensors, weight_name, (int[]){ out, in, 1, 1 }, 4, error);
    const float *bias = weight ? pst_tensors_get(tensors, bias_name, &out, 1, error) : NULL;

    if (!bias) {
        return FALSE;
    }
    judge->map[tap] = copy(weight, (gsize)out * in);
    judge->map_transposed[tap] = pst_floats_new((gsize)out * in);
    for (int i = 0; i < out * in; i++) {
        judge->map_transposed[tap][i % in * out + i / in] = weight[i];
    }
    judge->offset[tap] = copy(bias, out);
    judge->gram[tap] = pst_floats_new((gsize)in * in);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, in, out, 1, weight, in, weight, in, 0,
                judge->gram[tap], in);
    return TRUE;
}

static PstJudge *read_network(const PstLayer *table, int count, gboolean maps, const char *path,
                              GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstJudge) judge = g_new0(PstJudge, 1);

    pst_blas_prepare();
    judge->table = table;
    judge->count = count;
    for (int i = 0; tensors && i < count; i++) {
        if (!read_layer(judge, i, tensors, error) ||
            (maps && table[i].tap && !read_map(judge, i, tensors, error))) {
            return NULL;
        }
    }
    return tensors ? g_steal_pointer(&judge) : NULL;
}

PstJudge *pst_judge_read(const char *path, GError **error)
{
    return read_network(pst_encoder_layers, PST_ENCODER_LAYERS, TRUE, path, error);
}

PstJudge *pst_judge_read_layers(const PstLayer *table, int count, const char *path, GError **error)
{
    return read_network(table, count, FALSE, path, error);
}

PstJudge *pst_judge_new_layers(const PstLayer *table, int count)
{
    PstJudge *judge = g_new0(PstJudge, 1);

    pst_blas_prepare();
    judge->table = table;
    judge->count = count;
    for (int i = 0; i < count; i++) {
        judge->layers[i] = pst_convolution_new(table[i].in, table[i].out);
    }
    return judge;
}

static gsize weights_of(const PstLayer *l)
{
    return (gsize)9 * l->in * l->out;
}

gsize pst_judge_offset(const PstJudge *judge, int layer)
{
    gsize offset = 0;

    for (int i = 0; i < layer; i++) {
        offset += (weights_of(&judge->table[i]) + judge->table[i].out + 15) & ~(gsize)15;
    }
    return offset;
}

void pst_judge_set(PstJudge *judge, const float *row)
{
    for (int i = 0; i < judge->count; i++) {
        const float *weight = row + pst_judge_offset(judge, i);

        pst_convolution_set_with_gradient(judge->layers[i], weight, weight + weights_of(&judge->table[i]));
    }
}

void pst_judge_free(PstJudge *judge)
{
    if (!judge) {
        return;
    }
    for (int i = 0; i < judge->count; i++) {
        pst_convolution_free(judge->layers[i]);
    }
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        pst_floats_free(judge->map[tap]);
        pst_floats_free(judge->map_transposed[tap]);
        pst_floats_free(judge->offset[tap]);
        pst_floats_free(judge->gram[tap]);
    }
    g_free(judge);
}

/* Without room for gradients with respect to taps. */
static PstSight *sight_new(const PstJudge *judge, PstArena *arena, int height, int width,
                           int last_tap, gboolean gradient)
{
    PstSight *sight = g_new0(PstSight, 1);
    gsize scratch = 0;
    int h = height, w = width;

    sight->last_tap = last_tap;
    sight->gradient = gradient;
    for (int i = 0; i < judge->count; i++) {
        const PstLayer *l = &judge->table[i];

        scratch = MAX(scratch, pst_convolution_scratch(judge->layers[i], w));
        sight->layers[i] = (gradient || l->tap) ? pst_arena_map(arena, h, w, l->out)
                                                : (PstMap){ NULL, h, w, l->out };
        if (l->tap) {
            sight->taps[l->tap] = sight->layers[i];
        }
        if (l->tap == last_tap) {
            break;
        }
        if (l->pool) {
            h /= 2;
            w /= 2;
            sight->pooled[i] = pst_arena_map(arena, h, w, l->out);
        }
    }
    /* the first layers' maps are the largest */
    for (int i = 0; i < 2; i++) {
        sight->spare[i] = pst_arena_map(arena, height, width, judge->table[0].out);
    }
    if (gradient) {
        sight->drgb = pst_arena_map(arena, height, width, 3);
    }
    sight->scratch = pst_arena_floats(arena, scratch);
    return sight;
}

PstSight *pst_sight_new(const PstJudge *judge, PstArena *arena, int height, int width, int last_tap,
                        gboolean gradient)
{
    PstSight *sight = sight_new(judge, arena, height, width, last_tap, gradient);

    for (int tap = 1; gradient && tap <= last_tap; tap++) {
        const PstMap *f = &sight->taps[tap];

        sight->dtaps[tap] = pst_arena_map(arena, f->height, f->width, f->channels);
    }
    return sight;
}

PstSight *pst_sight_new_of_moments(const PstJudge *judge, PstArena *arena, int height, int width)
{
    PstSight *sight = sight_new(judge, arena, height, width, judge->table[judge->count - 1].tap,
                                TRUE);

    sight->moments = (PstTapMoments *)pst_arena_floats(arena, (PST_TAPS + 1) *
                                                                  sizeof(PstTapMoments) /
                                                                  sizeof(float));
    return sight;
}

void pst_sight_free(PstSight *sight)
{
    g_free(sight);
}

/* A map of the shape of `like` in the given floats. */
static PstMap shaped(const PstMap *like, float *data)
{
    return (PstMap){ data, like->height, like->width, like->channels };
}

/* The input of a layer. */
static PstMap input(const PstJudge *judge, const PstSight *sight, int layer)
{
    PstMap x;

    if (layer == 0) {
        return *sight->rgb;
    }
    x = judge->table[layer - 1].pool ? sight->pooled[layer - 1] : sight->layers[layer - 1];
    return x.data ? x : shaped(&x, sight->spare[(layer - 1) % 2].data);
}

static void forward_layer(const PstJudge *judge, PstSight *sight, int layer)
{
    const PstLayer *l = &judge->table[layer];
    PstMap x = input(judge, sight, layer), y = sight->layers[layer];
    gboolean pool = l->pool && l->tap != sight->last_tap;
    PstFusion fusion = { .relu = TRUE, .pooled = pool ? &sight->pooled[layer] : NULL };
    gboolean unseen = !y.data;

    if (unseen) {
        y.data = sight->spare[layer % 2].data;
    }
    pst_convolution_forward(judge->layers[layer], &x, unseen && pool ? NULL : &y, 0, y.height,
                            &fusion, sight->scratch);
}

/* Weights of the first layers fit a near cache, their maps do not: picture by picture. With the
 * last layers it is the other way round: layer by layer, so that their weights are fetched once for
 * all. */
void pst_judge_forward_many(const PstJudge *judge, PstSight *const *sights, int count)
{
    int last = last_layer(judge, sights[0]->last_tap);

    for (int i = 0; i < count; i++) {
        for (int layer = 0; layer < MIN(FIRST_DEEP, last + 1); layer++) {
            forward_layer(judge, sights[i], layer);
        }
    }
    for (int layer = FIRST_DEEP; layer <= last; layer++) {
        for (int i = 0; i < count; i++) {
            forward_layer(judge, sights[i], layer);
        }
    }
}

void pst_judge_forward(const PstJudge *judge, const PstMap *rgb, PstSight *sight)
{
    sight->rgb = rgb;
    pst_judge_forward_many(judge, &sight, 1);
}

/* Adds the gradient with respect to a tap. */
static void add_tap(const PstSight *sight, int tap, PstMap *sum)
{
    if (sight->moments) {
        const PstTapMoments *m = &sight->moments[tap];

        pst_map_moments_gradient(&sight->taps[tap], m->mean, m->deviation, m->dmean, m->ddeviation,
                                 sum);
    } else {
        const PstMap *d = &sight->dtaps[tap];

        cblas_saxpy((int)pst_map_size(d), 1, d->data, 1, sum->data, 1);
    }
}

/* The gradient with respect to a layer's weights, where it is wanted. */
static void add_weights(const PstJudge *judge, PstSight *sight, int layer)
{
    PstMap x = input(judge, sight, layer);
    float *dweight = sight->dparameters;

    if (dweight) {
        dweight += pst_judge_offset(judge, layer);
        pst_convolution_backward_weights(judge->layers[layer], &x, &sight->dy, &sight->layers[layer], dweight,
                                         dweight + weights_of(&judge->table[layer]), sight->scratch);
    }
}

/* From the gradient with respect to a layer's output, sight->dy, to that of the layer below. */
static void backward_layer(const PstJudge *judge, PstSight *sight, int layer)
{
    const PstLayer *below = &judge->table[layer - 1];
    PstMap *output = &sight->layers[layer - 1], *pooled = &sight->pooled[layer - 1];
    PstMap dx = shaped(below->pool ? pooled : output, sight->spare[sight->turn].data);

    add_weights(judge, sight, layer);
    pst_convolution_backward_input(judge->layers[layer], &sight->dy, &sight->layers[layer], &dx,
                                   sight->scratch);
    sight->turn ^= 1;
    if (below->pool) {
        PstMap whole = shaped(output, sight->spare[sight->turn].data);

        pst_max_pool_gradient(output, pooled, &dx, &whole);
        sight->turn ^= 1;
        dx = whole;
    }
    if (below->tap) {
        add_tap(sight, below->tap, &dx);
    }
    sight->dy = dx;
}

/* Where the way back begins. */
static void begin_backward(PstSight *sight)
{
    int tap = sight->last_tap;

    sight->turn = 0;
    if (!sight->moments) {
        sight->dy = sight->dtaps[tap];
        return;
    }
    sight->dy = shaped(&sight->taps[tap], sight->spare[1].data);
    memset(sight->dy.data, 0, pst_map_size(&sight->dy) * sizeof(float));
    add_tap(sight, tap, &sight->dy);
}

void pst_judge_backward(const PstJudge *judge, PstSight *const *sights, int count)
{
    int last = last_layer(judge, sights[0]->last_tap);

    for (int i = 0; i < count; i++) {
        begin_backward(sights[i]);
    }
    for (int layer = last; layer >= FIRST_DEEP; layer--) {
        for (int i = 0; i < count; i++) {
            backward_layer(judge, sights[i], layer);
        }
    }
    for (int i = 0; i < count; i++) {
        for (int layer = MIN(FIRST_DEEP - 1, last); layer > 0; layer--) {
            backward_layer(judge, sights[i], layer);
        }
        add_weights(judge, sights[i], 0);
        pst_convolution_backward_input(judge->layers[0], &sights[i]->dy, &sights[i]->layers[0],
                                       &sights[i]->drgb, sights[i]->scratch);
    }
}

void pst_taps_statistics(const PstMap *taps, float *style)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        float *mean = style + pst_style_offset(tap);

        pst_map_moments(&taps[tap], PST_EPSILON, mean, mean + PST_STYLE_CHANNELS);
    }
}
