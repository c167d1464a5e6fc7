/* The trainer of the base generator: steps whose pictures are shared out to all threads.
 *
 * Step s (0 ..) of a recipe, picture p of its batch: the stream (seed, s, p) of random.h chooses the photograph, its
 * crop, the style and the detail, then the places that are compared (neighbour_loss.h). The first `identity` pictures
 * have themselves as style, the first `full_detail` have detail 1. The pictures' gradients are summed and Adam takes a
 * step. Weights after any number of steps are the same bytes on any number of threads.
 */
#pragma once

#include "style_bank.h"

#include "engine/gradient/minibatch_step.h"
#include "engine/gradient/optimiser.h"

/** What a trainer learns from; borrowed, all of it. */
typedef struct {
    const PstTrainingRecipe *recipe;
    const PstCorpus *photos;
    const PstCorpus *paintings; /* or NULL; needed where the recipe has a painting_size */
    const PstStyleBank *bank;
    const PstLossNetwork *encoder;
    const PstLossNetwork *loss_network;         /* may be the encoder */
    const PstLossNetwork *shallow_loss_network; /* or NULL; with it the bank has to have its targets */
} PstTrainerData;

typedef struct {
    PstTrainerData data;
    PstOptimiser *optimiser;
    PstGeneratorWeights *weights;       /* around the optimiser's weights */
    PstThreadPool *pool;                /* borrowed */
    PstMinibatchStep **minibatch_steps; /* one a thread */
    PstArena *arena;                    /* of the gradients */
    float **gradients;                  /* one set a picture */
    double (*terms)[PST_LOSSES];        /* of every picture */
    int step;                           /* steps done */
} PstTrainer;

/** A trainer with random weights, and style_mean and style_std from the bank. */
PstTrainer *pst_trainer_new(const PstTrainerData *data, PstThreadPool *pool);
void pst_trainer_free(PstTrainer *trainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTrainer, pst_trainer_free)

/** Takes the parameters that stand in trainer->weights as a beginning: the average begins there too. */
void pst_trainer_begin(PstTrainer *trainer);

/** One step. Adds the terms of the loss, means over the batch, to terms[PST_LOSSES]. */
void pst_trainer_step(PstTrainer *trainer, double *terms);
