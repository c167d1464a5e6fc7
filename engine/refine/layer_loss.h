/* What the layers say of a picture, each apart: how far its places are from those of the painting, its channels from
 * the painting's means and deviations, and its forms from the photograph's.
 *
 * With a(p) the features of a layer at place p, c the mean of the painting's, v(q) its style vectors of length 1 and
 * s(q) the same as they are in the painting (palette_vectors.h), and u(p) = (a(p) - c) / |a(p) - c|, the loss is the
 * sum over all layers of
 *
 *   near     mean over all places of 1 - <u(p), v(q)>, q the place's neighbour: nothing that the painter would not do
 *   cover    mean over all style vectors of 1 - <u(p), v(q)>, p the vector's neighbour: nothing of the painter left
 *            out, and large even areas not all of one texture
 *   apart    mean over all places of |a(p) - s(q)|^2 / (sum of deviation^2)
 *   moments  (mean over channels of (mean(a) - mean)^2 + (deviation(a) - deviation)^2) / mean of deviation^2
 *
 * and of content, MSE at relu3_1 + 0.6 MSE at relu4_1 + 0.3 MSE at relu4_4 between instance-normalised features of the
 * picture and of the photograph, each place counting by its saliency (saliency.h).
 *
 * The neighbour of a place is the style vector of the largest <u, v>. All places look for theirs at the first step, and
 * again every `refresh` steps: at each step the rows whose number leaves one remainder. Style vectors look for theirs
 * every `refresh` steps among PST_COVER_PLACES places, drawn anew. For the gradient neighbours are held.
 *
 * Kolkin et al., "Neural Neighbor Style Transfer", arXiv:2203.13215, where neighbours are found once for each size.
 */
#pragma once

#include "engine/style/palette_vectors.h"

#define PST_COVER_PLACES 4096

typedef struct {
    int refresh;                                 /* steps, 1 .. */
    double near, cover, apart, moments, content; /* weights; 0: not counted, and not computed */
    double
        strokes; /* how much more near and cover count in the first three blocks, where strokes are seen; 0: nothing */
} PstLayerWeights;

/** The terms, unweighted but for what near and cover count more. */
typedef struct {
    double near, cover, apart, moments, content;
} PstLayerTerms;

/** Room for the loss of pictures of one size, and its neighbours. */
typedef struct PstLayerLoss PstLayerLoss;

/** For what `photo` has room for; where `content`, what it has seen of the photograph counts. `octave` is the
 *  painting's, and borrowed. */
PstLayerLoss *pst_layer_loss_new(const PstFeatureMaps *photo, gboolean content, const PstPaletteOctave *octave);
void pst_layer_loss_free(PstLayerLoss *loss);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLayerLoss, pst_layer_loss_free)

/** Sees rgb and sets drgb to the gradient of the weighted sum, at step `step` (1 ..). Undefined once cancelled. */
PstLayerTerms pst_layer_loss(PstLayerLoss *loss, const PstFeatureNetwork *network, PstExecutor *executor,
                             const PstLayerWeights *weights, int step, const PstMap *rgb, PstFeatureMaps *features,
                             PstMap *drgb);
