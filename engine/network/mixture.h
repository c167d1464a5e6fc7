/* Kernels mixed by a style: W = weight + sum of share[k] kernels[k], k = 0 .. PST_KERNELS - 1.
 *
 * The finest layers draw the strokes. They have too few channels for the strokes of all styles, so each style mixes
 * its kernels out of a small family, once per picture, at no cost per pixel. After Chen et al., "Dynamic Convolution:
 * Attention over Convolution Kernels", CVPR 2020. Here the shares are not a softmax: they are the tanh of a linear map
 * of the style code, over sqrt(PST_STYLE_CODE). Without a bound an unusual painting would get kernels that none had in
 * training.
 */
#pragma once

#include <glib.h>

/** Floats in the weights of one layer of the generator. */
gsize pst_layer_weights(int layer);

/** Turns the linear map of the style code [PST_KERNELS] into shares, in place. */
void pst_mixture_shares(float *share);

/** Backward: turns the gradient with respect to the shares into that with respect to the linear map, in place. */
void pst_mixture_shares_gradient(const float *share, float *dshare);

/** Mixes the kernels of a layer (PST_FIRST_MIXED ..): weight and mixed are [out][in][3][3], kernels
 *  [PST_KERNELS out][in][3][3], share [PST_KERNELS]. */
void pst_mix_kernels(int layer, const float *weight, const float *kernels, const float *share, float *mixed);

/** Backward: given the gradient with respect to mixed, sets those with respect to the kernels and the shares. */
void pst_mix_kernels_gradient(int layer, const float *kernels, const float *share, const float *dmixed, float *dkernels,
                              float *dshare);
