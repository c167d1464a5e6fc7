/* A convolution forward, by Winograd. */
#pragma once

#include "winograd.h"

gsize PST_ISA(pst_winograd_forward_scratch)(int in, int width);
void PST_ISA(pst_winograd_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first,
                                   int rows, const PstFusion *fusion, float *scratch);
