#include "generator.h"

#include "engine/kernel/blas.h"
#include "mixture.h"

#include <math.h>
#include <string.h>

#define CHANNELS 128 /* of the widest layer */

/* Starkness is the root mean square of a style's standardised deviations as far as they are above the mean: 0 to 1 for
 * most paintings, 3 to 4 for a woodcut. */
#define USUAL           1.1
#define STARK           1.6
#define USUAL_EMPHASIS  0.906
#define STARK_EMPHASIS  1.055
#define LEAST_DEVIATION 0.1f

#define SKIPS 2
static const struct {
    const char *name;
    int tap;
} skips[SKIPS] = { { "skip3", 3 }, { "skip2", 2 } };

/* Pointers into the weights that a generator keeps. */
typedef struct {
    const float *weight, *bias;                       /* [out][in][3][3], [out] */
    const float *modulation_weight, *modulation_bias; /* [2 out][code], [2 out]: scales, then shifts */
    const float *kernels;                             /* [PST_KERNELS out][in][3][3] and what mixes them, */
    const float *mixture_weight, *mixture_bias;       /* [PST_KERNELS][code], [PST_KERNELS]; else NULL */
} Layer;

struct PstGenerator {
    float *storage;
    Layer layers[PST_GENERATOR_LAYERS];
    const float *skip_weight[SKIPS], *skip_bias[SKIPS];
    const float *code_weight, *code_bias;
    const float *style_mean, *style_std;
};

struct PstConditionedGenerator {
    PstConvolution *layers[PST_GENERATOR_LAYERS];
    float *skip_weight[SKIPS], *skip_bias[SKIPS];
};

/* Names a tensor of a generator and where its copy is to be found. */
typedef struct {
    char *name;
    int shape[4];
    int dims;
    const float **place;
} Entry;

static void add_entry(GArray *entries, const float **place, char *name, int dims, const int *shape)
{
    Entry entry = { .name = name, .dims = dims, .place = place };

    memcpy(entry.shape, shape, dims * sizeof(int));
    g_array_append_val(entries, entry);
}

static void clear_entry(gpointer entry)
{
    g_free(((Entry *)entry)->name);
}

static GArray *list_entries(PstGenerator *g)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

    g_array_set_clear_func(entries, clear_entry);
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        const PstLayer *l = &pst_generator_layers[i];
        Layer *layer = &g->layers[i];

        add_entry(entries, &layer->weight, g_strconcat(l->name, ".weight", NULL), 4, (int[]){ l->out, l->in, 3, 3 });
        add_entry(entries, &layer->bias, g_strconcat(l->name, ".bias", NULL), 1, &l->out);
        add_entry(entries, &layer->modulation_weight, g_strconcat(l->name, ".modulation.weight", NULL), 2,
                  (int[]){ 2 * l->out, PST_STYLE_CODE });
        add_entry(entries, &layer->modulation_bias, g_strconcat(l->name, ".modulation.bias", NULL), 1,
                  (int[]){ 2 * l->out });
        if (i >= PST_FIRST_MIXED) {
            add_entry(entries, &layer->kernels, g_strconcat(l->name, ".kernels", NULL), 4,
                      (int[]){ PST_KERNELS * l->out, l->in, 3, 3 });
            add_entry(entries, &layer->mixture_weight, g_strconcat(l->name, ".mixture.weight", NULL), 2,
                      (int[]){ PST_KERNELS, PST_STYLE_CODE });
            add_entry(entries, &layer->mixture_bias, g_strconcat(l->name, ".mixture.bias", NULL), 1,
                      (int[]){ PST_KERNELS });
        }
    }
    for (int i = 0; i < SKIPS; i++) {
        int n = pst_tap_channels[skips[i].tap];

        add_entry(entries, &g->skip_weight[i], g_strconcat(skips[i].name, ".weight", NULL), 4, (int[]){ n, n, 1, 1 });
        add_entry(entries, &g->skip_bias[i], g_strconcat(skips[i].name, ".bias", NULL), 1, &n);
    }
    add_entry(entries, &g->code_weight, g_strdup("code.weight"), 2, (int[]){ PST_STYLE_CODE, PST_STYLE_SIZE });
    add_entry(entries, &g->code_bias, g_strdup("code.bias"), 1, (int[]){ PST_STYLE_CODE });
    add_entry(entries, &g->style_mean, g_strdup("style.mean"), 1, (int[]){ PST_STYLE_SIZE });
    add_entry(entries, &g->style_std, g_strdup("style.std"), 1, (int[]){ PST_STYLE_SIZE });
    return entries;
}

PstGenerator *pst_generator_new(const PstTensors *weights, GError **error)
{
    g_autoptr(PstGenerator) generator = g_new0(PstGenerator, 1);
    g_autoptr(GArray) entries = list_entries(generator);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    gsize total = 0;

    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);
        const float *values = pst_tensors_get(weights, entry->name, entry->shape, entry->dims, error);

        if (!values) {
            return NULL;
        }
        total += pst_tensors_find(weights, entry->name)->count;
        g_ptr_array_add(names, entry->name);
    }
    g_ptr_array_add(names, NULL);
    if (!pst_tensors_check_names(weights, (const char *const *)names->pdata, error)) {
        return NULL;
    }
    generator->storage = pst_floats_new(total);
    float *place = generator->storage;
    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);
        const PstTensor *tensor = pst_tensors_find(weights, entry->name);

        memcpy(place, tensor->floats, tensor->count * sizeof(float));
        *entry->place = place;
        place += tensor->count;
    }
    return g_steal_pointer(&generator);
}

void pst_generator_free(PstGenerator *generator)
{
    if (generator) {
        pst_floats_free(generator->storage);
        g_free(generator);
    }
}

static void standardise(const PstGenerator *g, const float *style, float standardised[PST_STYLE_SIZE])
{
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        float z = (style[i] - g->style_mean[i]) / g->style_std[i];

        standardised[i] = CLAMP(z, -PST_STYLE_REACH, PST_STYLE_REACH);
    }
}

double pst_generator_emphasis(const PstGenerator *generator, const float *style)
{
    float standardised[PST_STYLE_SIZE];
    double squares = 0;

    standardise(generator, style, standardised);
    for (int i = PST_STYLE_CHANNELS; i < PST_STYLE_SIZE; i++) {
        double above = MAX(0, standardised[i]);

        squares += above * above / PST_STYLE_CHANNELS;
    }
    double share = CLAMP((sqrt(squares) - USUAL) / (STARK - USUAL), 0, 1);
    return USUAL_EMPHASIS + share * (STARK_EMPHASIS - USUAL_EMPHASIS);
}

void pst_generator_target(const PstGenerator *generator, const float *content, const float *style, double strength,
                          float target[PST_STYLE_SIZE])
{
    double way = strength * pst_generator_emphasis(generator, style);

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        target[i] = content[i] + way * (style[i] - content[i]);
    }
    /* Beyond the style a deviation could vanish. */
    for (int i = PST_STYLE_CHANNELS; way > 1 && i < PST_STYLE_SIZE; i++) {
        target[i] = MAX(target[i], LEAST_DEVIATION * style[i]);
    }
}

/* code = relu(W standardised(style) + b) */
static void style_code(const PstGenerator *g, const float *style, float code[PST_STYLE_CODE])
{
    float standardised[PST_STYLE_SIZE];

    standardise(g, style, standardised);
    for (int o = 0; o < PST_STYLE_CODE; o++) {
        const float *row = g->code_weight + o * PST_STYLE_SIZE;
        double sum = g->code_bias[o];

        for (int i = 0; i < PST_STYLE_SIZE; i++) {
            sum += (double)row[i] * standardised[i];
        }
        code[o] = MAX(0, sum);
    }
}

/* AdaIN of relu<tap>_1 as f * scale + shift. */
static void adain(const float *content, const float *style, int tap, float *scale, float *shift)
{
    int at = pst_style_offset(tap);

    for (int i = 0; i < pst_tap_channels[tap]; i++) {
        scale[i] = style[PST_STYLE_CHANNELS + at + i] / content[PST_STYLE_CHANNELS + at + i];
        shift[i] = style[at + i] - content[at + i] * scale[i];
    }
}

/* One row of a linear map of the style code. */
static float map_code(const float *weight, const float *bias, int row, const float *code)
{
    double sum = bias[row];

    for (int i = 0; i < PST_STYLE_CODE; i++) {
        sum += (double)weight[row * PST_STYLE_CODE + i] * code[i];
    }
    return sum;
}

/* Folds one style into the layers. */
typedef struct {
    const PstGenerator *base;
    const PstConditioning *conditioning;
    PstConditionedGenerator *generator;
    float code[PST_STYLE_CODE];
} Fold;

/* The weights of a part: the base's, or in `sum` what the style's delta makes of them. */
static const float *weights_of(const Fold *f, int part, const float *weights, float *sum)
{
    const PstConditioning *c = f->conditioning;
    gsize n = pst_weight_delta_parts()[part].count;

    if (!c->delta) {
        return weights;
    }
    pst_blas_prepare();
    memcpy(sum, weights, n * sizeof *sum);
    cblas_saxpy((int)n, (float)c->interpolation, pst_weight_delta_get(c->delta, part), 1, sum, 1);
    return sum;
}

/* The layer's kernels for this style, to be freed with pst_floats_free(). */
static float *mix(const Fold *f, int i)
{
    const Layer *layer = &f->base->layers[i];
    gsize n = pst_layer_weights(i);
    float *weight = pst_floats_new(n), *mixed, share[PST_KERNELS], bias[PST_KERNELS];
    const float *own = weights_of(f, PST_WEIGHT_DELTA_PART(i, PST_WEIGHT_DELTA_WEIGHT), layer->weight, weight);

    if (i < PST_FIRST_MIXED) {
        if (own != weight) {
            memcpy(weight, own, n * sizeof(float));
        }
        return weight;
    }
    const float *mixture_bias = weights_of(f, PST_WEIGHT_DELTA_MIXTURE_PART(i), layer->mixture_bias, bias);
    for (int k = 0; k < PST_KERNELS; k++) {
        share[k] = map_code(layer->mixture_weight, mixture_bias, k, f->code);
    }
    pst_mixture_shares(share);
    mixed = pst_floats_new(n);
    pst_mix_kernels(i, own, layer->kernels, share, mixed);
    pst_floats_free(weight);
    return mixed;
}

/* Makes layer i with its outputs modulated by the code and, where given, its inputs replaced by f * scale + shift.
 * Padding by reflection never shows a value that is not in the map, so a shift of the input is a constant too. */
static PstConvolution *fold_layer(const Fold *f, int i, const float *scale, const float *shift)
{
    const PstLayer *l = &pst_generator_layers[i];
    const Layer *layer = &f->base->layers[i];
    PstConvolution *convolution = pst_convolution_new(l->in, l->out);
    float *weight = mix(f, i), bias[CHANNELS], own_bias[CHANNELS], own_modulation[2 * CHANNELS];
    const float *plain = weights_of(f, PST_WEIGHT_DELTA_PART(i, PST_WEIGHT_DELTA_BIAS), layer->bias, own_bias);
    const float *modulation = weights_of(f, PST_WEIGHT_DELTA_PART(i, PST_WEIGHT_DELTA_MODULATION),
                                         layer->modulation_bias, own_modulation);

    for (int o = 0; o < l->out; o++) {
        float gain = 1 + map_code(layer->modulation_weight, modulation, o, f->code);
        double constant = plain[o];

        for (int c = 0; c < l->in; c++) {
            gsize at = ((gsize)o * l->in + c) * 9;
            double taps = 0;

            for (int k = 0; k < 9; k++) {
                taps += weight[at + k];
                weight[at + k] *= gain * (scale ? scale[c] : 1);
            }
            constant += shift ? taps * shift[c] : 0;
        }
        bias[o] = gain * constant + map_code(layer->modulation_weight, modulation, l->out + o, f->code);
    }
    pst_convolution_set(convolution, weight, bias);
    pst_floats_free(weight);
    return convolution;
}

static void fold_skip(const Fold *f, int i, const float *scale, const float *shift, double gain)
{
    int n = pst_tap_channels[skips[i].tap];
    float bias[CHANNELS], *weight = pst_floats_new((gsize)n * n);
    const float *own_bias = weights_of(f, PST_WEIGHT_DELTA_SKIP3_BIAS + 2 * i, f->base->skip_bias[i], bias);
    const float *own_weight = weights_of(f, PST_WEIGHT_DELTA_SKIP3_WEIGHT + 2 * i, f->base->skip_weight[i], weight);

    f->generator->skip_weight[i] = weight;
    f->generator->skip_bias[i] = pst_floats_new(n);
    for (int o = 0; o < n; o++) {
        double constant = own_bias[o];

        for (int c = 0; c < n; c++) {
            float value = own_weight[o * n + c];

            constant += (double)value * shift[c];
            weight[o * n + c] = gain * value * scale[c];
        }
        f->generator->skip_bias[i][o] = gain * constant;
    }
}

/* Layers first, the largest among them first. */
static void fold_part(int task, int worker, gpointer data)
{
    const Fold *f = data;
    int skip = task - PST_GENERATOR_LAYERS;
    int tap = task == PST_CONV4_1 ? 4 : skip >= 0 ? skips[skip].tap : 0;
    float scale[CHANNELS], shift[CHANNELS];

    if (tap) {
        adain(f->conditioning->content, f->conditioning->style, tap, scale, shift);
    }
    if (skip >= 0) {
        fold_skip(f, skip, scale, shift, tap == 2 ? f->conditioning->detail : 1);
    } else {
        f->generator->layers[task] = fold_layer(f, task, tap ? scale : NULL, tap ? shift : NULL);
    }
}

PstConditionedGenerator *pst_conditioned_generator_new(const PstGenerator *base, const PstConditioning *conditioning,
                                                       PstThreadPool *pool)
{
    PstConditionedGenerator *generator = g_new0(PstConditionedGenerator, 1);
    Fold fold = { base, conditioning, generator, { 0 } };
    float coded[PST_STYLE_SIZE];

    memcpy(coded, conditioning->style, sizeof coded);
    for (int i = 0; conditioning->correction && i < PST_STYLE_CHANNELS; i++) {
        coded[PST_STYLE_CHANNELS + i] += conditioning->correction[i];
    }
    style_code(base, coded, fold.code);
    if (pool) {
        pst_thread_pool_run(pool, PST_GENERATOR_LAYERS + SKIPS, fold_part, &fold);
    } else {
        for (int i = 0; i < PST_GENERATOR_LAYERS + SKIPS; i++) {
            fold_part(i, 0, &fold);
        }
    }
    return generator;
}

void pst_conditioned_generator_free(PstConditionedGenerator *generator)
{
    if (!generator) {
        return;
    }
    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        pst_convolution_free(generator->layers[i]);
    }
    for (int i = 0; i < SKIPS; i++) {
        pst_floats_free(generator->skip_weight[i]);
        pst_floats_free(generator->skip_bias[i]);
    }
    g_free(generator);
}

const PstConvolution *pst_conditioned_generator_layer(const PstConditionedGenerator *generator, int layer)
{
    return generator->layers[layer];
}

void pst_conditioned_generator_skip(const PstConditionedGenerator *generator, int tap, const float **weight,
                                    const float **bias)
{
    for (int i = 0; i < SKIPS; i++) {
        if (skips[i].tap == tap) {
            *weight = generator->skip_weight[i];
            *bias = generator->skip_bias[i];
        }
    }
}

/* The next layer on x, which is freed. */
static PstMap step(const PstConditionedGenerator *generator, PstExecutor *executor, int layer, PstMap *x,
                   PstFusion fusion)
{
    int scale = fusion.upsample ? 2 : 1;
    PstMap y = pst_map_new(x->height * scale, x->width * scale, pst_generator_layers[layer].out);

    fusion.relu = TRUE;
    pst_executor_convolve(executor, generator->layers[layer], x, &y, &fusion);
    pst_map_clear(x);
    return y;
}

/* The same with x doubled in size and a skip of `tap` added to it first. */
static PstMap step_up(const PstConditionedGenerator *generator, PstExecutor *executor, int layer, PstMap *x, int skip,
                      const PstMap *tap)
{
    PstMap plus = pst_map_new(tap->height, tap->width, tap->channels);

    pst_executor_pointwise(executor, tap, generator->skip_weight[skip], generator->skip_bias[skip], &plus);
    PstMap y = step(generator, executor, layer, x, (PstFusion){ .upsample = TRUE, .plus = &plus });
    pst_map_clear(&plus);
    return y;
}

void pst_conditioned_generator_run(const PstConditionedGenerator *generator, PstExecutor *executor,
                                   const PstMap taps[PST_STYLE_TAPS + 1], PstMap *rgb)
{
    const PstFusion none = { 0 };
    PstMap entry = pst_map_new(taps[4].height, taps[4].width, 128);
    PstMap x = pst_map_new(taps[4].height, taps[4].width, 128);

    pst_executor_convolve(executor, generator->layers[PST_CONV4_1], &taps[4], &entry, &(PstFusion){ .relu = TRUE });
    pst_executor_convolve(executor, generator->layers[PST_CONV4_2], &entry, &x, &(PstFusion){ .relu = TRUE });
    x = step(generator, executor, PST_CONV4_3, &x, none);
    x = step(generator, executor, PST_CONV4_4, &x, (PstFusion){ .plus = &entry });
    pst_map_clear(&entry);

    x = step_up(generator, executor, PST_CONV3_1, &x, 0, &taps[3]);
    x = step(generator, executor, PST_CONV3_2, &x, none);
    x = step(generator, executor, PST_CONV3_3, &x, none);

    x = step_up(generator, executor, PST_CONV2_1, &x, 1, &taps[2]);
    x = step(generator, executor, PST_CONV2_2, &x, none);

    x = step(generator, executor, PST_CONV1_1, &x, (PstFusion){ .upsample = TRUE });
    pst_executor_convolve(executor, generator->layers[PST_CONV1_2], &x, rgb, NULL);
    pst_map_clear(&x);
}

double pst_conditioned_generator_work(void)
{
    double work = 0;

    for (int i = 0; i < PST_GENERATOR_LAYERS; i++) {
        double area = i < PST_CONV3_1 ? 1 / 64.0 : i < PST_CONV2_1 ? 1 / 16.0 : i < PST_CONV1_1 ? 1 / 4.0 : 1;

        work += 9 * area * pst_generator_layers[i].in * pst_generator_layers[i].out;
    }
    for (int i = 0; i < SKIPS; i++) {
        int n = pst_tap_channels[skips[i].tap];

        work += n * n / (skips[i].tap == 3 ? 16.0 : 4.0);
    }
    return work;
}
