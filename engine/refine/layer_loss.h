/* What the layers say of a picture, each apart: how far its places are from those of the painting, its channels from the
 * painting's means and deviations, and its forms from the photograph's.
 *
 * With a(p) the features of a layer at place p, c the mean of the painting's, v(q) its style vectors (style_palette.h), and
 * u(p) = (a(p) - c) / |a(p) - c|, the loss is the sum over all layers of
 *
 *   near     mean over sampled places of 1 - max over q of <u(p), v(q)>         nothing that the painter would not do
 *   cover    mean over style vectors of 1 - max over sampled p of <u(p), v(q)>  nothing of the painter left out
 *   apart    mean over sampled places of |a(p) - s|^2 / (sum of deviation^2), s the style vector nearest by the cosine; holds
 *            the magnitudes that a cosine leaves free
 *   moments  weight * (mean over channels of (mean(a) - mean)^2 + (deviation(a) - deviation)^2) / mean of deviation^2
 *
 * and of content: weight * (MSE at relu4_1 + MSE at relu4_4 / 2) between instance-normalised features of the picture and of
 * the photograph. Neighbours are held for the gradient, which is that of near(p) at the sampled places only:
 * -(v - u <u, v>) / (|a - c| places).
 *
 * Kolkin et al., "Neural Neighbor Style Transfer", arXiv:2203.13215, whose places all have targets that are found once; here a
 * sample of places looks for its neighbours anew at each step.
 */
#pragma once

#include "style_palette.h"

G_BEGIN_DECLS

typedef struct {
    int places; /* of a layer that look for a neighbour */
    double near, cover, apart, moments, content; /* weights */
} PstLayerWeights;

/** The terms, unweighted. */
typedef struct {
    double near, cover, apart, moments, content;
} PstLayerTerms;

/** Room for the loss of pictures of one size. */
typedef struct PstLayerLoss PstLayerLoss;

/** For what `photo` has room for; where `content`, what it has seen of the photograph counts. `octave` is the painting's, of a
 *  palette, and borrowed. */
PstLayerLoss *pst_layer_loss_new(const PstFeatures *photo, gboolean content, const PstPaletteOctave *octave, int places);
void pst_layer_loss_free(PstLayerLoss *loss);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLayerLoss, pst_layer_loss_free)

/** Sees rgb and sets drgb to the gradient. Places are drawn from the stream (seed, step, layer). Undefined once cancelled. */
PstLayerTerms pst_layer_loss(PstLayerLoss *loss, const PstFeatureNetwork *network, PstExecutor *executor,
                             const PstLayerWeights *weights, guint64 seed, int step, const PstMap *rgb, PstFeatures *features,
                             PstMap *drgb);

G_END_DECLS
