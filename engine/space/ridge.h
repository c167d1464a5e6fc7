/* Ridge regression (Hoerl and Kennard, Technometrics 12, 1970): targets as linear functions of features.
 *
 *   W minimises  sum over rows of w |t - W f|^2 + penalty |W|^2
 */
#pragma once

#include <glib.h>

/** W [out][in] of features [n][in] and targets [n][out]. `weights` [n] may be NULL: all 1. `penalties` [in], one for
 *  each feature, above 0; a very small one for a constant feature. Sums in double precision. */
void pst_ridge(const float *features, const float *targets, const float *weights, int n, int in, int out,
               const float *penalties, float *coefficients);
