#include "pointwise.h"

#include "blas.h"
#include "kernels.h"

void pst_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y, int first,
                   int rows)
{
    pst_kernels()->pointwise(x, weight, bias, accumulate, y, first, rows);
}

void pst_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias)
{
    int in = x->channels, out = dy->channels;
    gsize pixels = (gsize)x->height * x->width;
    pst_blas_gemm(CblasTrans, CblasNoTrans, out, in, pixels, 1, dy->data, out, x->data, in, 1, dweight, in);
    if (dbias != NULL)
        for (gsize p = 0; p < pixels; p++)
            for (int o = 0; o < out; o++)
                dbias[o] += dy->data[p * out + o];
}
