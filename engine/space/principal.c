#include "principal.h"

#include "engine/base/random.h"
#include "engine/kernel/blas.h"

#include <math.h>
#include <string.h>

#define ITERATIONS 60

/* Makes the rows of a [count][width] orthonormal, in their order (Gram-Schmidt, twice for accuracy). */
static void orthonormalise(float *a, int count, int width)
{
    for (int i = 0; i < count; i++) {
        float *row = a + (gsize)i * width;

        for (int pass = 0; pass < 2; pass++) {
            for (int k = 0; k < i; k++) {
                const float *other = a + (gsize)k * width;

                cblas_saxpy(width, -cblas_sdot(width, row, 1, other, 1), other, 1, row, 1);
            }
            cblas_sscal(width, 1 / MAX(cblas_snrm2(width, row, 1), 1e-20f), row, 1);
        }
    }
}

void pst_principal_components(const float *rows, int n, int width, int count, float *mean, float *axes,
                              float *deviations)
{
    g_autofree float *centred = g_new(float, (gsize)n *width), *covariance = g_new(float, (gsize)width *width);
    g_autofree float *next = g_new(float, (gsize)count *width);
    PstRandom random = pst_random_at(1, 0, 0);

    pst_blas_prepare();
    for (int k = 0; k < width; k++) {
        double sum = 0;

        for (int i = 0; i < n; i++)
            sum += rows[(gsize)i * width + k];
        mean[k] = (float)(sum / n);
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < width; k++)
            centred[(gsize)i * width + k] = rows[(gsize)i * width + k] - mean[k];
    }
    pst_blas_gemm(CblasTrans, CblasNoTrans, width, width, n, 1 / (float)n, centred, width, centred, width, 0,
                  covariance, width);
    for (int i = 0; i < count * width; i++)
        axes[i] = (float)pst_random_normal(&random);
    orthonormalise(axes, count, width);
    for (int step = 0; step < ITERATIONS; step++) {
        pst_blas_gemm(CblasNoTrans, CblasNoTrans, count, width, width, 1, axes, width, covariance, width, 0, next,
                      width);
        memcpy(axes, next, (gsize)count * width * sizeof *axes);
        orthonormalise(axes, count, width);
    }
    for (int i = 0; i < count; i++) {
        const float *axis = axes + (gsize)i * width;

        pst_blas_gemv(CblasNoTrans, width, width, 1, covariance, width, axis, 0, next);
        deviations[i] = sqrtf(MAX(0, cblas_sdot(width, axis, 1, next, 1)));
    }
}
