/* 1x1 convolutions with the register blocks of product.h. Unlike with BLAS, the bytes are the same at every
 * division of the rows. */
#pragma once

#include "engine/kernel/kernels.h"
#include "simd.h"

void PST_ISA(pst_pointwise)(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                            int first, int rows);
