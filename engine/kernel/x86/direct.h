/* Direct convolutions, for few channels on one side.
 *
 * Three rows of the input at a time are prepared in a layout that depends on the side:
 *  - few inputs: rows [width + 2 pad][in]. One vector holds outputs of one pixel; each input is broadcast.
 *  - few outputs: rows [in][width + 2 pad], transposed. One vector holds one output of neighbouring pixels;
 *    each weight is broadcast.
 */
#pragma once

#include "engine/kernel/kernels.h"
#include "convolution_input.h"

enum {
    FEW = 4 /* channels */
};

/** Whether these kernels, and not those of winograd.h, compute such a convolution. */
PST_INLINE bool direct_serves(int in, int out)
{
    return in <= FEW || out <= FEW;
}

gsize PST_ISA(pst_direct_packed_size)(int in, int out);
void PST_ISA(pst_direct_pack)(const float *weight, int in, int out, float *packed);

gsize PST_ISA(pst_direct_scratch)(int in, int out, int width);
void PST_ISA(pst_direct_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                                 const PstFusion *fusion, float *scratch);
void PST_ISA(pst_direct_backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                        PstMap *dx, int first, int rows, float *scratch);
void PST_ISA(pst_direct_backward_weights)(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                          const PstMap *y, float *dweight, float *dbias, float *scratch);
