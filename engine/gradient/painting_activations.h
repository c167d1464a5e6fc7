/* The features of a painting in encoder, loss network and shallow loss network: the style that a generator is given,
 * and all that results are compared with. For steps whose styles are paintings themselves instead of a bank's
 * statistics.
 */
#pragma once

#include "neighbour_loss.h"
#include "shallow_loss_network.h"

/** Workspace for square paintings of one size. One thread at a time may use it. */
typedef struct PstPaintingActivations PstPaintingActivations;

/** For paintings [size][size][3]. The networks are borrowed; the loss network may be the encoder, the shallow loss
 *  network NULL. Maps are taken from the arena. */
PstPaintingActivations *pst_painting_activations_new(const PstLossNetwork *encoder, const PstLossNetwork *loss_network,
                                                     const PstLossNetwork *shallow_loss_network, PstArena *arena,
                                                     int size);
void pst_painting_activations_free(PstPaintingActivations *activations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPaintingActivations, pst_painting_activations_free)

/** Passes a painting through the networks: sets style [PST_STYLE_SIZE], target [PST_TARGET_SIZE] and, with a shallow
 *  loss network, shallow_target [PST_SHALLOW_TARGET_SIZE]. */
void pst_painting_activations_run(PstPaintingActivations *activations, const PstMap *painting, float *style,
                                  float *target, float *shallow_target);

/** The encoder's taps of the last painting, owned by the activations. */
const PstMap *pst_painting_activations_taps(const PstPaintingActivations *activations);

/** Sets the vectors to those of the loss network's features of the last painting, as many as there is room for. Places
 *  are drawn from `random`. */
void pst_painting_activations_vectors(PstPaintingActivations *activations, PstRandom *random, PstStyleVectors *vectors);
