/* The gradients of a convolution, by Winograd. */
#pragma once

#include "winograd.h"

gsize PST_ISA(pst_winograd_backward_input_scratch)(int in, int out, int width);
void PST_ISA(pst_winograd_backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                          PstMap *dx, int first, int rows, float *scratch);

gsize PST_ISA(pst_winograd_backward_weights_scratch)(int in, int out, int width);
void PST_ISA(pst_winograd_backward_weights)(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                            const PstMap *y, float *dweight, float *dbias, float *scratch);
