/* Refinement: a picture is changed until each of its patches is one that the painter would make.
 *
 * The variables are the coefficients of a Laplacian pyramid (engine/network/pyramid.h), optimised by Adam from coarse
 * to fine (layer_loss.h). After Kolkin et al., "Neural Neighbor Style Transfer", arXiv:2203.13215.
 *
 * The same bytes come out on any number of threads.
 */
#pragma once

#include "engine/kernel/colour_transfer.h"

#include "layer_loss.h"

typedef struct {
    int steps[PST_PALETTE_OCTAVES]; /* [i]: of the picture halved i times */
    double rate;                    /* of Adam at the first step of an octave, */
    double final_rate;              /* and at the last, between which it falls along half a cosine */
    double beta2;                   /* of Adam */
    PstLayerWeights weights;
    /* What the picture's colours are moved to at the end of each octave, since angles between features hardly see them;
     * borrowed. NULL: they are left alone. */
    const PstColourMoments *colours;
} PstRefineOptions;

#define PST_REFINE_DEFAULTS                                                                                            \
    {                                                                                                                  \
        .steps = { 54, 72, 128 }, .rate = 5e-3, .final_rate = 2e-3, .beta2 = 0.999, .weights = {                       \
            .refresh = 8,                                                                                              \
            .near = 1,                                                                                                 \
            .cover = 0.1,                                                                                              \
            .moments = 1.35,                                                                                           \
            .content = 0.64,                                                                                           \
            .strokes = 0.3                                                                                             \
        }                                                                                                              \
    }

/** Called between steps on the calling thread: `done` 0..1, and, at the end of each octave and now and then later, the
 *  picture as it stands ([height][width][3] of its octave's size), else NULL. */
typedef void (*PstRefineProgress)(double done, const PstMap *picture, gpointer data);

/** Refines `picture` in place: the painting to start from, or the photograph itself. Both are [height][width][3] of the
 *  same size, at least 16 x 16, in 0..1. progress may be NULL. FALSE once cancelled, within a fifth of a second; the
 *  picture is then what the last whole step made of it. */
gboolean pst_refine(const PstFeatureNetwork *network, const PstPaletteVectors *style, const PstMap *photo,
                    PstMap *picture, const PstRefineOptions *options, PstThreadPool *pool, GCancellable *cancellable,
                    PstRefineProgress progress, gpointer data);
