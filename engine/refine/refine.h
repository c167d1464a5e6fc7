/* Refinement: a picture is changed until each of its patches is one that the painter would make.
 *
 * The variables are the coefficients of a Laplacian pyramid (pyramid.h), optimised by Adam, first coarse to fine with
 * hypercolumns (column_loss.h), then at full size with all layers apart (layer_loss.h). After Kolkin et al., "Neural
 * Neighbor Style Transfer", arXiv:2203.13215.
 *
 * The same bytes come out on any number of threads.
 */
#pragma once

#include "layer_loss.h"

G_BEGIN_DECLS

typedef struct {
    int column_steps[PST_PALETTE_OCTAVES]; /* with hypercolumns, [i]: of the picture halved i times */
    int layer_steps[PST_PALETTE_OCTAVES];  /* with all layers apart */
    double column_rate;                    /* of Adam */
    double own;        /* what the start counts, 0 .. 1, beside the photograph where targets are chosen */
    double rate;       /* of Adam at the first step with layers apart, */
    double final_rate; /* and at the last, between which it falls along half a cosine */
    double beta2;      /* of Adam */
    PstLayerWeights weights;
} PstRefineOptions;

#define PST_REFINE_DEFAULTS                                                                                            \
    {                                                                                                                  \
        .layer_steps = { 50, 60, 80 }, .column_rate = 3e-3, .own = 0.25, .rate = 5e-3, .final_rate = 2e-3,             \
        .beta2 = 0.999, .weights = {                                                                                   \
            .refresh = 8,                                                                                              \
            .near = 1,                                                                                                 \
            .cover = 0.1,                                                                                              \
            .moments = 1,                                                                                              \
            .content = 0.5                                                                                             \
        }                                                                                                              \
    }

/** Called between steps on the calling thread: `done` 0..1, and, at the end of each octave and now and then later, the
 *  picture as it stands ([height][width][3] of its octave's size), else NULL. */
typedef void (*PstRefineProgress)(double done, const PstMap *picture, gpointer data);

/** Refines `picture` in place: the painting to start from, or the photograph itself. Both are [height][width][3] of the
 *  same size, at least 16 x 16, in 0..1. progress may be NULL. FALSE once cancelled, within a fifth of a second; the
 *  picture is then what the last whole step made of it. */
gboolean pst_refine(const PstFeatureNetwork *network, const PstStylePalette *palette, const PstMap *photo,
                    PstMap *picture, const PstRefineOptions *options, PstThreadPool *pool, GCancellable *cancellable,
                    PstRefineProgress progress, gpointer data);

G_END_DECLS
