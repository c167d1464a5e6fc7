#include "style_palette.h"

#include "hypercolumns.h"
#include "pyramid.h"

#include "engine/kernel/neighbours.h"

#include <string.h>

/* Names the streams of random numbers (random.h). */
#define PALETTE_SEED 0x70616c65747465ull

typedef struct {
    const PstFeatureNetwork *network;
    PstExecutor *executor;
    const PstPaletteOptions *options;
    int looks; /* at paintings, turned ones too */
    PstMoments *moments[PST_FEATURE_LAYERS];
    PstMoments *column_moments[PST_FEATURE_LAYERS]; /* of the octave at hand */
    PstStylePalette *palette;
} Maker;

int pst_choose_places(gsize n, int most, PstRandom *random, int *places)
{
    if (n <= (gsize)most) {
        for (gsize i = 0; i < n; i++) {
            places[i] = (int)i;
        }
        return (int)n;
    }
    for (int i = 0; i < most; i++) {
        gsize first = i * n / most, next = (i + 1) * n / most;

        places[i] = (int)first + pst_random_below(random, (int)(next - first));
    }
    return most;
}

/* The picture turned by so many quarters. */
static PstMap turned(const PstMap *x, int quarters)
{
    gboolean upright = quarters % 2 == 0;
    PstMap y = pst_map_new(upright ? x->height : x->width, upright ? x->width : x->height, x->channels);

    for (int row = 0; row < y.height; row++) {
        for (int column = 0; column < y.width; column++) {
            int from_row = quarters == 0   ? row
                           : quarters == 1 ? x->height - 1 - column
                           : quarters == 2 ? x->height - 1 - row
                                           : column;
            int from_column = quarters == 0   ? column
                              : quarters == 1 ? row
                              : quarters == 2 ? x->width - 1 - column
                                              : x->width - 1 - row;

            memcpy(pst_map_at(&y, row, column), pst_map_at(x, from_row, from_column), x->channels * sizeof(float));
        }
    }
    return y;
}

static int vectors_of(const PstPaletteOptions *options, int layer)
{
    return MAX(1, options->vectors * MIN(64, pst_encoder_layers[layer].out) / 64);
}

/* How many of `all` the look number i takes, so that all looks together take them all. */
static int part(int all, int i, int looks)
{
    return (int)((gint64)all * (i + 1) / looks - (gint64)all * i / looks);
}

/* Whether a look is at a painting as it hangs: what the channels' means and deviations are of. */
static gboolean hangs(const Maker *m, int look)
{
    return look % m->options->turns == 0;
}

static void add_layers(Maker *m, int octave, int look, const PstFeatureMaps *f)
{
    g_autofree int *places = g_new(int, m->options->vectors);

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        const PstMap *x = &f->layers[i];
        PstPaletteLayer *layer = &m->palette->octaves[octave].layers[i];
        PstRandom random = pst_random_at(PALETTE_SEED + octave, i, look);
        int count = pst_choose_places((gsize)x->height * x->width, part(vectors_of(m->options, i), look, m->looks),
                                      &random, places);

        for (int k = 0; k < count; k++) {
            memcpy(layer->unit + (gsize)layer->count++ * x->channels, x->data + (gsize)places[k] * x->channels,
                   x->channels * sizeof(float));
        }
        if (hangs(m, look)) {
            pst_executor_gather(m->executor, x, 0, x->height, m->moments[i]);
        }
    }
}

static void add_columns(Maker *m, int octave, int look, const PstFeatureMaps *f)
{
    g_autoptr(PstHypercolumns) columns = pst_hypercolumns_new(f);
    g_autofree int *places = g_new(int, m->options->columns);
    PstPaletteOctave *o = &m->palette->octaves[octave];
    PstRandom random = pst_random_at(PALETTE_SEED + octave, PST_FEATURE_LAYERS, look);
    int count = pst_choose_places((gsize)columns->height * columns->width, part(m->options->columns, look, m->looks),
                                  &random, places);

    pst_hypercolumns_gather(columns, m->executor, f);
    for (int k = 0; k < count; k++) {
        pst_hypercolumns_copy(columns, places[k], o->column + (gsize)o->count++ * PST_FEATURE_CHANNELS);
    }
    for (int i = 0; i < PST_FEATURE_LAYERS && hangs(m, look); i++) {
        pst_executor_gather(m->executor, &columns->part[i], 0, columns->height, m->column_moments[i]);
    }
}

/* Looks at one octave of one painting, as it hangs or turned. */
static void look_at(Maker *m, int octave, int look, const PstMap *painting)
{
    g_autoptr(PstFeatureMaps) f = pst_feature_maps_new(painting->height, painting->width, PST_FEATURE_LAYERS, FALSE);

    pst_feature_maps_see(f, m->network, m->executor, painting);
    add_layers(m, octave, look, f);
    add_columns(m, octave, look, f);
}

static void finish_octave(Maker *m, int octave)
{
    PstPaletteOctave *o = &m->palette->octaves[octave];
    float mean[PST_FEATURE_CHANNELS], deviation[PST_FEATURE_CHANNELS];
    int channel = 0;

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        PstPaletteLayer *layer = &o->layers[i];
        int channels = pst_encoder_layers[i].out;

        pst_moments_get(m->moments[i], PST_EPSILON, layer->mean, layer->deviation);
        pst_neighbours_unit(layer->unit, NULL, layer->count, channels, layer->mean, layer->unit, layer->length);
        for (int k = 0; k < layer->count; k++) {
            layer->length[k] = 1 / layer->length[k];
        }
        pst_moments_get(m->column_moments[i], PST_EPSILON, mean + channel, deviation + channel);
        pst_moments_reset(m->moments[i]);
        pst_moments_reset(m->column_moments[i]);
        channel += channels;
    }
    pst_neighbours_unit(o->column, NULL, o->count, PST_FEATURE_CHANNELS, mean, o->unit, NULL);
}

static void halve_all(Maker *m, PstMap *looks)
{
    for (int i = 0; i < m->looks; i++) {
        PstMap small = pst_map_new((looks[i].height + 1) / 2, (looks[i].width + 1) / 2, looks[i].channels);

        pst_halve(m->executor, &looks[i], &small);
        pst_map_clear(&looks[i]);
        looks[i] = small;
    }
}

static void make(Maker *m, PstMap *looks)
{
    enum { SMALLEST = 16 };

    for (int octave = 0; octave < m->options->octaves && !pst_executor_cancelled(m->executor); octave++) {
        for (int i = 0; i < m->looks; i++) {
            if (MIN(looks[i].height, looks[i].width) >= SMALLEST) {
                look_at(m, octave, i, &looks[i]);
            }
        }
        if (m->palette->octaves[octave].count > 0) {
            finish_octave(m, octave);
        }
        halve_all(m, looks);
    }
}

PstStylePalette *pst_style_palette_new(const PstFeatureNetwork *network, PstExecutor *executor, const PstMap *paintings,
                                       int count, const PstPaletteOptions *options)
{
    g_autoptr(PstStylePalette) palette = g_new0(PstStylePalette, 1);
    Maker m = { .network = network,
                .executor = executor,
                .options = options,
                .looks = count * options->turns,
                .palette = palette };
    g_autofree PstMap *looks = g_new(PstMap, m.looks);

    for (int i = 0; i < m.looks; i++) {
        looks[i] = turned(&paintings[i / options->turns], i % options->turns * (4 / options->turns));
    }
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        int channels = pst_encoder_layers[i].out;

        m.moments[i] = pst_moments_new(channels);
        m.column_moments[i] = pst_moments_new(channels);
    }
    for (int i = 0; i < options->octaves; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            PstPaletteLayer *l = &palette->octaves[i].layers[layer];

            l->unit = pst_floats_new((gsize)vectors_of(options, layer) * pst_encoder_layers[layer].out);
            l->length = g_new(float, vectors_of(options, layer));
        }
        palette->octaves[i].column = pst_floats_new((gsize)options->columns * PST_FEATURE_CHANNELS);
        palette->octaves[i].unit = pst_floats_new((gsize)options->columns * PST_FEATURE_CHANNELS);
    }
    make(&m, looks);
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        pst_moments_free(m.moments[i]);
        pst_moments_free(m.column_moments[i]);
    }
    for (int i = 0; i < m.looks; i++) {
        pst_map_clear(&looks[i]);
    }
    return pst_executor_cancelled(executor) ? NULL : g_steal_pointer(&palette);
}

void pst_style_palette_free(PstStylePalette *palette)
{
    if (!palette) {
        return;
    }
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            pst_floats_free(palette->octaves[i].layers[layer].unit);
            g_free(palette->octaves[i].layers[layer].length);
        }
        pst_floats_free(palette->octaves[i].column);
        pst_floats_free(palette->octaves[i].unit);
    }
    g_free(palette);
}
