#include "layer_loss.h"

#include "saliency.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "engine/gradient/losses.h"
#include "engine/kernel/nearest.h"
#include "engine/kernel/neighbours.h"

#include <string.h>

#define COVER_SEED       0x636f766572ull /* names the streams of random numbers (random.h) */
#define SALIENCY_LAYER   4               /* relu3_1 */
#define FOURTH_BLOCK     8               /* its first layer, relu4_1 */
#define CONTENT_CHANNELS 16              /* that a thread takes at once: a cache line of each place */

/* relu3_1 sees what relu4_1 is too coarse for: eyes and mouth of a face of some 60 pixels. */
static const struct {
    int layer;
    double weight;
} contents[] = { { SALIENCY_LAYER, 1 }, { FOURTH_BLOCK, 0.6 }, { 11, 0.3 } };

/* The photograph at a layer. */
typedef struct {
    PstMap features;
    float mean[PST_FEATURE_WIDEST], deviation[PST_FEATURE_WIDEST];
    float *saliency; /* of its places */
} Content;

typedef struct {
    gint16 *table;     /* the style's vectors, to be searched */
    int *neighbour;    /* of each place */
    int *cover;        /* of each style vector, a place */
    double (*sums)[2]; /* of each row: near and apart */
    float mean[PST_FEATURE_WIDEST], deviation[PST_FEATURE_WIDEST];
    float scale[PST_FEATURE_WIDEST],
        offset[PST_FEATURE_WIDEST]; /* of the moments' gradient, around the painting's mean */
    PstPull pull;
} Layer;

struct PstLayerLoss {
    const PstPaletteOctave *octave;
    Content content[G_N_ELEMENTS(contents)]; /* zeroed where content does not count */
    int count;                               /* of layers */
    Layer layers[PST_FEATURE_LAYERS];

    /* of the step at hand */
    const PstLayerWeights *weights;
    int step;
    PstFeatureMaps *features;
    PstExecutor *executor;
    PstLayerTerms terms;
};

static PstMap copied(const PstMap *map)
{
    PstMap copy = pst_map_new(map->height, map->width, map->channels);

    memcpy(copy.data, map->data, pst_map_size(map) * sizeof(float));
    return copy;
}

/* The caller frees it by pst_memory_free(). */
static gint16 *packed(const float *unit, int count, int channels)
{
    gint16 *table = pst_memory_new(pst_nearest_table_size(count, channels) * sizeof *table, G_MEM_ALIGN);

    pst_nearest_pack(unit, count, channels, table);
    return table;
}

/* For a map that is as large as what the saliency is of, or as large as itself; owned by the caller. */
static float *enlarged(const float *saliency, int height, int width, const PstMap *map)
{
    int times = MAX(1, map->height / height);
    float *large = g_new(float, (gsize)map->height * map->width);

    for (int i = 0; i < map->height * map->width; i++) {
        int y = MIN(i / map->width / times, height - 1), x = MIN(i % map->width / times, width - 1);

        large[i] = saliency[y * width + x];
    }
    return large;
}

static void see_photo(PstLayerLoss *l, const PstFeatureMaps *photo)
{
    const PstMap *relu3_1 = &photo->layers[SALIENCY_LAYER];
    g_autofree float *saliency = pst_saliency(relu3_1);

    for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
        const PstMap *map = &photo->layers[contents[i].layer];
        Content *content = &l->content[i];

        content->features = copied(map);
        content->saliency = enlarged(saliency, relu3_1->height / 2, relu3_1->width / 2, map);
        pst_map_moments(map, PST_EPSILON, content->mean, content->deviation);
    }
}

PstLayerLoss *pst_layer_loss_new(const PstFeatureMaps *photo, gboolean content, const PstPaletteOctave *octave)
{
    PstLayerLoss *l = g_new0(PstLayerLoss, 1);

    l->octave = octave;
    l->count = photo->count;
    if (content) {
        see_photo(l, photo);
    }
    for (int i = 0; i < l->count; i++) {
        const PstMap *x = &photo->layers[i];

        gsize neighbours = (gsize)x->height * x->width * sizeof *l->layers[i].neighbour;

        l->layers[i].neighbour = pst_memory_new(neighbours, G_MEM_ALIGN);
        memset(l->layers[i].neighbour, 0, neighbours);
        l->layers[i].table = packed(octave->layers[i].unit, octave->layers[i].count, x->channels);
        l->layers[i].cover = g_new0(int, octave->layers[i].count);
        l->layers[i].sums = g_malloc0_n(x->height, sizeof *l->layers[i].sums);
    }
    return l;
}

void pst_layer_loss_free(PstLayerLoss *l)
{
    if (!l) {
        return;
    }
    for (int i = 0; i < l->count; i++) {
        pst_memory_free(l->layers[i].table);
        pst_memory_free(l->layers[i].neighbour);
        g_free(l->layers[i].cover);
        g_free(l->layers[i].sums);
    }
    for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
        pst_map_clear(&l->content[i].features);
        g_free(l->content[i].saliency);
    }
    g_free(l);
}

/* ---- neighbours ----------------------------------------------------------------------------- */

/* The rows of a layer that look for neighbours: every `stride`th from `first` on. */
typedef struct {
    PstLayerLoss *loss;
    int layer, first, stride;
} Search;

static void find_row(const Search *search, int row, float *scratch)
{
    PstLayerLoss *l = search->loss;
    const PstPaletteLayer *style = &l->octave->layers[search->layer];
    const PstMap *x = &l->features->layers[search->layer];
    int *neighbour = l->layers[search->layer].neighbour + (gsize)row * x->width;
    float *unit = scratch;

    for (int first = 0; first < x->width; first += PST_NEAREST_QUERIES) {
        int count = MIN(PST_NEAREST_QUERIES, x->width - first);

        pst_neighbours_unit(pst_map_at(x, row, first), NULL, count, x->channels, style->mean, unit, NULL);
        pst_nearest_find(unit, count, l->layers[search->layer].table, style->count, x->channels, neighbour + first,
                         unit + PST_NEAREST_QUERIES * x->channels);
    }
}

static void find_rows(int first, int rows, float *scratch, gpointer data)
{
    const Search *search = data;

    for (int i = first; i < first + rows; i++) {
        find_row(search, search->first + i * search->stride, scratch);
    }
}

static void find_neighbours(PstLayerLoss *l, int layer)
{
    int height = l->features->layers[layer].height;
    Search search = { l, layer, 0, 1 };

    if (l->step > 1) {
        search.stride = l->weights->refresh;
        search.first = l->step % search.stride;
    }
    if (search.first < height) {
        pst_executor_scratch_rows(l->executor, (height - search.first + search.stride - 1) / search.stride, 1,
                                  PST_NEAREST_QUERIES * PST_FEATURE_WIDEST +
                                      pst_nearest_scratch(PST_FEATURE_WIDEST) / sizeof(float),
                                  find_rows, &search);
    }
}

static void cover_layers(int first, int rows, gpointer data)
{
    PstLayerLoss *l = data;
    g_autofree int *place = g_new(int, PST_COVER_PLACES);

    for (int i = first; i < first + rows; i++) {
        const PstPaletteLayer *style = &l->octave->layers[i];
        const PstMap *x = &l->features->layers[i];
        PstRandom random = pst_random_at(COVER_SEED, l->step, i);
        int count = pst_random_choose(&random, (gsize)x->height * x->width, PST_COVER_PLACES, place);
        float *unit = pst_floats_new((gsize)count * x->channels);
        g_autofree void *scratch = g_malloc(pst_nearest_scratch(x->channels));
        gint16 *table;

        pst_neighbours_unit(x->data, place, count, x->channels, style->mean, unit, NULL);
        table = packed(unit, count, x->channels);
        pst_nearest_find(style->unit, style->count, table, count, x->channels, l->layers[i].cover, scratch);
        for (int q = 0; q < style->count; q++) {
            l->layers[i].cover[q] = place[l->layers[i].cover[q]];
        }
        pst_floats_free(unit);
        pst_memory_free(table);
    }
}

/* ---- moments -------------------------------------------------------------------------------- */

static double variance(const PstPaletteLayer *style, int channels)
{
    double sum = 0;

    for (int c = 0; c < channels; c++) {
        sum += style->deviation[c] * (double)style->deviation[c];
    }
    return sum;
}

static void find_moments(PstLayerLoss *l, int i)
{
    const PstMap *x = &l->features->layers[i];
    g_autoptr(PstMoments) moments = pst_moments_new(x->channels);

    pst_executor_gather(l->executor, x, 0, x->height, moments);
    pst_moments_get(moments, PST_EPSILON, l->layers[i].mean, l->layers[i].deviation);
}

/* With respect to a place: (dmean + ddeviation (a - mean) / deviation) / places. */
static void compare_moments(PstLayerLoss *l, int i)
{
    Layer *layer = &l->layers[i];
    const PstPaletteLayer *style = &l->octave->layers[i];
    const PstMap *x = &l->features->layers[i];
    double all = variance(style, x->channels), sum = 0;
    float weight = (float)(2 * l->weights->moments / (all * x->height * x->width));

    for (int c = 0; c < x->channels; c++) {
        float mean = layer->mean[c] - style->mean[c], deviation = layer->deviation[c] - style->deviation[c];

        sum += mean * (double)mean + deviation * (double)deviation;
        layer->scale[c] = weight * deviation / layer->deviation[c];
        layer->offset[c] = weight * mean - layer->scale[c] * mean;
    }
    l->terms.moments += sum / all;
}

/* ---- the way back --------------------------------------------------------------------------- */

typedef struct {
    PstLayerLoss *loss;
    int layer;
    PstMap *gradient;
} Back;

static void pull_rows(int first, int rows, gpointer data)
{
    const Back *b = data;
    Layer *layer = &b->loss->layers[b->layer];
    const PstMap *x = &b->loss->features->layers[b->layer];

    for (int row = first; row < first + rows; row++) {
        layer->sums[row][0] = layer->sums[row][1] = 0;
        pst_neighbours_pull(pst_map_at(x, row, 0), layer->neighbour + (gsize)row * x->width, x->width, x->channels,
                            &layer->pull, pst_map_at(b->gradient, row, 0), layer->sums[row]);
    }
}

/* What near and cover of a layer count. */
static double share_of(const PstLayerLoss *l, int layer)
{
    return layer < FOURTH_BLOCK ? 1 + l->weights->strokes : 1;
}

/* Style vectors draw their places, one after the other: two may have the same. */
static void add_cover(PstLayerLoss *l, int i, PstMap *gradient)
{
    const PstPaletteLayer *style = &l->octave->layers[i];
    const PstMap *x = &l->features->layers[i];
    static const float zeros[PST_FEATURE_WIDEST];
    double share = share_of(l, i) / style->count;
    PstPull pull = { style->mean, style->unit, style->length, (float)(l->weights->cover * share), 0, zeros, zeros };
    double sums[2] = { 0 };

    for (int q = 0; q < style->count; q++) {
        gsize at = (gsize)l->layers[i].cover[q] * x->channels;

        pst_neighbours_pull(x->data + at, &q, 1, x->channels, &pull, gradient->data + at, sums);
    }
    l->terms.cover += share * sums[0];
}

typedef struct {
    PstStructureMaps structure;
    PstMap *gradient;
    double terms[PST_FEATURE_WIDEST / CONTENT_CHANNELS];
} ContentTask;

static void content_channels(int first, int rows, gpointer data)
{
    ContentTask *task = data;

    for (int i = first; i < first + rows; i++) {
        task->terms[i] = pst_loss_structure_part(&task->structure, i * CONTENT_CHANNELS, CONTENT_CHANNELS,
                                                 task->gradient);
    }
}

static void add_content(PstLayerLoss *l, int which, PstMap *gradient)
{
    int layer = contents[which].layer, parts = gradient->channels / CONTENT_CHANNELS;
    const Content *content = &l->content[which];
    double weight = contents[which].weight;
    ContentTask task = { .structure = { &l->features->layers[layer], &content->features, l->layers[layer].mean,
                                        l->layers[layer].deviation, content->mean, content->deviation,
                                        content->saliency, weight * l->weights->content },
                         .gradient = gradient };

    pst_executor_rows(l->executor, parts, 1, content_channels, &task);
    for (int i = 0; i < parts; i++) {
        l->terms.content += weight * task.terms[i];
    }
}

static void add_gradient(int i, PstMap *gradient, gpointer data)
{
    PstLayerLoss *l = data;
    Layer *layer = &l->layers[i];
    const PstPaletteLayer *style = &l->octave->layers[i];
    double all = variance(style, gradient->channels), places = (double)gradient->height * gradient->width;
    double share = share_of(l, i);
    Back back = { l, i, gradient };

    if (pst_executor_cancelled(l->executor)) {
        return;
    }
    memset(layer->scale, 0, sizeof layer->scale);
    memset(layer->offset, 0, sizeof layer->offset);
    if (l->weights->moments > 0 || l->weights->content > 0) {
        find_moments(l, i);
    }
    if (l->weights->moments > 0) {
        compare_moments(l, i);
    }
    layer->pull = (PstPull){ style->mean,
                             style->unit,
                             style->length,
                             (float)(l->weights->near * share / places),
                             (float)(l->weights->apart / (all * places)),
                             layer->scale,
                             layer->offset };
    pst_executor_rows(l->executor, gradient->height,
                      pst_executor_share(l->executor, gradient->height, gradient->width, gradient->channels), pull_rows,
                      &back);
    for (int row = 0; row < gradient->height; row++) {
        l->terms.near += share * layer->sums[row][0] / places;
        l->terms.apart += layer->sums[row][1] / (all * places);
    }
    if (l->weights->cover > 0) {
        add_cover(l, i, gradient);
    }
    for (guint k = 0; k < G_N_ELEMENTS(contents); k++) {
        if (contents[k].layer == i && l->content[k].saliency && l->weights->content > 0) {
            add_content(l, k, gradient);
        }
    }
}

PstLayerTerms pst_layer_loss(PstLayerLoss *l, const PstFeatureNetwork *network, PstExecutor *executor,
                             const PstLayerWeights *weights, int step, const PstMap *rgb, PstFeatureMaps *features,
                             PstMap *drgb)
{
    l->weights = weights;
    l->step = step;
    l->features = features;
    l->executor = executor;
    l->terms = (PstLayerTerms){ 0 };
    pst_feature_maps_see(features, network, executor, rgb);
    for (int i = 0; i < l->count; i++) {
        find_neighbours(l, i);
    }
    if (weights->cover > 0 && (step - 1) % weights->refresh == 0) {
        pst_executor_rows(executor, l->count, 1, cover_layers, l);
    }
    pst_feature_maps_gradient(features, network, executor, add_gradient, l, drgb);
    return l->terms;
}
