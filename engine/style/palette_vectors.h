/* Style vectors: what places of a painting look like, so that those of another picture can be compared with them.
 *
 * Of each octave (the painting itself, half its size, a quarter ..) and each layer of the network some vectors, less
 * the layer's mean and at length 1, and the means and standard deviations of its channels. After Kolkin et al., "Neural
 * Neighbor Style Transfer", arXiv:2203.13215.
 */
#pragma once

#include "engine/network/feature_network.h"

#include "engine/base/random.h"

#define PST_PALETTE_OCTAVES 4

typedef struct {
    /* Of a layer of the first and fourth block, 4 ..; of the third two and a half times, of the second four times as
     * many: strokes are seen there. Each octave has half as many as the one before. Paintings with fewer places have
     * fewer. */
    int vectors;
    int octaves; /* 1 .. PST_PALETTE_OCTAVES */
} PstPaletteVectorsOptions;

#define PST_PALETTE_VECTORS_DEFAULTS                                                                                   \
    {                                                                                                                  \
        .vectors = 304, .octaves = PST_PALETTE_OCTAVES                                                                 \
    }

typedef struct {
    int count;
    float *unit;   /* [count][channels] */
    float *length; /* [count]: what they were divided by */
    float mean[PST_FEATURE_WIDEST];
    float deviation[PST_FEATURE_WIDEST];
} PstPaletteLayer;

typedef struct {
    PstPaletteLayer layers[PST_FEATURE_LAYERS]; /* without vectors where paintings are too small for this octave */
} PstPaletteOctave;

/** Read-only, any number of threads may share it. */
typedef struct {
    PstPaletteOctave octaves[PST_PALETTE_OCTAVES]; /* [i]: paintings halved i times */
} PstPaletteVectors;

/** Of `count` paintings [height][width][3] (each at least 16 x 16) in the size that their strokes are to have. All
 *  count alike. NULL where cancelled. */
PstPaletteVectors *pst_palette_vectors_new(const PstFeatureNetwork *network, PstExecutor *executor,
                                           const PstMap *paintings, int count, const PstPaletteVectorsOptions *options);

/** Room for counts[octave][layer] vectors, not cleared; `count` is set, and may be lowered. */
PstPaletteVectors *pst_palette_vectors_room(const int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS]);
void pst_palette_vectors_free(PstPaletteVectors *vectors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPaletteVectors, pst_palette_vectors_free)

/** Whether there are vectors of that octave, in each layer. */
gboolean pst_palette_vectors_has(const PstPaletteVectors *vectors, int octave);
