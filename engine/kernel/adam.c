#include "adam.h"

#include "kernels.h"

void pst_adam_step(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                   float beta1, float beta2, float eps)
{
    pst_kernels()->adam_step(weights, gradient, m, v, n, step, rate, beta1, beta2, eps);
}
