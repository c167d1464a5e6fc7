#include "mixture.h"

#include "architecture.h"
#include "engine/kernel/blas.h"

#include <math.h>
#include <string.h>

#define STEEPNESS (1 / sqrtf(PST_STYLE_CODE))

gsize pst_layer_weights(int layer)
{
    const PstLayer *l = &pst_generator_layers[layer];

    return (gsize)l->out * l->in * 9;
}

void pst_mixture_shares(float *share)
{
    for (int k = 0; k < PST_KERNELS; k++) {
        share[k] = tanhf(STEEPNESS * share[k]);
    }
}

void pst_mixture_shares_gradient(const float *share, float *dshare)
{
    for (int k = 0; k < PST_KERNELS; k++) {
        dshare[k] *= STEEPNESS * (1 - share[k] * share[k]);
    }
}

void pst_mix_kernels(int layer, const float *weight, const float *kernels, const float *share, float *mixed)
{
    gsize n = pst_layer_weights(layer);

    pst_blas_prepare();
    memcpy(mixed, weight, n * sizeof(float));
    for (int k = 0; k < PST_KERNELS; k++) {
        cblas_saxpy((int)n, share[k], kernels + k * n, 1, mixed, 1);
    }
}

void pst_mix_kernels_gradient(int layer, const float *kernels, const float *share, const float *dmixed, float *dkernels,
                              float *dshare)
{
    gsize n = pst_layer_weights(layer);

    pst_blas_prepare();
    memset(dkernels, 0, PST_KERNELS * n * sizeof(float));
    for (int k = 0; k < PST_KERNELS; k++) {
        cblas_saxpy((int)n, share[k], dmixed, 1, dkernels + k * n, 1);
        dshare[k] = cblas_sdot((int)n, dmixed, 1, kernels + k * n, 1);
    }
}
