/* The generator: paints from a photograph's features and the statistics of a style.
 *
 * The style enters twice: AdaIN (Huang and Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance
 * Normalization", ICCV 2017) gives relu4_1, relu3_1 and relu2_1 its channel means and deviations, and every convolution
 * is scaled and shifted per output channel by a linear map of a style code (a modulated convolution, as in StyleGAN2;
 * Karras et al., CVPR 2020). Both are linear, so both are folded into the weights once per picture: painting with a
 * style costs no more per pixel than painting without one.
 */
#pragma once

#include "architecture.h"
#include "weight_delta.h"
#include "executor.h"
#include "safetensors.h"

typedef struct PstGenerator PstGenerator;

/** Takes a generator out of a weights file that holds exactly its tensors. NULL and PST_TENSORS_ERROR_MISMATCH
 *  otherwise. */
PstGenerator *pst_generator_new(const PstTensors *weights, GError **error);
void pst_generator_free(PstGenerator *generator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGenerator, pst_generator_free)

/** How far towards a style's statistics `style` [PST_STYLE_SIZE] a photograph's are moved at full strength: less than 1
 *  for usual paintings, whose textures arrive before their statistics do, and more than 1 for stark ones. */
double pst_generator_emphasis(const PstGenerator *generator, const float *style);

/** The statistics to which a photograph's features are moved: from `content` towards `style` (all [PST_STYLE_SIZE],
 *  deviations positive) by `strength` (0 .. 1) times the style's emphasis. */
void pst_generator_target(const PstGenerator *generator, const float *content, const float *style, double strength,
                          float target[PST_STYLE_SIZE]);

/** The generator's layers with the statistics of one photograph and one style folded in. */
typedef struct PstConditionedGenerator PstConditionedGenerator;

/** The conditioning: features are moved from the statistics `content` to those of `style` (both [PST_STYLE_SIZE],
 *  deviations positive); `interpolation` times `delta` (NULL: none) is added to the weights; `detail` in 0..2 is the
 *  gain of the relu2_1 skip. */
typedef struct {
    const float *content, *style;
    const float *correction; /* [PST_STYLE_CHANNELS] added to the deviations that the style code is made of, or NULL */
    const PstWeightDelta *delta;
    double interpolation;
    double detail;
} PstConditioning;

/** Folds on the threads of a pool, or on the calling one where it is NULL. */
PstConditionedGenerator *pst_conditioned_generator_new(const PstGenerator *base, const PstConditioning *conditioning,
                                                       PstThreadPool *pool);
void pst_conditioned_generator_free(PstConditionedGenerator *generator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstConditionedGenerator, pst_conditioned_generator_free)

/** Layer 0 .. PST_GENERATOR_LAYERS-1 of the conditioned generator, owned by it. */
const PstConvolution *pst_conditioned_generator_layer(const PstConditionedGenerator *generator, int layer);

/** The 1x1 convolution of relu<tap>_1 (tap 2 or 3) that is added where the generator comes to its size: weight
 *  [channels][channels] and bias [channels], owned by the conditioned generator. */
void pst_conditioned_generator_skip(const PstConditionedGenerator *generator, int tap, const float **weight,
                                    const float **bias);

/** Paints taps[2] .. taps[4] (see pst_encoder_run()) into rgb (3 channels, 8 times the size of taps[4]); values are
 *  not clamped. */
void pst_conditioned_generator_run(const PstConditionedGenerator *generator, PstExecutor *executor,
                                   const PstMap taps[PST_STYLE_TAPS + 1], PstMap *rgb);

/** Multiply-accumulates per pixel of the picture, as the executor counts them. */
double pst_conditioned_generator_work(void);
