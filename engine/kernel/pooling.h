/* 2x2 maximum pooling with stride 2. An odd last row or column is left out. */
#pragma once

#include "map.h"

/** y[r][c] = maximum of the four x[2r..2r+1][2c..2c+1]. y is floor(height/2) x floor(width/2),
 * channels as x. */
void pst_max_pool(const PstMap *x, PstMap *y);

/** Gradient with respect to x: each dy goes to the first maximum, in row-major order, of its window
 * of x; the other elements become 0. y is the output of pst_max_pool() for x. Overwrites dx (of x's
 * shape). */
void pst_max_pool_gradient(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx);
