#include "neighbour_loss.h"

#include "engine/kernel/moments.h"
#include "engine/kernel/nearest.h"
#include "engine/kernel/neighbours.h"

#include <string.h>

struct PstStyleVectors {
    int capacity;
    int count[PST_NEIGHBOUR_LAYERS];
    gsize places[PST_NEIGHBOUR_LAYERS]; /* that the centre is a mean of */
    float *centre[PST_NEIGHBOUR_LAYERS];
    float *rows[PST_NEIGHBOUR_LAYERS]; /* [capacity][channels] */
};

struct PstNeighbourLoss {
    int places, vectors;
    void *scratch;
    gint16 *table;         /* of what is searched among */
    float *unit;           /* of the picture, [places][channels] */
    float *inverse_length; /* of these */
    float *chosen;         /* of the style's vectors, [vectors][channels] */
    int *chosen_rows;
    int *forwards;  /* of each place, a vector */
    int *backwards; /* of each vector, a place */
    int *place[PST_NEIGHBOUR_LAYERS];
    float *gradient[PST_NEIGHBOUR_LAYERS]; /* [places][channels] */
};

static int channels_of(int layer)
{
    return pst_encoder_layers[layer].out;
}

static int *integers(PstArena *arena, int n)
{
    return (int *)pst_arena_floats(arena, n);
}

/* ---- the style ------------------------------------------------------------------------------ */

PstStyleVectors *pst_style_vectors_new(PstArena *arena, int capacity)
{
    PstStyleVectors *v = (PstStyleVectors *)pst_arena_floats(arena, sizeof *v / sizeof(float));

    v->capacity = capacity;
    for (int layer = 0; layer < PST_NEIGHBOUR_LAYERS; layer++) {
        v->centre[layer] = pst_arena_floats(arena, channels_of(layer));
        v->rows[layer] = pst_arena_floats(arena, (gsize)capacity * channels_of(layer));
    }
    pst_style_vectors_clear(v);
    return v;
}

void pst_style_vectors_clear(PstStyleVectors *v)
{
    memset(v->count, 0, sizeof v->count);
    memset(v->places, 0, sizeof v->places);
}

void pst_style_vectors_add(PstStyleVectors *v, const PstActivations *activations, int most, PstRandom *random)
{
    g_autofree int *rows = g_new(int, v->capacity);

    for (int layer = 0; layer < PST_NEIGHBOUR_LAYERS; layer++) {
        const PstMap *f = &activations->layers[layer];
        int channels = f->channels;
        gsize places = (gsize)f->height * f->width;
        float mean[PST_TAP_CHANNELS], deviation[PST_TAP_CHANNELS];
        float share = places / (float)(v->places[layer] + places);
        int count = pst_random_choose(random, places, MIN(most, v->capacity - v->count[layer]), rows);
        float *to = v->rows[layer] + (gsize)v->count[layer] * channels;

        pst_map_moments(f, PST_EPSILON, mean, deviation);
        for (int c = 0; c < channels; c++) {
            float before = v->places[layer] ? v->centre[layer][c] : mean[c];

            v->centre[layer][c] = before + share * (mean[c] - before);
        }
        for (int i = 0; i < count; i++) {
            memcpy(to + (gsize)i * channels, f->data + (gsize)rows[i] * channels, channels * sizeof *to);
        }
        v->count[layer] += count;
        v->places[layer] += places;
    }
}

void pst_style_vectors_finish(PstStyleVectors *v)
{
    for (int layer = 0; layer < PST_NEIGHBOUR_LAYERS; layer++) {
        pst_neighbours_unit(v->rows[layer], NULL, v->count[layer], channels_of(layer), v->centre[layer], v->rows[layer],
                            NULL);
    }
}

/* ---- the loss ------------------------------------------------------------------------------- */

PstNeighbourLoss *pst_neighbour_loss_new(PstArena *arena, int places, int vectors)
{
    PstNeighbourLoss *l = (PstNeighbourLoss *)pst_arena_floats(arena, sizeof *l / sizeof(float));
    int widest = 0;
    gsize table = 0;

    l->places = places;
    l->vectors = vectors;
    for (int layer = 0; layer < PST_NEIGHBOUR_LAYERS; layer++) {
        widest = MAX(widest, channels_of(layer));
        table = MAX(table, pst_nearest_table_size(MAX(places, vectors), channels_of(layer)));
        l->place[layer] = integers(arena, places);
        l->gradient[layer] = pst_arena_floats(arena, (gsize)places * channels_of(layer));
    }
    l->scratch = pst_arena_floats(arena, pst_nearest_scratch(widest) / sizeof(float));
    l->table = (gint16 *)pst_arena_floats(arena, (table + 1) / 2);
    l->unit = pst_arena_floats(arena, (gsize)places * widest);
    l->inverse_length = pst_arena_floats(arena, places);
    l->chosen = pst_arena_floats(arena, (gsize)vectors * widest);
    l->chosen_rows = integers(arena, vectors);
    l->forwards = integers(arena, places);
    l->backwards = integers(arena, vectors);
    return l;
}

/* Finds the nearest of `count` queries among candidates; returns the mean of their distances. */
static double find(PstNeighbourLoss *l, const float *queries, int count, const float *candidates, int candidate_count,
                   int channels, int *index)
{
    double sum = 0;

    pst_nearest_pack(candidates, candidate_count, channels, l->table);
    pst_nearest_find(queries, count, l->table, candidate_count, channels, index, l->scratch);
    for (int i = 0; i < count; i++) {
        const float *query = queries + (gsize)i * channels, *found = candidates + (gsize)index[i] * channels;
        float similarity = 0;

        for (int c = 0; c < channels; c++) {
            similarity += query[c] * found[c];
        }
        sum += 1 - similarity;
    }
    return sum / count;
}

/* With respect to the unit vectors: the sum of factor * neighbour. */
static void pull(const PstNeighbourLoss *l, const float *vectors, int count, int vector_count, int channels,
                 const float factors[2], float *gradient)
{
    for (int i = 0; i < count; i++) {
        const float *v = vectors + (gsize)l->forwards[i] * channels;

        for (int c = 0; c < channels; c++) {
            gradient[(gsize)i * channels + c] = factors[0] * v[c];
        }
    }
    for (int i = 0; factors[1] != 0 && i < vector_count; i++) {
        float *g = gradient + (gsize)l->backwards[i] * channels;
        const float *v = vectors + (gsize)i * channels;

        for (int c = 0; c < channels; c++) {
            g[c] += factors[1] * v[c];
        }
    }
}

/* From there to the features. */
static void through_length(const PstNeighbourLoss *l, int count, int channels, float *gradient)
{
    for (int i = 0; i < count; i++, gradient += channels) {
        const float *u = l->unit + (gsize)i * channels;
        float along = 0;

        for (int c = 0; c < channels; c++) {
            along += gradient[c] * u[c];
        }
        for (int c = 0; c < channels; c++) {
            gradient[c] = (gradient[c] - along * u[c]) * l->inverse_length[i];
        }
    }
}

/* The vectors of a layer that are compared with: all of them, or a sample. */
static const float *choose_vectors(PstNeighbourLoss *l, const PstStyleVectors *style, int layer, PstRandom *random,
                                   int *count)
{
    int channels = channels_of(layer);

    *count = style->count[layer];
    if (*count <= l->vectors) {
        return style->rows[layer];
    }
    *count = pst_random_choose(random, *count, l->vectors, l->chosen_rows);
    for (int i = 0; i < *count; i++) {
        memcpy(l->chosen + (gsize)i * channels, style->rows[layer] + (gsize)l->chosen_rows[i] * channels,
               channels * sizeof(float));
    }
    return l->chosen;
}

void pst_neighbour_loss(PstNeighbourLoss *l, const PstStyleVectors *style, PstRandom *random, const double weights[2],
                        PstActivations *activations, double terms[2])
{
    terms[0] = terms[1] = 0;
    for (int layer = 0; layer < PST_NEIGHBOUR_LAYERS; layer++) {
        const PstMap *f = &activations->layers[layer];
        int channels = f->channels, vector_count;
        int count = pst_random_choose(random, (gsize)f->height * f->width, l->places, l->place[layer]);
        const float *vectors = choose_vectors(l, style, layer, random, &vector_count);
        const float factors[2] = { (float)(-weights[0] / (PST_NEIGHBOUR_LAYERS * (double)count)),
                                   (float)(-weights[1] / (PST_NEIGHBOUR_LAYERS * (double)vector_count)) };

        pst_neighbours_unit(f->data, l->place[layer], count, channels, style->centre[layer], l->unit,
                            l->inverse_length);
        terms[0] += find(l, l->unit, count, vectors, vector_count, channels, l->forwards) / PST_NEIGHBOUR_LAYERS;
        terms[1] += find(l, vectors, vector_count, l->unit, count, channels, l->backwards) / PST_NEIGHBOUR_LAYERS;
        if (activations->gradient) {
            pull(l, vectors, count, vector_count, channels, factors, l->gradient[layer]);
            through_length(l, count, channels, l->gradient[layer]);
            activations->sparse[layer] = (PstSparseGradient){ count, l->place[layer], l->gradient[layer] };
        }
    }
}
