#include "layer_loss.h"

#include "engine/gradient/losses.h"
#include "engine/kernel/kernels.h"
#include "engine/kernel/neighbours.h"

#include <math.h>
#include <string.h>

#define BLOCK 128 /* places of one task */
#define CONTENT_LAYER 8       /* relu4_1 */
#define SECOND_CONTENT_LAYER 11 /* relu4_4 */

typedef struct {
    int count;             /* places */
    int *place;            /* [count] */
    float *unit;           /* [count][channels] */
    float *inverse_length; /* [count] */
    float *gradient;       /* [count][channels] */
    PstNeighbours *covers; /* of each block: which of its places is nearest to each style vector */
    float mean[PST_FEATURE_WIDEST], deviation[PST_FEATURE_WIDEST];
    float dmean[PST_FEATURE_WIDEST], ddeviation[PST_FEATURE_WIDEST];
} Layer;

struct PstLayerLoss {
    const PstPaletteOctave *octave;
    PstMap content[2]; /* of the photograph */
    int count;         /* of layers */
    int most;
    int blocks; /* of a layer */
    Layer layers[PST_FEATURE_LAYERS];
    double *near, *apart; /* of each block of each layer, the sums */
    double cover[PST_FEATURE_LAYERS];

    /* of the pass at hand */
    const PstLayerWeights *weights;
    PstFeatures *features;
    PstExecutor *executor;
    double content_term;
};

static PstMap copied(const PstMap *map)
{
    PstMap copy = pst_map_new(map->height, map->width, map->channels);

    memcpy(copy.data, map->data, pst_map_size(map) * sizeof(float));
    return copy;
}

PstLayerLoss *pst_layer_loss_new(const PstFeatures *photo, gboolean content, const PstPaletteOctave *octave, int places)
{
    PstLayerLoss *l = g_new0(PstLayerLoss, 1);

    l->octave = octave;
    l->count = photo->count;
    l->most = places;
    l->blocks = (places + BLOCK - 1) / BLOCK;
    l->near = g_new(double, l->blocks * PST_FEATURE_LAYERS);
    l->apart = g_new(double, l->blocks * PST_FEATURE_LAYERS);
    if (content) {
        l->content[0] = copied(&photo->layers[CONTENT_LAYER]);
        l->content[1] = copied(&photo->layers[SECOND_CONTENT_LAYER]);
    }
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layers[i];
        int channels = photo->layers[i].channels, vectors = octave->layers[i].count;

        layer->place = g_new(int, places);
        layer->inverse_length = g_new(float, places);
        layer->unit = pst_floats_new((gsize)places * channels);
        layer->gradient = pst_floats_new((gsize)places * channels);
        layer->covers = g_new(PstNeighbours, l->blocks);
        for (int k = 0; k < l->blocks; k++) {
            layer->covers[k] = (PstNeighbours){ g_new(int, vectors), g_new(float, vectors) };
        }
    }
    return l;
}

void pst_layer_loss_free(PstLayerLoss *l)
{
    if (!l) {
        return;
    }
    for (int i = 0; i < l->count; i++) {
        g_free(l->layers[i].place);
        g_free(l->layers[i].inverse_length);
        pst_floats_free(l->layers[i].unit);
        pst_floats_free(l->layers[i].gradient);
        for (int k = 0; k < l->blocks; k++) {
            g_free(l->layers[i].covers[k].index);
            g_free(l->layers[i].covers[k].similarity);
        }
        g_free(l->layers[i].covers);
    }
    pst_map_clear(&l->content[0]);
    pst_map_clear(&l->content[1]);
    g_free(l->near);
    g_free(l->apart);
    g_free(l);
}

/* ---- neighbours ----------------------------------------------------------------------------------- */

/* Adds the gradient of weight (1 - <u, v>) with respect to the place that u is of. */
static void pull(const Layer *layer, int k, const float *v, int channels, float similarity, float weight)
{
    const float *u = layer->unit + (gsize)k * channels;
    float *gradient = layer->gradient + (gsize)k * channels, scale = weight * layer->inverse_length[k];

    for (int c = 0; c < channels; c++) {
        gradient[c] += scale * (u[c] * similarity - v[c]);
    }
}

/* Adds the gradient of weight |a - s|^2, where s = c + length v; returns |a - s|^2. */
static double draw(const Layer *layer, int k, const float *v, int channels, float length, float weight)
{
    const float *u = layer->unit + (gsize)k * channels;
    float *gradient = layer->gradient + (gsize)k * channels, own = 1 / layer->inverse_length[k], squares = 0;

    for (int c = 0; c < channels; c++) {
        float apart = own * u[c] - length * v[c];

        squares += apart * apart;
        gradient[c] += 2 * weight * apart;
    }
    return squares;
}

static float variance(const PstPaletteLayer *style, int channels)
{
    float sum = 0;

    for (int c = 0; c < channels; c++) {
        sum += style->deviation[c] * style->deviation[c];
    }
    return sum;
}

static void find_block(PstLayerLoss *l, int i, int first, int count, float *scratch)
{
    Layer *layer = &l->layers[i];
    const PstPaletteLayer *style = &l->octave->layers[i];
    const PstMap *x = &l->features->layers[i];
    int channels = x->channels, block = first / BLOCK, *index = (int *)(scratch + BLOCK);
    float weight = (float)(l->weights->near / layer->count), *similarity = scratch;
    float *unit = layer->unit + (gsize)first * channels;
    float scale = 1 / variance(style, channels), draw_weight = (float)(l->weights->apart * scale / layer->count);
    double sum = 0, apart = 0;

    pst_neighbours_unit(x->data, layer->place + first, count, channels, style->mean, unit, layer->inverse_length + first);
    pst_neighbours_find(unit, count, style->unit, style->count, channels, &(PstNeighbours){ index, similarity },
                        l->weights->cover > 0 ? &layer->covers[block] : NULL, scratch + 2 * BLOCK);
    memset(layer->gradient + (gsize)first * channels, 0, (gsize)count * channels * sizeof(float));
    for (int k = 0; k < count; k++) {
        sum += 1 - similarity[k];
        pull(layer, first + k, style->unit + (gsize)index[k] * channels, channels, similarity[k], weight);
        if (draw_weight > 0) {
            apart += scale * draw(layer, first + k, style->unit + (gsize)index[k] * channels, channels, style->length[index[k]],
                                  draw_weight);
        }
    }
    l->near[i * l->blocks + block] = sum;
    l->apart[i * l->blocks + block] = apart;
}

static void find_rows(int first, int rows, float *scratch, gpointer data)
{
    PstLayerLoss *l = data;

    for (int task = first; task < first + rows; task++) {
        int i = task / l->blocks, from = task % l->blocks * BLOCK;

        if (from < l->layers[i].count) {
            find_block(l, i, from, MIN(BLOCK, l->layers[i].count - from), scratch);
        }
    }
}

static void cover_layers(int first, int rows, gpointer data)
{
    PstLayerLoss *l = data;

    for (int i = first; i < first + rows; i++) {
        const Layer *layer = &l->layers[i];
        const PstPaletteLayer *style = &l->octave->layers[i];
        int channels = l->features->layers[i].channels, blocks = (layer->count + BLOCK - 1) / BLOCK;

        l->cover[i] = 0;
        for (int q = 0; q < style->count; q++) {
            int best = 0;

            for (int k = 1; k < blocks; k++) {
                if (layer->covers[k].similarity[q] > layer->covers[best].similarity[q]) {
                    best = k;
                }
            }
            l->cover[i] += (1 - layer->covers[best].similarity[q]) / style->count;
            pull(layer, best * BLOCK + layer->covers[best].index[q], style->unit + (gsize)q * channels, channels,
                 layer->covers[best].similarity[q], (float)(l->weights->cover / style->count));
        }
    }
}

static void find_neighbours(PstLayerLoss *l, guint64 seed, int step, PstLayerTerms *terms)
{
    for (int i = 0; i < l->count; i++) {
        const PstMap *x = &l->features->layers[i];
        PstRandom random = pst_random_at(seed, step, i);

        l->layers[i].count = pst_choose_places((gsize)x->height * x->width, l->most, &random, l->layers[i].place);
    }
    pst_executor_scratch_rows(l->executor, l->blocks * l->count, 1, 2 * BLOCK + pst_neighbours_scratch(), find_rows,
                              l);
    if (l->weights->cover > 0) {
        pst_executor_rows(l->executor, l->count, 1, cover_layers, l);
    }
    for (int i = 0; i < l->count; i++) {
        for (int k = 0; k * BLOCK < l->layers[i].count; k++) {
            terms->near += l->near[i * l->blocks + k] / l->layers[i].count;
            terms->apart += l->apart[i * l->blocks + k] / l->layers[i].count;
        }
        terms->cover += l->weights->cover > 0 ? l->cover[i] : 0;
    }
}

/* ---- moments -------------------------------------------------------------------------------- */

static double compare_moments(PstLayerLoss *l, int i)
{
    Layer *layer = &l->layers[i];
    const PstPaletteLayer *style = &l->octave->layers[i];
    const PstMap *x = &l->features->layers[i];
    g_autoptr(PstMoments) moments = pst_moments_new(x->channels);
    double variance = 0, sum = 0;
    float scale;

    pst_executor_gather(l->executor, x, 0, x->height, moments);
    pst_moments_get(moments, PST_EPSILON, layer->mean, layer->deviation);
    for (int c = 0; c < x->channels; c++) {
        variance += style->deviation[c] * (double)style->deviation[c];
    }
    scale = (float)(2 * l->weights->moments / variance);
    for (int c = 0; c < x->channels; c++) {
        float mean = layer->mean[c] - style->mean[c], deviation = layer->deviation[c] - style->deviation[c];

        sum += mean * (double)mean + deviation * (double)deviation;
        layer->dmean[c] = scale * mean;
        layer->ddeviation[c] = scale * deviation;
    }
    return sum / variance;
}

/* ---- the way back --------------------------------------------------------------------------- */

typedef struct {
    const Layer *layer;
    const PstMap *x;
    PstMap *gradient;
} Dense;

static void add_moments(int first, int rows, gpointer data)
{
    const Dense *d = data;
    int channels = d->x->channels;
    float pixels = (float)d->x->height * d->x->width;
    float scale[PST_FEATURE_WIDEST], offset[PST_FEATURE_WIDEST];

    for (int c = 0; c < channels; c++) {
        scale[c] = d->layer->ddeviation[c] / (d->layer->deviation[c] * pixels);
        offset[c] = d->layer->dmean[c] / pixels;
    }
    pst_kernels()->scale_add(pst_map_at(d->x, first, 0), channels, (gsize)rows * d->x->width, d->layer->mean, scale, offset,
                             pst_map_at(d->gradient, first, 0));
}

static void add_content(PstLayerLoss *l, int layer, PstMap *gradient)
{
    int which = layer == SECOND_CONTENT_LAYER;
    double weight = which ? 0.5 : 1;

    l->content_term += weight * pst_loss_structure(&l->features->layers[layer], &l->content[which],
                                                   weight * l->weights->content, gradient);
}

static void add_gradient(int i, PstMap *gradient, gpointer data)
{
    PstLayerLoss *l = data;
    const Layer *layer = &l->layers[i];
    Dense d = { layer, &l->features->layers[i], gradient };
    int channels = gradient->channels;

    if (pst_executor_cancelled(l->executor)) {
        return;
    }
    if (l->weights->moments > 0) {
        pst_executor_rows(l->executor, gradient->height,
                          pst_executor_share(gradient->height, gradient->width, channels), add_moments, &d);
    }
    for (int k = 0; k < layer->count; k++) {
        float *to = gradient->data + (gsize)layer->place[k] * channels;
        const float *from = layer->gradient + (gsize)k * channels;

        for (int c = 0; c < channels; c++) {
            to[c] += from[c];
        }
    }
    if ((i == CONTENT_LAYER || i == SECOND_CONTENT_LAYER) && l->content[0].data && l->weights->content > 0) {
        add_content(l, i, gradient);
    }
}

PstLayerTerms pst_layer_loss(PstLayerLoss *l, const PstFeatureNetwork *network, PstExecutor *executor,
                             const PstLayerWeights *weights, guint64 seed, int step, const PstMap *rgb, PstFeatures *features,
                             PstMap *drgb)
{
    PstLayerTerms terms = { 0 };

    l->weights = weights;
    l->features = features;
    l->executor = executor;
    l->content_term = 0;
    pst_features_see(features, network, executor, rgb);
    find_neighbours(l, seed, step, &terms);
    for (int i = 0; i < l->count && weights->moments > 0; i++) {
        terms.moments += compare_moments(l, i);
    }
    pst_features_gradient(features, network, executor, add_gradient, l, drgb);
    terms.content = l->content_term;
    return terms;
}
