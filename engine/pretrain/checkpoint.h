/* A pretraining, saved so that it goes on as if it had never stopped.
 *
 * A checkpoint is a safetensors file with the weights, their average and Adam's moments
 * ("weights.", "average.", "mean.", "square." before each name of parameters.h), "style.mean" and
 * "style.std". Its metadata say after how many steps it was made ("step") and from what ("recipe"
 * and "inputs", checksums): it refuses to go on with anything else. All randomness comes from the
 * recipe's seed and the number of the step (random.h), so there is no other state.
 */
#pragma once

#include "engine/gradient/generator_weights.h"
#include "engine/gradient/optimiser.h"

#define PST_CHECKPOINT_ERROR pst_checkpoint_error_quark()
GQuark pst_checkpoint_error_quark(void);

typedef enum {
    PST_CHECKPOINT_ERROR_OTHER, /* of another recipe or of other inputs */
    PST_CHECKPOINT_ERROR_STEP   /* it doesn't say which step */
} PstCheckpointError;

/** Saves atomically. `optimiser` holds sets of parameters; `weights` gives the frozen style_mean
 * and style_std. */
gboolean pst_checkpoint_write(const char *path, const PstOptimiser *optimiser, const PstGeneratorWeights *weights,
                              int step, const char *recipe, const char *inputs, GError **error);

/** Restores what pst_checkpoint_write() saved. */
gboolean pst_checkpoint_read(const char *path, PstOptimiser *optimiser, PstGeneratorWeights *weights, int *step,
                             const char *recipe, const char *inputs, GError **error);
