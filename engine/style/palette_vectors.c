#include "palette_vectors.h"

#include "engine/kernel/neighbours.h"
#include "engine/network/pyramid.h"

#include <string.h>

#define SMALLEST    16
#define MOST_HALVES 8 /* of the vectors asked for: what layers of the second block have */

/* Names the streams of random numbers (random.h). */
#define SEED 0x70616c65747465ull

typedef struct {
    const PstFeatureNetwork *network;
    PstExecutor *executor;
    const PstPaletteVectorsOptions *options;
    int paintings;
    PstMoments *moments[PST_FEATURE_LAYERS];
    PstPaletteVectors *vectors;
} Maker;

static int vectors_of(const PstPaletteVectorsOptions *options, int octave, int layer)
{
    int channels = pst_encoder_layers[layer].out;
    int halves = channels == 32 ? MOST_HALVES : channels == 64 ? 5 : 2;

    return MAX(1, (options->vectors * halves / 2) >> octave);
}

/* How many of `all` painting number i has, so that all paintings together have them all. */
static int part(int all, int i, int paintings)
{
    return (int)((gint64)all * (i + 1) / paintings - (gint64)all * i / paintings);
}

/* Looks at one octave of one painting. */
static void look_at(Maker *m, int octave, int number, const PstMap *painting)
{
    g_autoptr(PstFeatureMaps) f = pst_feature_maps_new(painting->height, painting->width, PST_FEATURE_LAYERS, FALSE);
    g_autofree int *places = g_new(int, m->options->vectors *MOST_HALVES / 2);

    pst_feature_maps_see(f, m->network, m->executor, painting);
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        const PstMap *x = &f->layers[i];
        PstPaletteLayer *layer = &m->vectors->octaves[octave].layers[i];
        PstRandom random = pst_random_at(SEED + octave, i, number);
        int count = pst_random_choose(&random, (gsize)x->height * x->width,
                                      part(vectors_of(m->options, octave, i), number, m->paintings), places);

        for (int k = 0; k < count; k++) {
            memcpy(layer->unit + (gsize)layer->count++ * x->channels, x->data + (gsize)places[k] * x->channels,
                   x->channels * sizeof(float));
        }
        pst_executor_gather(m->executor, x, 0, x->height, m->moments[i]);
    }
}

static void finish_octave(Maker *m, int octave)
{
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        PstPaletteLayer *layer = &m->vectors->octaves[octave].layers[i];

        pst_moments_get(m->moments[i], PST_EPSILON, layer->mean, layer->deviation);
        pst_neighbours_unit(layer->unit, NULL, layer->count, pst_encoder_layers[i].out, layer->mean, layer->unit,
                            layer->length);
        for (int k = 0; k < layer->count; k++) {
            layer->length[k] = 1 / layer->length[k];
        }
        pst_moments_reset(m->moments[i]);
    }
}

static PstMap halved(PstExecutor *executor, const PstMap *x)
{
    PstMap small = pst_map_new((x->height + 1) / 2, (x->width + 1) / 2, x->channels);

    pst_halve(executor, x, &small);
    return small;
}

static void make(Maker *m, const PstMap *paintings)
{
    g_autofree PstMap *small = g_new0(PstMap, m->paintings);

    for (int octave = 0; octave < m->options->octaves && !pst_executor_cancelled(m->executor); octave++) {
        for (int i = 0; i < m->paintings; i++) {
            const PstMap *x = octave == 0 ? &paintings[i] : &small[i];
            PstMap next;

            if (MIN(x->height, x->width) >= SMALLEST) {
                look_at(m, octave, i, x);
            }
            next = halved(m->executor, x);
            pst_map_clear(&small[i]);
            small[i] = next;
        }
        if (pst_palette_vectors_has(m->vectors, octave)) {
            finish_octave(m, octave);
        }
    }
    for (int i = 0; i < m->paintings; i++) {
        pst_map_clear(&small[i]);
    }
}

PstPaletteVectors *pst_palette_vectors_new(const PstFeatureNetwork *network, PstExecutor *executor,
                                           const PstMap *paintings, int count, const PstPaletteVectorsOptions *options)
{
    int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS] = { 0 };
    g_autoptr(PstPaletteVectors) vectors = NULL;
    Maker m = { .network = network, .executor = executor, .options = options, .paintings = count };

    for (int i = 0; i < options->octaves; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            counts[i][layer] = vectors_of(options, i, layer);
        }
    }
    m.vectors = vectors = pst_palette_vectors_room((const int(*)[PST_FEATURE_LAYERS])counts);
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            vectors->octaves[i].layers[layer].count = 0;
        }
    }
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        m.moments[i] = pst_moments_new(pst_encoder_layers[i].out);
    }
    make(&m, paintings);
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        pst_moments_free(m.moments[i]);
    }
    return pst_executor_cancelled(executor) ? NULL : g_steal_pointer(&vectors);
}

PstPaletteVectors *pst_palette_vectors_room(const int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS])
{
    PstPaletteVectors *vectors = g_new0(PstPaletteVectors, 1);

    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            PstPaletteLayer *l = &vectors->octaves[i].layers[layer];

            l->count = counts[i][layer];
            l->unit = pst_floats_new(MAX(1, (gsize)l->count * pst_encoder_layers[layer].out));
            l->length = g_new(float, MAX(1, l->count));
        }
    }
    return vectors;
}

void pst_palette_vectors_free(PstPaletteVectors *vectors)
{
    if (!vectors) {
        return;
    }
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            pst_floats_free(vectors->octaves[i].layers[layer].unit);
            g_free(vectors->octaves[i].layers[layer].length);
        }
    }
    g_free(vectors);
}

gboolean pst_palette_vectors_has(const PstPaletteVectors *vectors, int octave)
{
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        if (vectors->octaves[octave].layers[i].count == 0) {
            return FALSE;
        }
    }
    return TRUE;
}
