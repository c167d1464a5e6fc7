/* A generator's weights in training: the numbers, and the convolutions made of them. */
#pragma once

#include "parameters.h"

#include "engine/kernel/convolution.h"
#include "engine/base/thread_pool.h"

/** style_mean and style_std are those of the styles that the generator is trained on, and are not
 * trained themselves. */
typedef struct {
    float *parameters; /* a set, see parameters.h; borrowed */
    float style_mean[PST_STYLE_SIZE];
    float style_std[PST_STYLE_SIZE];
    PstConvolution *layers[PST_FIRST_MIXED]; /* not modulated; as of the last preparation. Mixed ones are no two
                                              * pictures' the same. */
} PstGeneratorWeights;

/** Weights around a set of parameters, which must outlive them. style_mean is 0 and style_std 1. */
PstGeneratorWeights *pst_generator_weights_new(float *parameters);
void pst_generator_weights_free(PstGeneratorWeights *weights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGeneratorWeights, pst_generator_weights_free)

/** To be called before painting whenever parameters have changed. pool may be NULL. */
void pst_generator_weights_prepare(PstGeneratorWeights *weights, PstThreadPool *pool);

/** Writes a generator's weights file atomically: the parameters and the frozen tensors, with
 * metadata "network" = "pastiche-generator" and "steps". */
gboolean pst_generator_weights_write(const PstGeneratorWeights *weights, const char *path, int steps, GError **error);

/** Reads such a file into the parameters and the frozen tensors. */
gboolean pst_generator_weights_read(PstGeneratorWeights *weights, const char *path, GError **error);

/** The frozen tensors alone, "style.mean" and "style.std": for files that hold more. */
void pst_generator_weights_add_frozen(const PstGeneratorWeights *weights, PstTensorsWriter *writer);
gboolean pst_generator_weights_get_frozen(PstGeneratorWeights *weights, const PstTensors *tensors, GError **error);
