#include "generator_gradient.h"

#include "vector.h"

#include "engine/base/memory_guard.h"
#include "engine/kernel/blas.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pointwise.h"
#include "engine/kernel/resampling.h"
#include "engine/network/mixture.h"

#include <string.h>

#define CHANNELS 128
#define SPARES   3

struct PstGeneratorGradient {
    const PstGeneratorWeights *weights;
    PstConvolution *layers[PST_GENERATOR_LAYERS]; /* with this picture's kernels and modulation */
    float *mixed[PST_GENERATOR_LAYERS];           /* of mixed layers: the kernels before modulation, */
    float *effective;                             /* and one layer's after it */
    PstMap x[PST_GENERATOR_LAYERS];               /* inputs, */
    PstMap y[PST_GENERATOR_LAYERS];               /* outputs after ReLU */
    gboolean own_input[PST_GENERATOR_LAYERS];     /* else the output of the layer before */
    PstMap spare[SPARES];                         /* gradients on the way back */
    float *scratch;

    /* of the picture painted last */
    const PstMap *taps;
    const float *style;
    float detail;
    float normal_style[PST_STYLE_SIZE];
    float code[PST_STYLE_CODE];
    float share[PST_GENERATOR_LAYERS][PST_KERNELS];  /* of mixed layers */
    float scale[PST_GENERATOR_LAYERS][CHANNELS];     /* 1 + scale */
    float adain_scale[PST_STYLE_TAPS + 1][CHANNELS]; /* AdaIN is f * scale + shift */
    float adain_shift[PST_STYLE_TAPS + 1][CHANNELS];
    float *d; /* gradient with respect to the parameters */
    float dcode[PST_STYLE_CODE];
};

PstGeneratorGradient *pst_generator_gradient_new(const PstGeneratorWeights *weights, PstArena *arena, int height,
                                                 int width)
{
    PstGeneratorGradient *g = g_new0(PstGeneratorGradient, 1);
    gsize scratch = 0;

    pst_blas_prepare();
    g->weights = weights;
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        const PstLayer *l = &pst_generator_layers[i];
        int shrink = i <= PST_CONV4_4 ? 8 : i <= PST_CONV3_3 ? 4 : i <= PST_CONV2_2 ? 2 : 1;

        if (i < PST_FIRST_MIXED) {
            g->layers[i] = pst_convolution_new_modulated(weights->layers[i]);
        } else {
            g->layers[i] = pst_convolution_new(l->in, l->out);
            g->mixed[i] = pst_arena_floats(arena, pst_layer_weights(i));
        }
        g->own_input[i] = i == PST_CONV4_1 || i == PST_CONV4_4 || i == PST_CONV3_1 || i == PST_CONV2_1 ||
                          i == PST_CONV1_1;
        g->x[i] = g->own_input[i] ? pst_arena_map(arena, height / shrink, width / shrink, l->in) : g->y[i - 1];
        g->y[i] = pst_arena_map(arena, height / shrink, width / shrink, l->out);
        scratch = MAX(scratch, pst_convolution_scratch(g->layers[i], width / shrink));
    }
    for (int i = 0; i < SPARES; i++) {
        g->spare[i] = pst_arena_map(arena, height, width, pst_generator_layers[PST_CONV1_1].in);
    }
    g->scratch = pst_arena_floats(arena, scratch);
    g->effective = pst_arena_floats(arena, pst_layer_weights(PST_FIRST_MIXED));
    return g;
}

void pst_generator_gradient_free(PstGeneratorGradient *g)
{
    if (!g) {
        return;
    }
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        pst_convolution_free(g->layers[i]);
    }
    g_free(g);
}

static const float *parameter(const PstGeneratorGradient *g, int index)
{
    return pst_parameter_const(g->weights->parameters, index);
}

static const float *layer_parameter(const PstGeneratorGradient *g, int layer, int tensor)
{
    return parameter(g, PST_LAYER_PARAMETER(layer, tensor));
}

/* ---- forward -------------------------------------------------------------------------------- */

static void encode_style(PstGeneratorGradient *g)
{
    const float *weight = parameter(g, PST_CODE_WEIGHT);
    const float *bias = parameter(g, PST_CODE_BIAS);

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        float z = (g->style[i] - g->weights->style_mean[i]) / g->weights->style_std[i];

        g->normal_style[i] = CLAMP(z, -PST_STYLE_REACH, PST_STYLE_REACH);
    }
    memcpy(g->code, bias, sizeof g->code);
    pst_blas_gemv(CblasNoTrans, PST_STYLE_CODE, PST_STYLE_SIZE, 1, weight, PST_STYLE_SIZE, g->normal_style, 1, g->code);
    for (int i = 0; i < PST_STYLE_CODE; i++) {
        g->code[i] = MAX(0, g->code[i]);
    }
}

PST_VECTOR static void scale_to(float *restrict to, const float *restrict from, float factor, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        to[i] = factor * from[i];
    }
}

/* A linear map of the style code, [rows]. */
static void map_code(const PstGeneratorGradient *g, const float *weight, const float *bias, int rows, float *mapped)
{
    memcpy(mapped, bias, rows * sizeof *mapped);
    pst_blas_gemv(CblasNoTrans, rows, PST_STYLE_CODE, 1, weight, PST_STYLE_CODE, g->code, 1, mapped);
}

/* Its way back: sets dweight, where dbias, the gradient with respect to what was mapped, is given. */
static void map_code_gradient(PstGeneratorGradient *g, const float *weight, int rows, const float *dbias,
                              float *dweight)
{
    for (int o = 0; o < rows; o++) {
        scale_to(dweight + o * PST_STYLE_CODE, g->code, dbias[o], PST_STYLE_CODE);
    }
    pst_blas_gemv(CblasTrans, rows, PST_STYLE_CODE, 1, weight, PST_STYLE_CODE, dbias, 1, g->dcode);
}

static void mix(PstGeneratorGradient *g, int layer, const float *bias)
{
    const PstLayer *l = &pst_generator_layers[layer];

    map_code(g, parameter(g, PST_MIXED_PARAMETER(layer, PST_MIXTURE_WEIGHT)),
             parameter(g, PST_MIXED_PARAMETER(layer, PST_MIXTURE_BIAS)), PST_KERNELS, g->share[layer]);
    pst_mixture_shares(g->share[layer]);
    pst_mix_kernels(layer, layer_parameter(g, layer, PST_WEIGHT),
                    parameter(g, PST_MIXED_PARAMETER(layer, PST_KERNELS_WEIGHT)), g->share[layer], g->mixed[layer]);
    for (int o = 0; o < l->out; o++) {
        gsize at = (gsize)o * l->in * 9;

        scale_to(g->effective + at, g->mixed[layer] + at, g->scale[layer][o], l->in * 9);
    }
    pst_convolution_set_with_gradient(g->layers[layer], g->effective, bias);
}

static void modulate(PstGeneratorGradient *g, int layer)
{
    const PstLayer *l = &pst_generator_layers[layer];
    const float *bias = layer_parameter(g, layer, PST_BIAS);
    float modulation[2 * CHANNELS], effective_bias[CHANNELS];

    map_code(g, layer_parameter(g, layer, PST_MODULATION_WEIGHT), layer_parameter(g, layer, PST_MODULATION_BIAS),
             2 * l->out, modulation);
    for (int o = 0; o < l->out; o++) {
        g->scale[layer][o] = 1 + modulation[o];
        effective_bias[o] = g->scale[layer][o] * bias[o] + modulation[l->out + o];
    }
    if (layer < PST_FIRST_MIXED) {
        pst_convolution_modulate(g->layers[layer], g->scale[layer], effective_bias);
    } else {
        mix(g, layer, effective_bias);
    }
}

static void prepare_adain(PstGeneratorGradient *g, int tap)
{
    const float *to_mean = g->style + pst_style_offset(tap), *to_std = to_mean + PST_STYLE_CHANNELS;
    float mean[CHANNELS], std[CHANNELS];

    pst_map_moments(&g->taps[tap], PST_EPSILON, mean, std);
    for (int c = 0; c < pst_tap_channels[tap]; c++) {
        g->adain_scale[tap][c] = to_std[c] / std[c];
        g->adain_shift[tap][c] = to_mean[c] - mean[c] * g->adain_scale[tap][c];
    }
}

PST_VECTOR static void apply_adain(const PstMap *f, const float *scale, const float *shift, PstMap *y)
{
    gsize pixels = (gsize)f->height * f->width;
    int channels = f->channels;

    for (gsize p = 0; p < pixels; p++) {
        const float *restrict from = f->data + p * channels;
        float *restrict to = y->data + p * channels;

        for (int c = 0; c < channels; c++) {
            to[c] = from[c] * scale[c] + shift[c];
        }
    }
}

/* y += gain * skip(AdaIN(tap)), with AdaIN folded into the 1x1 convolution. */
static void add_skip(PstGeneratorGradient *g, int tap, float gain, PstMap *y)
{
    int n = pst_tap_channels[tap];
    const float *weight = parameter(g, tap == 3 ? PST_SKIP3_WEIGHT : PST_SKIP2_WEIGHT);
    const float *bias = parameter(g, tap == 3 ? PST_SKIP3_BIAS : PST_SKIP2_BIAS);
    float effective[CHANNELS / 2 * CHANNELS / 2], effective_bias[CHANNELS];

    for (int o = 0; o < n; o++) {
        float sum = bias[o];

        for (int i = 0; i < n; i++) {
            effective[o * n + i] = gain * weight[o * n + i] * g->adain_scale[tap][i];
            sum += weight[o * n + i] * g->adain_shift[tap][i];
        }
        effective_bias[o] = gain * sum;
    }
    pst_pointwise(&g->taps[tap], effective, effective_bias, TRUE, y, 0, y->height);
}

static void forward(PstGeneratorGradient *g, int first, int last)
{
    for (int i = first; i <= last; i++) {
        PstFusion fusion = { .relu = i != PST_CONV1_2 };

        pst_convolution_forward(g->layers[i], &g->x[i], &g->y[i], 0, g->y[i].height, &fusion, g->scratch);
    }
}

PST_VECTOR static void add_to(float *restrict sum, const float *restrict a, const float *restrict b, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        sum[i] = a[i] + b[i];
    }
}

/* All that comes before the first convolution. */
static void begin(PstGeneratorGradient *g)
{
    encode_style(g);
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        modulate(g, i);
    }
    for (int tap = 2; tap <= PST_STYLE_TAPS; tap++) {
        prepare_adain(g, tap);
    }
    apply_adain(&g->taps[4], g->adain_scale[4], g->adain_shift[4], &g->x[PST_CONV4_1]);
}

static void forward_deep(PstGeneratorGradient *g, int layer)
{
    PstMap *sum = &g->x[PST_CONV4_4];

    if (layer == PST_CONV4_4) {
        add_to(sum->data, g->y[PST_CONV4_3].data, g->y[PST_CONV4_1].data, pst_map_size(sum));
    }
    forward(g, layer, layer);
}

static void forward_shallow(PstGeneratorGradient *g)
{
    pst_upsample(&g->y[PST_CONV4_4], &g->x[PST_CONV3_1]);
    add_skip(g, 3, 1, &g->x[PST_CONV3_1]);
    forward(g, PST_CONV3_1, PST_CONV3_3);
    pst_upsample(&g->y[PST_CONV3_3], &g->x[PST_CONV2_1]);
    add_skip(g, 2, g->detail, &g->x[PST_CONV2_1]);
    forward(g, PST_CONV2_1, PST_CONV2_2);
    pst_upsample(&g->y[PST_CONV2_2], &g->x[PST_CONV1_1]);
    forward(g, PST_CONV1_1, PST_CONV1_2);
}

void pst_generator_gradient_set(PstGeneratorGradient *g, const PstMap *taps, const float *style, float detail)
{
    g->taps = taps;
    g->style = style;
    g->detail = detail;
}

/* Layer by layer where weights are large, picture by picture where maps are: see loss_network.c. */
void pst_generator_gradient_forward(PstGeneratorGradient *const *g, int count)
{
    if (pst_memory_guard_is_short()) {
        return;
    }
    for (int i = 0; i < count; i++) {
        begin(g[i]);
    }
    for (int layer = PST_CONV4_1; layer <= PST_CONV4_4; layer++) {
        for (int i = 0; i < count; i++) {
            forward_deep(g[i], layer);
        }
    }
    for (int i = 0; i < count; i++) {
        forward_shallow(g[i]);
    }
}

const PstMap *pst_generator_gradient_rgb(const PstGeneratorGradient *g)
{
    return &g->y[PST_CONV1_2];
}

/* ---- backward ------------------------------------------------------------------------------- */

/* From the mixed kernels to the kernels and their shares; the gradient with respect to the layer's own is the same as
 * to the mixed ones. */
static void backward_mixture(PstGeneratorGradient *g, int layer)
{
    float *dshare = pst_parameter(g->d, PST_MIXED_PARAMETER(layer, PST_MIXTURE_BIAS));

    pst_mix_kernels_gradient(layer, parameter(g, PST_MIXED_PARAMETER(layer, PST_KERNELS_WEIGHT)), g->share[layer],
                             pst_parameter_const(g->d, PST_LAYER_PARAMETER(layer, PST_WEIGHT)),
                             pst_parameter(g->d, PST_MIXED_PARAMETER(layer, PST_KERNELS_WEIGHT)), dshare);
    pst_mixture_shares_gradient(g->share[layer], dshare);
    map_code_gradient(g, parameter(g, PST_MIXED_PARAMETER(layer, PST_MIXTURE_WEIGHT)), PST_KERNELS, dshare,
                      pst_parameter(g->d, PST_MIXED_PARAMETER(layer, PST_MIXTURE_WEIGHT)));
}

/* From W', b' to W, b and the modulation. The gradients with respect to W' and b' are replaced by
 * those with respect to W and b. */
static void backward_modulation(PstGeneratorGradient *g, int layer)
{
    const PstLayer *l = &pst_generator_layers[layer];
    const float *weight = g->mixed[layer] ? g->mixed[layer] : layer_parameter(g, layer, PST_WEIGHT);
    const float *bias = layer_parameter(g, layer, PST_BIAS);
    float *dweight = pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_WEIGHT));
    float *dbias = pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_BIAS));
    float *dmodulation = pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_MODULATION_BIAS));
    int row = l->in * 9;

    for (int o = 0; o < l->out; o++) {
        float *drow = dweight + (gsize)o * row;

        dmodulation[o] = cblas_sdot(row, drow, 1, weight + (gsize)o * row, 1) + dbias[o] * bias[o];
        dmodulation[l->out + o] = dbias[o];
        cblas_sscal(row, g->scale[layer][o], drow, 1);
        dbias[o] *= g->scale[layer][o];
    }
    map_code_gradient(g, layer_parameter(g, layer, PST_MODULATION_WEIGHT), 2 * l->out, dmodulation,
                      pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_MODULATION_WEIGHT)));
    if (g->mixed[layer]) {
        backward_mixture(g, layer);
    }
}

/* Through one layer; dx may be NULL. */
static void backward_layer(PstGeneratorGradient *g, int layer, const PstMap *dy, PstMap *dx)
{
    const PstMap *y = layer == PST_CONV1_2 ? NULL : &g->y[layer];

    pst_convolution_backward_weights(g->layers[layer], &g->x[layer], dy, y,
                                     pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_WEIGHT)),
                                     pst_parameter(g->d, PST_LAYER_PARAMETER(layer, PST_BIAS)), g->scratch);
    backward_modulation(g, layer);
    if (dx) {
        pst_convolution_backward_input(g->layers[layer], dy, y, dx, g->scratch);
    }
}

static void backward_skip(PstGeneratorGradient *g, int tap, const PstMap *dy)
{
    float gain = tap == 2 ? g->detail : 1;
    int n = pst_tap_channels[tap];
    float *dweight = pst_parameter(g->d, tap == 3 ? PST_SKIP3_WEIGHT : PST_SKIP2_WEIGHT);
    float *dbias = pst_parameter(g->d, tap == 3 ? PST_SKIP3_BIAS : PST_SKIP2_BIAS);

    pst_pointwise_gradient_weights(&g->taps[tap], dy, dweight, dbias);
    for (int o = 0; o < n; o++) {
        for (int i = 0; i < n; i++) {
            dweight[o * n + i] = gain *
                                 (dweight[o * n + i] * g->adain_scale[tap][i] + dbias[o] * g->adain_shift[tap][i]);
        }
        dbias[o] *= gain;
    }
}

static void backward_code(PstGeneratorGradient *g)
{
    float *dweight = pst_parameter(g->d, PST_CODE_WEIGHT), *dbias = pst_parameter(g->d, PST_CODE_BIAS);

    for (int i = 0; i < PST_STYLE_CODE; i++) {
        dbias[i] = g->code[i] > 0 ? g->dcode[i] : 0;
        scale_to(dweight + (gsize)i * PST_STYLE_SIZE, g->normal_style, dbias[i], PST_STYLE_SIZE);
    }
}

/* Floats of spare map i in the shape of another map. */
static PstMap spare(const PstGeneratorGradient *g, int i, const PstMap *like)
{
    return (PstMap){ g->spare[i].data, like->height, like->width, like->channels };
}

static void backward_shallow(PstGeneratorGradient *g, const PstMap *drgb)
{
    PstMap dy = *drgb;

    for (int layer = PST_CONV1_2; layer > PST_CONV4_4; layer--) {
        PstMap dx = spare(g, layer % 2, &g->x[layer]);

        backward_layer(g, layer, &dy, &dx);
        dy = dx;
        if (g->own_input[layer]) {
            if (layer != PST_CONV1_1) {
                backward_skip(g, layer == PST_CONV3_1 ? 3 : 2, &dx);
            }
            dy = spare(g, 2, &g->y[layer - 1]);
            pst_upsample_gradient(&dx, &dy);
        }
    }
}

/* conv4_4's input is conv4_3's output plus conv4_1's: its gradient, in spare map 0, is used
 * twice. */
static void backward_deep(PstGeneratorGradient *g, int layer)
{
    PstMap whole = spare(g, 0, &g->x[PST_CONV4_4]), middle = spare(g, 1, &g->x[PST_CONV4_3]);
    PstMap dy = spare(g, 2, &g->y[layer]);

    switch (layer) {
    case PST_CONV4_4:
        backward_layer(g, layer, &dy, &whole);
        break;
    case PST_CONV4_3:
        backward_layer(g, layer, &whole, &middle);
        break;
    case PST_CONV4_2:
        backward_layer(g, layer, &middle, &dy);
        break;
    default:
        cblas_saxpy((int)pst_map_size(&dy), 1, whole.data, 1, dy.data, 1);
        backward_layer(g, layer, &dy, NULL);
    }
}

void pst_generator_gradient_backward(PstGeneratorGradient *const *g, const PstMap *const *drgb,
                                     float *const *dparameters, int count)
{
    if (pst_memory_guard_is_short()) {
        return;
    }
    for (int i = 0; i < count; i++) {
        g[i]->d = dparameters[i];
        memset(g[i]->d, 0, pst_parameters_size() * sizeof(float));
        memset(g[i]->dcode, 0, sizeof g[i]->dcode);
        backward_shallow(g[i], drgb[i]);
    }
    for (int layer = PST_CONV4_4; layer >= PST_CONV4_1; layer--) {
        for (int i = 0; i < count; i++) {
            backward_deep(g[i], layer);
        }
    }
    for (int i = 0; i < count; i++) {
        backward_code(g[i]);
    }
}
