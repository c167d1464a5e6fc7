#include "style_palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/kernel/nearest.h"
#include "engine/kernel/neighbours.h"
#include "engine/network/padding.h"

#define COLOURS 13
#define ZERO    128
#define MOST    127 /* the largest coordinate of a vector */
#define LARGEST 1e6f

static const char *const names[] = { "palette.vectors", "palette.lengths", "palette.counts", "palette.moments",
                                     "palette.colours" };
enum { VECTORS, LENGTHS, COUNTS, MOMENTS, COLOUR };

struct PstStylePalette {
    gatomicrefcount references;
    int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS];
    gsize bytes, vectors; /* of all octaves */
    guint8 *directions;   /* [bytes] */
    float *lengths;       /* [vectors] */
    float moments[PST_PALETTE_OCTAVES][2][PST_FEATURE_CHANNELS];
    float colours[COLOURS];
};

static int channels_of(int layer)
{
    return pst_encoder_layers[layer].out;
}

static void count(PstStylePalette *p)
{
    p->bytes = p->vectors = 0;
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            p->vectors += p->counts[i][layer];
            p->bytes += (gsize)p->counts[i][layer] * channels_of(layer);
        }
    }
}

PstStylePalette *pst_style_palette_ref(const PstStylePalette *palette)
{
    PstStylePalette *p = (PstStylePalette *)palette;

    g_atomic_ref_count_inc(&p->references);
    return p;
}

void pst_style_palette_unref(PstStylePalette *p)
{
    if (p && g_atomic_ref_count_dec(&p->references)) {
        g_free(p->directions);
        g_free(p->lengths);
        g_free(p);
    }
}

int pst_style_palette_side(const PstStylePalette *p)
{
    return (int)p->colours[0];
}

PstColourMoments pst_style_palette_colours(const PstStylePalette *p)
{
    PstColourMoments m;

    for (int a = 0; a < 3; a++) {
        m.mean[a] = p->colours[1 + a];
        for (int b = 0; b < 3; b++) {
            m.covariance[a][b] = p->colours[4 + 3 * a + b];
        }
    }
    return m;
}

gboolean pst_style_palette_equal(const PstStylePalette *a, const PstStylePalette *b)
{
    return a == b || (a && b && memcmp(a->counts, b->counts, sizeof a->counts) == 0 &&
                      memcmp(a->directions, b->directions, a->bytes) == 0 &&
                      memcmp(a->lengths, b->lengths, a->vectors * sizeof *a->lengths) == 0 &&
                      memcmp(a->moments, b->moments, sizeof a->moments) == 0 &&
                      memcmp(a->colours, b->colours, sizeof a->colours) == 0);
}

/* ---- in 8 bits and back ---------------------------------------------------------------------- */

static void pack(const float *unit, int channels, guint8 *direction)
{
    float largest = 0;

    for (int c = 0; c < channels; c++) {
        largest = MAX(largest, fabsf(unit[c]));
    }
    for (int c = 0; c < channels; c++) {
        direction[c] = (guint8)(ZERO + (largest > 0 ? lrintf(unit[c] / largest * MOST) : 0));
    }
}

/* What vectors are looked for among has length 1 again. */
static void unpack(const guint8 *direction, int channels, float *unit)
{
    double squares = 0;
    float scale;

    for (int c = 0; c < channels; c++) {
        unit[c] = direction[c] - ZERO;
        squares += unit[c] * unit[c];
    }
    scale = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
    for (int c = 0; c < channels; c++) {
        unit[c] *= scale;
    }
}

/* Where an octave's vectors of a layer lie. */
static void place(const PstStylePalette *p, int octave, int layer, gsize *byte, gsize *vector)
{
    *byte = *vector = 0;
    for (int i = 0; i <= octave; i++) {
        for (int k = 0; k < (i < octave ? PST_FEATURE_LAYERS : layer); k++) {
            *vector += p->counts[i][k];
            *byte += (gsize)p->counts[i][k] * channels_of(k);
        }
    }
}

static PstStylePalette *from_vectors(const PstPaletteVectors *vectors, int side, const PstColourMoments *colours)
{
    PstStylePalette *p = g_new0(PstStylePalette, 1);
    gsize byte = 0, vector = 0;

    g_atomic_ref_count_init(&p->references);
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            p->counts[i][layer] = vectors->octaves[i].layers[layer].count;
        }
    }
    count(p);
    p->directions = g_malloc(p->bytes);
    p->lengths = g_new(float, p->vectors);
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0, channel = 0; layer < PST_FEATURE_LAYERS; channel += channels_of(layer++)) {
            const PstPaletteLayer *l = &vectors->octaves[i].layers[layer];
            gsize bytes = channels_of(layer) * sizeof(float);

            for (int k = 0; k < l->count; k++, byte += channels_of(layer)) {
                pack(l->unit + (gsize)k * channels_of(layer), channels_of(layer), p->directions + byte);
                p->lengths[vector++] = l->length[k];
            }
            memcpy(p->moments[i][0] + channel, l->mean, bytes);
            memcpy(p->moments[i][1] + channel, l->deviation, bytes);
        }
    }
    p->colours[0] = side;
    for (int a = 0; a < 3; a++) {
        p->colours[1 + a] = (float)colours->mean[a];
        for (int b = 0; b < 3; b++) {
            p->colours[4 + 3 * a + b] = (float)colours->covariance[a][b];
        }
    }
    return p;
}

PstPaletteVectors *pst_style_palette_vectors(const PstStylePalette *p, int first)
{
    int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS] = { 0 };
    PstPaletteVectors *vectors;

    for (int i = first; i < PST_PALETTE_OCTAVES; i++) {
        memcpy(counts[i - first], p->counts[i], sizeof counts[0]);
    }
    vectors = pst_palette_vectors_room((const int(*)[PST_FEATURE_LAYERS])counts);
    for (int i = first; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0, channel = 0; layer < PST_FEATURE_LAYERS; channel += channels_of(layer++)) {
            PstPaletteLayer *l = &vectors->octaves[i - first].layers[layer];
            gsize byte, vector, bytes = channels_of(layer) * sizeof(float);

            place(p, i, layer, &byte, &vector);
            for (int k = 0; k < l->count; k++) {
                gsize at = (gsize)k * channels_of(layer);

                unpack(p->directions + byte + at, channels_of(layer), l->unit + at);
            }
            memcpy(l->length, p->lengths + vector, l->count * sizeof(float));
            memcpy(l->mean, p->moments[i][0] + channel, bytes);
            memcpy(l->deviation, p->moments[i][1] + channel, bytes);
        }
    }
    return vectors;
}

/* ---- making ----------------------------------------------------------------------------------- */

static int short_side(const PstPicture *const *paintings, int n)
{
    int side = PST_PALETTE_SIDE;

    for (int i = 0; i < n; i++) {
        side = MIN(side, MIN(paintings[i]->width, paintings[i]->height));
    }
    return MAX(side, PST_PALETTE_SMALLEST);
}

/* A picture as the network takes it. A frieze a thousand times wider than high is cut in its middle. */
static gboolean fill(const PstPicture *picture, int side, PstMap *map, GCancellable *cancellable, GError **error)
{
    enum { WIDEST = 8 };
    g_autoptr(PstPicture) sized = pst_picture_fit_short_side(picture, side, cancellable, error);
    int height, width;

    if (!sized) {
        return FALSE;
    }
    height = MIN(sized->height, WIDEST * side);
    width = MIN(sized->width, WIDEST * side);
    *map = pst_map_new(height, width, 3);
    for (int y = 0; y < height; y++) {
        gsize at = (gsize)(y + (sized->height - height) / 2) * sized->width;

        pst_padded_row(sized->rgb + 3 * at, sized->alpha ? sized->alpha + at : NULL, sized->width,
                       (sized->width - width) / 2, width, pst_map_at(map, y, 0));
    }
    return TRUE;
}

PstStylePalette *pst_style_palette_new(const PstFeatureNetwork *network, PstThreadPool *pool,
                                       const PstPicture *const *paintings, int n, GCancellable *cancellable,
                                       GError **error)
{
    const PstPaletteVectorsOptions options = PST_PALETTE_VECTORS_DEFAULTS;
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    g_autofree PstMap *maps = g_new0(PstMap, n);
    g_autoptr(PstPaletteVectors) vectors = NULL;
    PstColourMoments colours = { 0 };
    int side = short_side(paintings, n);
    gboolean ready = TRUE;

    for (int i = 0; i < n && ready; i++) {
        ready = fill(paintings[i], side, &maps[i], cancellable, error);
        if (ready) {
            PstColourMoments more = pst_colour_moments(&maps[i]);

            pst_colour_moments_join(&colours, i, &more);
        }
    }
    if (ready && !(vectors = pst_palette_vectors_new(network, executor, maps, n, &options))) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
    for (int i = 0; i < n; i++) {
        pst_map_clear(&maps[i]);
    }
    return vectors ? from_vectors(vectors, side, &colours) : NULL;
}

/* ---- mixing ----------------------------------------------------------------------------------- */

/* Adds every so many of a layer's vectors to a mix. */
static void add_vectors(const PstPaletteLayer *from, int channels, int wanted, PstPaletteLayer *to)
{
    for (int k = 0; k < wanted; k++) {
        int i = (int)((gint64)k * from->count / wanted);

        memcpy(to->unit + (gsize)to->count * channels, from->unit + (gsize)i * channels, channels * sizeof(float));
        to->length[to->count++] = from->length[i];
    }
}

static void add_moments(const PstPaletteLayer *from, int channels, float share, PstPaletteLayer *to)
{
    for (int c = 0; c < channels; c++) {
        to->mean[c] += share * from->mean[c];
        to->deviation[c] += share * from->deviation[c] * from->deviation[c];
    }
}

static void mix_layer(PstPaletteVectors *const *parts, const double *shares, int n, int octave, int layer,
                      PstPaletteLayer *to)
{
    double known = 0;

    to->count = 0;
    for (int i = 0; i < n; i++) {
        const PstPaletteLayer *from = &parts[i]->octaves[octave].layers[layer];

        known += from->count > 0 ? shares[i] : 0;
        add_vectors(from, channels_of(layer), (int)(shares[i] * from->count + 0.5), to);
    }
    for (int i = 0; i < n && known > 0; i++) {
        const PstPaletteLayer *from = &parts[i]->octaves[octave].layers[layer];

        if (from->count > 0) {
            add_moments(from, channels_of(layer), (float)(shares[i] / known), to);
        }
    }
    for (int c = 0; c < channels_of(layer); c++) {
        to->deviation[c] = sqrtf(to->deviation[c]);
    }
}

PstStylePalette *pst_style_palette_mix(const PstStylePalette *const *palettes, const double *shares, int n)
{
    g_autofree PstPaletteVectors **parts = g_new(PstPaletteVectors *, n);
    int room[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS] = { 0 };
    g_autoptr(PstPaletteVectors) mix = NULL;
    PstColourMoments colours = { 0 };
    int side = PST_PALETTE_SIDE;

    for (int i = 0; i < n; i++) {
        PstColourMoments own = pst_style_palette_colours(palettes[i]);

        parts[i] = pst_style_palette_vectors(palettes[i], 0);
        side = MIN(side, pst_style_palette_side(palettes[i]));
        for (int a = 0; a < 3; a++) {
            colours.mean[a] += shares[i] * own.mean[a];
            for (int b = 0; b < 3; b++) {
                colours.covariance[a][b] += shares[i] * own.covariance[a][b];
            }
        }
        for (int octave = 0; octave < PST_PALETTE_OCTAVES; octave++) {
            for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
                room[octave][layer] += (int)(shares[i] * palettes[i]->counts[octave][layer] + 0.5);
            }
        }
    }
    mix = pst_palette_vectors_room((const int(*)[PST_FEATURE_LAYERS])room);
    for (int octave = 0; octave < PST_PALETTE_OCTAVES; octave++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            mix_layer(parts, shares, n, octave, layer, &mix->octaves[octave].layers[layer]);
        }
    }
    for (int i = 0; i < n; i++) {
        pst_palette_vectors_free(parts[i]);
    }
    return from_vectors(mix, side, &colours);
}

/* ---- files ------------------------------------------------------------------------------------ */

void pst_style_palette_list_names(GPtrArray *list)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_ptr_array_add(list, g_strdup(names[i]));
    }
}

void pst_style_palette_write(const PstStylePalette *p, PstTensorsWriter *writer)
{
    float counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS];

    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            counts[i][layer] = p->counts[i][layer];
        }
    }
    pst_tensors_writer_add_bytes(writer, names[VECTORS], p->directions, (int[]){ (int)p->bytes }, 1);
    pst_tensors_writer_add(writer, names[LENGTHS], PST_TENSOR_F32, p->lengths, (int[]){ (int)p->vectors }, 1);
    pst_tensors_writer_add(writer, names[COUNTS], PST_TENSOR_F32, counts[0],
                           (int[]){ PST_PALETTE_OCTAVES, PST_FEATURE_LAYERS }, 2);
    pst_tensors_writer_add(writer, names[MOMENTS], PST_TENSOR_F32, p->moments[0][0],
                           (int[]){ PST_PALETTE_OCTAVES, 2, PST_FEATURE_CHANNELS }, 3);
    pst_tensors_writer_add(writer, names[COLOUR], PST_TENSOR_F32, p->colours, (int[]){ COLOURS }, 1);
}

static gboolean within(const float *values, gsize n, float least, float most)
{
    for (gsize i = 0; i < n; i++) {
        if (!(values[i] >= least && values[i] <= most)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_counts(PstStylePalette *p, const float *counts)
{
    for (int i = 0; i < PST_PALETTE_OCTAVES * PST_FEATURE_LAYERS; i++) {
        if (!(counts[i] >= 0 && counts[i] <= PST_NEAREST_CANDIDATES) || counts[i] != floorf(counts[i])) {
            return FALSE;
        }
        p->counts[i / PST_FEATURE_LAYERS][i % PST_FEATURE_LAYERS] = (int)counts[i];
    }
    count(p);
    for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
        if (p->counts[0][layer] == 0) {
            return FALSE;
        }
    }
    return p->bytes <= PST_PALETTE_BYTES;
}

gboolean pst_style_palette_present(const PstTensors *tensors)
{
    return pst_tensors_find(tensors, names[VECTORS]) != NULL;
}

PstStylePalette *pst_style_palette_read(const PstTensors *tensors, const char *file, GError **error)
{
    g_autoptr(PstStylePalette) p = g_new0(PstStylePalette, 1);
    const guint8 *directions;
    const float *counts, *lengths, *moments, *colours;

    g_atomic_ref_count_init(&p->references);
    if (!(counts = pst_tensors_get(tensors, names[COUNTS], (int[]){ PST_PALETTE_OCTAVES, PST_FEATURE_LAYERS }, 2,
                                   error)) ||
        !(moments = pst_tensors_get(tensors, names[MOMENTS], (int[]){ PST_PALETTE_OCTAVES, 2, PST_FEATURE_CHANNELS }, 3,
                                    error)) ||
        !(colours = pst_tensors_get(tensors, names[COLOUR], (int[]){ COLOURS }, 1, error))) {
        return NULL;
    }
    if (!read_counts(p, counts) || !within(moments, sizeof p->moments / sizeof(float), 0, LARGEST) ||
        !within(colours, 1, PST_PALETTE_SMALLEST, PST_PALETTE_SIDE) || !within(colours + 1, COLOURS - 1, -1, 1)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, _("%s: its palette can't be one"), file);
        return NULL;
    }
    if (!(directions = pst_tensors_get_bytes(tensors, names[VECTORS], (int[]){ (int)p->bytes }, 1, error)) ||
        !(lengths = pst_tensors_get(tensors, names[LENGTHS], (int[]){ (int)p->vectors }, 1, error))) {
        return NULL;
    }
    if (!within(lengths, p->vectors, 0, LARGEST)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, _("%s: its palette can't be one"), file);
        return NULL;
    }
    p->directions = g_memdup2(directions, p->bytes);
    p->lengths = g_memdup2(lengths, p->vectors * sizeof *lengths);
    memcpy(p->moments, moments, sizeof p->moments);
    memcpy(p->colours, colours, sizeof p->colours);
    return g_steal_pointer(&p);
}
