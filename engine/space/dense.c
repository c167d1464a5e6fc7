#include "dense.h"

#include "engine/kernel/blas.h"

#include <math.h>

/* Where the next layer's parameters begin. */
static gsize end_of(const PstDense *layer)
{
    return layer->offset + (gsize)layer->out * (layer->in + (layer->bias ? 1 : 0));
}

gsize pst_dense_place(PstDense *layers, int count)
{
    gsize end = 0;

    for (int i = 0; i < count; i++) {
        layers[i].offset = end;
        end = end_of(&layers[i]);
    }
    return end;
}

static gsize bias_offset(const PstDense *layer)
{
    return layer->offset + (gsize)layer->out * layer->in;
}

void pst_dense_forward(const PstDense *layer, const float *parameters, const float *x, int n, gboolean add, float *y)
{
    const float *bias = parameters + bias_offset(layer);

    pst_blas_gemm(CblasNoTrans, CblasTrans, n, layer->out, layer->in, 1, x, layer->in, parameters + layer->offset,
                  layer->in, add ? 1 : 0, y, layer->out);
    for (int i = 0; layer->bias && i < n; i++) {
        for (int k = 0; k < layer->out; k++)
            y[(gsize)i * layer->out + k] += bias[k];
    }
}

void pst_dense_backward(const PstDense *layer, const float *parameters, const float *x, const float *dy, int n,
                        float *dparameters, float *dx)
{
    if (dparameters) {
        float *dbias = dparameters + bias_offset(layer);

        pst_blas_gemm(CblasTrans, CblasNoTrans, layer->out, layer->in, n, 1, dy, layer->out, x, layer->in, 1,
                      dparameters + layer->offset, layer->in);
        for (int i = 0; layer->bias && i < n; i++) {
            for (int k = 0; k < layer->out; k++)
                dbias[k] += dy[(gsize)i * layer->out + k];
        }
    }
    if (dx) {
        pst_blas_gemm(CblasNoTrans, CblasNoTrans, n, layer->in, layer->out, 1, dy, layer->out,
                      parameters + layer->offset, layer->in, 1, dx, layer->in);
    }
}

void pst_silu_forward(const float *a, gsize n, float *y)
{
    for (gsize i = 0; i < n; i++)
        y[i] = a[i] / (1 + expf(-a[i]));
}

void pst_silu_backward(const float *a, gsize n, float *dy)
{
    for (gsize i = 0; i < n; i++) {
        float s = 1 / (1 + expf(-a[i]));

        dy[i] *= s * (1 + a[i] * (1 - s));
    }
}
