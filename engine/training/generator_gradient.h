/* The generator in training: one picture forward, keeping what the way back needs, and back to
 * every weight.
 *
 * architecture.h tells what it computes. A style s [PST_STYLE_SIZE] enters twice:
 *
 *  - its means and deviations replace those of the photograph's taps (adaptive instance
 *    normalisation, Huang and Belongie, ICCV 2017);
 *  - a code c = max(0, C (s - style_mean) / style_std + b) gives every convolution a scale and a
 * shift per output channel, linear in c. They are folded into the weights (as in "modulated
 *    convolutions" of StyleGAN2, Karras et al., CVPR 2020, but per output and without
 *    demodulation), without making weights for every picture: with W' = (1 + scale) W and b' = (1 +
 * scale) b + shift,
 *
 *      dW = (1 + scale) dW'    dscale = <dW', W> + db' b
 *      db = (1 + scale) db'    dshift = db'
 *
 * The photograph's taps and the style are constants: there is no gradient for them.
 */
#pragma once

#include "generator_weights.h"

G_BEGIN_DECLS

/** Room to paint one picture, and for the way back. One thread at a time may use it. */
typedef struct PstGeneratorGradient PstGeneratorGradient;

/** For pictures of that size; both are multiples of 8. The weights are borrowed, and have to be
 * prepared before each picture that follows a change of them. */
PstGeneratorGradient *pst_generator_gradient_new(const PstGeneratorWeights *weights, int height,
                                                 int width);
void pst_generator_gradient_free(PstGeneratorGradient *gradient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGeneratorGradient, pst_generator_gradient_free)

/** Paints: taps[1 .. 4] are relu1_1 .. relu4_1 of the photograph, detail (0 .. 1) is the gain of
 * the relu2_1 skip. Returns RGB [height][width][3], mostly in 0..1, owned by `gradient` and valid
 * until the next picture. taps must stay as they are until after the way back. */
const PstMap *pst_generator_gradient_forward(PstGeneratorGradient *gradient, const PstMap *taps,
                                             const float *style, float detail);

/** Gradient with respect to all parameters of the picture painted last, given that with respect to
 * its RGB. Overwrites `dparameters`, a set of its own. */
void pst_generator_gradient_backward(PstGeneratorGradient *gradient, const PstMap *drgb,
                                     float *dparameters);

G_END_DECLS
