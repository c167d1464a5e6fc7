/* The trainer of the base generator: steps of many lessons on many threads.
 *
 * Step s (0 ..) of a recipe, picture p of its batch: the stream (seed, s, p) of random.h chooses
 * the photograph, its window, the style and the detail. The first `identity` pictures have
 * themselves as style, the first `full_detail` have detail 1. The pictures' gradients are summed
 * and Adam takes a step. Weights after any number of steps are the same bytes on any number of
 * threads.
 */
#pragma once

#include "corpus.h"
#include "lesson.h"
#include "optimiser.h"
#include "style_bank.h"

G_BEGIN_DECLS

/** What a trainer learns from; borrowed, all of it. */
typedef struct {
    const PstRecipe *recipe;
    const PstCorpus *photos;
    const PstStyleBank *bank;
    const PstJudge *encoder;
    const PstJudge *judge;    /* may be the encoder */
    const PstJudge *examiner; /* or NULL; with it the bank has to have exact targets */
} PstMaterial;

typedef struct {
    PstMaterial material;
    PstOptimiser *optimiser;
    PstGeneratorWeights *weights; /* around the optimiser's weights */
    PstThreadPool *pool;          /* borrowed */
    PstLesson **lessons;          /* one a thread */
    PstArena *arena;              /* of the gradients */
    float **gradients;            /* one set a picture */
    double (*terms)[PST_LOSSES];  /* of every picture */
    int step;                     /* steps done */
} PstTrainer;

/** A trainer with random weights, and style_mean and style_std from the bank. */
PstTrainer *pst_trainer_new(const PstMaterial *material, PstThreadPool *pool);
void pst_trainer_free(PstTrainer *trainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTrainer, pst_trainer_free)

/** Takes the parameters that stand in trainer->weights as a beginning: the average begins there
 * too. */
void pst_trainer_begin(PstTrainer *trainer);

/** One step. Adds the terms of the loss, means over the batch, to terms[PST_LOSSES]. */
void pst_trainer_step(PstTrainer *trainer, double *terms);

G_END_DECLS
