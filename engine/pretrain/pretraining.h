/* The training of the base generator from files to files, which may be stopped and continued. */
#pragma once

#include "engine/gradient/training_recipe.h"

/** What is asked for; borrowed. */
typedef struct {
    const char *photos;               /* folder of photographs */
    const char *paintings;            /* folder of paintings; may be NULL unless the recipe has a painting_size */
    const char *encoder;              /* file of the encoder */
    const char *loss_network;         /* file of the loss network, may be the encoder's */
    const char *shallow_loss_network; /* its file, or NULL for none; with it the bank has to have its targets */
    const char *bank;                 /* style bank */
    const char *recipe;
    const char *output;  /* weights file; OUTPUT.checkpoint and OUTPUT.<step>.jpg stand beside it */
    const char *start;   /* weights to begin from, or NULL for random ones */
    int threads;         /* 0: one per processor */
    int until;           /* stop after this step, or 0 for the recipe's last */
    int checkpoint_each; /* steps; 0 for 500 */
    int weights_each;    /* steps between weights files and sheets; 0 for 1000 */
    gboolean quiet;      /* print nothing */
} PstPretraining;

/** Trains, printing a line each 50 steps: step, seconds a step, learning rate and every loss term, means over those
 *  steps. Continues from OUTPUT.checkpoint where there is one (`start` is not read then). When *stop becomes non-zero
 *  the step is finished, a checkpoint written, and TRUE returned. FALSE with PST_CHECKPOINT_ERROR,
 *  PST_TRAINING_RECIPE_ERROR, PST_TENSORS_ERROR or the errors of reading pictures. */
gboolean pst_pretraining_run(const PstPretraining *pretraining, const volatile int *stop, GError **error);
