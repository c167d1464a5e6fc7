/* Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015). */
#pragma once

#include <glib.h>

/** One step of Adam with bias correction on n weights: updates weights and both moment estimates m
 * and v (zero before the first step). `step` counts from 1. The usual values are beta1 0.9, beta2
 * 0.999, eps 1e-8. */
void pst_adam_step(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                   float beta1, float beta2, float eps);
