/* Neural neighbours: how near every place of a picture is to some place of the painting, as a network sees them.
 *
 * At each layer of an encoder-shaped network, after its ReLU, conv1_1 .. conv3_4, with a(p) the features of a place of
 * the picture, s(q) those of the painting and c the mean of s over the whole painting,
 *
 *   u(p) = (a(p) - c) / |a(p) - c|     v(q) = (s(q) - c) / |s(q) - c|
 *   fidelity = mean over p of 1 - max over q of <u(p), v(q)>     nothing that the painter would not do
 *   coverage = mean over q of 1 - max over p of <u(p), v(q)>     nothing of the painter left out
 *
 * each averaged over the layers; both lie within 0 .. 2. Means and deviations of channels cannot tell a painting's
 * strokes from a texture that happens to have the same; this can. It does not hold magnitudes: the style loss
 * (losses.h) goes beside it. Kolkin et al., "Neural Neighbor Style Transfer", arXiv:2203.13215, whose targets are found
 * once; here neighbours are searched at every step, among samples of places that are spread evenly and drawn from a
 * stream of random.h.
 *
 * Neighbours are held fixed for the gradient. With g = sum of -weight v / count over the vectors that u(p) is the
 * neighbour of, and its own, da(p) = (g - u(p) <u(p), g>) / |a(p) - c|.
 */
#pragma once

#include "loss_network.h"

#include "engine/base/random.h"

#define PST_NEIGHBOUR_LAYERS 8 /* conv1_1 .. conv3_4 */

/** What paintings look like, place by place: vectors of each layer. Read-only once finished; any number of threads may
 *  share them. */
typedef struct PstStyleVectors PstStyleVectors;

/** For at most `capacity` vectors a layer; owned by the arena, nothing to free. */
PstStyleVectors *pst_style_vectors_new(PstArena *arena, int capacity);

/** Forgets all vectors. */
void pst_style_vectors_clear(PstStyleVectors *vectors);

/** Adds at most `most` vectors a layer of a painting's activations, and no more than there is still room for. These
 *  need the maps of all layers (pst_activations_new_of_layers(), or `gradient`). */
void pst_style_vectors_add(PstStyleVectors *vectors, const PstActivations *activations, int most, PstRandom *random);

/** Centres what was added, by the mean over all places of all paintings, and brings it to length 1. */
void pst_style_vectors_finish(PstStyleVectors *vectors);

/** Workspace for the loss of one picture and its gradient; owned by the arena, nothing to free. */
typedef struct PstNeighbourLoss PstNeighbourLoss;

/** At most `places` of the picture are compared with at most `vectors` of the style, at each layer. Neither may be more
 *  than PST_NEAREST_CANDIDATES. */
PstNeighbourLoss *pst_neighbour_loss_new(PstArena *arena, int places, int vectors);

/** Sets terms[0] to the fidelity and terms[1] to the coverage of a picture's activations. Where these are with
 *  `gradient`, their `sparse` become the gradients of weights[0] fidelity + weights[1] coverage, which point into
 *  `loss`. */
void pst_neighbour_loss(PstNeighbourLoss *loss, const PstStyleVectors *style, PstRandom *random,
                        const double weights[2], PstActivations *activations, double terms[2]);
