/* The style palette: what places of a painting look like, so that those of another picture can be compared with them.
 *
 * Of each octave (the painting itself, half its size, a quarter ..) and each layer of the network some style vectors,
 * less the layer's mean and at length 1, and the means and standard deviations of its channels; and some hypercolumns.
 * Paintings are looked at as they hang and turned by a quarter, a half and three quarters, so that there are strokes of
 * more directions to choose from (Kolkin et al., arXiv:2203.13215).
 */
#pragma once

#include "feature_network.h"

#include "engine/base/random.h"

G_BEGIN_DECLS

#define PST_PALETTE_OCTAVES 4

typedef struct {
    /* Style vectors of a layer of the third and fourth block, 4 ..; of the second half as many, of the first a quarter:
     * few channels see less. Paintings with fewer places have fewer. */
    int vectors;
    int columns; /* hypercolumns of an octave, 1 .. */
    int turns;   /* 1, 2 or 4: by how many angles paintings are turned */
    int octaves; /* 1 .. PST_PALETTE_OCTAVES */
} PstPaletteOptions;

#define PST_PALETTE_DEFAULTS                                                                                           \
    {                                                                                                                  \
        .vectors = 512, .columns = 1024, .turns = 1, .octaves = 4                                                      \
    }

typedef struct {
    int count;
    float *unit;   /* [count][channels] */
    float *length; /* [count]: what they were divided by */
    float mean[PST_FEATURE_WIDEST];
    float deviation[PST_FEATURE_WIDEST];
} PstPaletteLayer;

typedef struct {
    PstPaletteLayer layers[PST_FEATURE_LAYERS];
    int count;     /* of hypercolumns; 0: paintings are too small for this octave */
    float *column; /* [count][PST_FEATURE_CHANNELS] */
    float *unit;   /* the same less the mean over all places, at length 1 */
} PstPaletteOctave;

/** Read-only, any number of threads may share it. */
typedef struct {
    PstPaletteOctave octaves[PST_PALETTE_OCTAVES]; /* [i]: paintings halved i times */
} PstStylePalette;

/** Makes a palette of `count` paintings [height][width][3] (each at least 16 x 16) in the size that their strokes are
 *  to have. All count alike. NULL where cancelled. */
PstStylePalette *pst_style_palette_new(const PstFeatureNetwork *network, PstExecutor *executor, const PstMap *paintings,
                                       int count, const PstPaletteOptions *options);
void pst_style_palette_free(PstStylePalette *palette);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStylePalette, pst_style_palette_free)

/** Chooses at most `most` of n, spread evenly: one at random out of each of `most` equal parts. Returns how many. */
int pst_choose_places(gsize n, int most, PstRandom *random, int *places);

G_END_DECLS
