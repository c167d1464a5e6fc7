/* Statistics and gradients as they are defined, in double precision, for kernels that have no plain C reference.
 * Arguments are those of the functions of the same names in moments.h and pointwise.h. */
#pragma once

#include "engine/kernel/map.h"

void definition_moments(const PstMap *x, double eps, float *mean, float *deviation);
void definition_moments_gradient(const PstMap *x, const float *mean, const float *deviation, const float *dmean,
                                 const float *ddeviation, PstMap *dx);
void definition_covariance(const PstMap *x, const float *mean, float *covariance);
void definition_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias);
