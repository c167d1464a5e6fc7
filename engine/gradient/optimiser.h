/* Adam with a running average of the weights (Polyak and Juditsky, "Acceleration of Stochastic
 * Approximation by Averaging", 1992) on a set of parameters.
 *
 *   w = Adam(w, sum of the pictures' gradients)     t = 1, 2, ... the step
 *   average += (1 - keep) (w - average),            keep = min(decay, t / (9 + t))
 *
 * The pictures' gradients are always added in the same order, so that the result doesn't depend on
 * which thread computed which.
 */
#pragma once

#include "training_recipe.h"

#include "engine/base/thread_pool.h"
#include "engine/network/layout.h"

/** Rows of `size` floats, a multiple of 16. */
typedef struct {
    gsize size;
    float *weights;
    float *average;
    float *mean;   /* Adam's m */
    float *square; /* Adam's v */
} PstOptimiser;

/** Zeroed rows. */
PstOptimiser *pst_optimiser_new(gsize size);
void pst_optimiser_free(PstOptimiser *optimiser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstOptimiser, pst_optimiser_free)

/** Step `step` (0 ..) of the recipe, given `pictures` rows of gradients. */
void pst_optimiser_step(PstOptimiser *optimiser, const PstTrainingRecipe *recipe, int step, float *const *gradients,
                        int pictures, PstThreadPool *pool);

/** Adds all rows to a checkpoint, each as tensors of `count` slots, and reads them. */
void pst_optimiser_write(const PstOptimiser *optimiser, const PstSlot *slots, int count, PstTensorsWriter *writer);
gboolean pst_optimiser_read(PstOptimiser *optimiser, const PstSlot *slots, int count, const PstTensors *tensors,
                            GError **error);
