/* Nearest-neighbour doubling of a map. */
#pragma once

#include "map.h"

/** y[r][c] = x[r/2][c/2]. y is 2 height x 2 width, or one row or column more; the last of x is then
 * used three times. Channels as x. */
void pst_upsample(const PstMap *x, PstMap *y);

/** Gradient with respect to x: every dx is the sum of the dy that copied it. Overwrites dx. */
void pst_upsample_gradient(const PstMap *dy, PstMap *dx);
