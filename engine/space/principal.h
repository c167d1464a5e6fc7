/* Principal components (Pearson 1901), by subspace iteration. */
#pragma once

#include <glib.h>

/** The `count` first principal axes of rows [n][width] about `mean` [width], which is worked out: axes [count][width],
 *  each of length 1 and at right angles to the others, the largest deviation first; deviations [count]. */
void pst_principal_components(const float *rows, int n, int width, int count, float *mean, float *axes,
                              float *deviations);
