/* The row of numbers that fine-tuning trains, and the weight delta (engine/network/weight_delta.h) that it stands for.
 *
 * A row is laid out like a delta, with zeros up to a multiple of 16. Scales, shifts and the shares of mixed kernels are
 * divided by PST_DELTA_ROW_GAIN: they are few and have far to go, and Adam moves all numbers of a row alike.
 */
#pragma once

#include "engine/gradient/parameters.h"
#include "engine/network/weight_delta.h"

#define PST_DELTA_ROW_GAIN 10.0f

/** Floats of a row: pst_weight_delta_size(), rounded up to a multiple of 16. */
gsize pst_delta_row_size(void);

/** The delta that a row stands for, pst_weight_delta_size() floats. */
void pst_delta_row_expand(const float *row, float *delta);

/** The gradient with respect to a row, given that with respect to a set of parameters (parameters.h); overwrites drow.
 *  */
void pst_delta_row_gradient(const float *dparameters, float *drow);

/** parameters = base + delta, sets of parameters both; what no delta touches is left as it is. */
void pst_delta_apply(const float *base, const float *delta, float *parameters);
