/* The generator in training: one picture forward, keeping what the way back needs, and back to every weight.
 *
 * architecture.h says what it computes. A style s [PST_STYLE_SIZE] enters twice:
 *
 *  - its means and deviations replace those of the photograph's taps (adaptive instance normalisation, Huang and
 *    Belongie, ICCV 2017);
 *  - a code c = max(0, C clamp((s - style_mean) / style_std) + b) gives every convolution a scale and a shift per
 *    output channel, linear in c. They are folded into the weights (as in "modulated convolutions" of StyleGAN2, Karras
 *    et al., CVPR 2020, but per output and without demodulation), without making weights for every picture: with
 *    W' = (1 + scale) W and b' = (1 + scale) b + shift,
 *
 *      dW = (1 + scale) dW'    dscale = <dW', W> + db' b
 *      db = (1 + scale) db'    dshift = db'
 *
 * The photograph's taps and the style are constants: there is no gradient for them.
 */
#pragma once

#include "arena.h"
#include "generator_weights.h"

/** Workspace to paint one picture and for the way back. One thread at a time may use it. */
typedef struct PstGeneratorGradient PstGeneratorGradient;

/** For pictures of that size; both are multiples of 8. Its maps are taken from the arena. The
 * weights are borrowed, and have to be prepared before each picture that follows a change of them.
 */
PstGeneratorGradient *pst_generator_gradient_new(const PstGeneratorWeights *weights, PstArena *arena, int height,
                                                 int width);
void pst_generator_gradient_free(PstGeneratorGradient *gradient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstGeneratorGradient, pst_generator_gradient_free)

/** Says what to paint: taps[1 .. 4] are relu1_1 .. relu4_1 of the photograph, style has
 * PST_STYLE_SIZE floats, detail (0 .. 1) is the gain of the relu2_1 skip. taps and style are
 * borrowed and must stay as they are until after the way back. */
void pst_generator_gradient_set(PstGeneratorGradient *gradient, const PstMap *taps, const float *style, float detail);

/** Paints `count` pictures; faster than one after the other and the same to the bit. */
void pst_generator_gradient_forward(PstGeneratorGradient *const *gradients, int count);

/** The picture painted last, RGB [height][width][3], mostly in 0..1; owned by `gradient` and valid
 * until the next one. */
const PstMap *pst_generator_gradient_rgb(const PstGeneratorGradient *gradient);

/** Gradients with respect to all parameters of the pictures painted last, given those with respect
 * to their RGB. Overwrites dparameters[i], a set each. */
void pst_generator_gradient_backward(PstGeneratorGradient *const *gradients, const PstMap *const *drgb,
                                     float *const *dparameters, int count);
