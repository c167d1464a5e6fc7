#include "pointwise.h"

#include "blas.h"

/* Fills rows of `width` floats with copies of `row`. */
static void repeat(float *target, const float *row, int width, gsize times)
{
    for (gsize i = 0; i < times; i++)
        for (int j = 0; j < width; j++)
            target[i * width + j] = row[j];
}

void pst_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                   int first, int rows)
{
    int in = x->channels, out = y->channels;
    gsize pixels = (gsize)rows * x->width;
    float *target = pst_map_at(y, first, 0);

    if (bias != NULL && accumulate) {
        for (gsize p = 0; p < pixels; p++)
            for (int o = 0; o < out; o++)
                target[p * out + o] += bias[o];
    } else if (bias != NULL) {
        repeat(target, bias, out, pixels);
    }
    pst_blas_prepare();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, pixels, out, in, 1, pst_map_at(x, first, 0), in, weight, in,
                accumulate || bias != NULL ? 1 : 0, target, out);
}

void pst_pointwise_gradient_input(const PstMap *dy, const float *weight, gboolean accumulate, PstMap *dx)
{
    int in = dx->channels, out = dy->channels;
    gsize pixels = (gsize)dx->height * dx->width;
    pst_blas_prepare();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, pixels, in, out, 1, dy->data, out, weight, in,
                accumulate ? 1 : 0, dx->data, in);
}

void pst_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias)
{
    int in = x->channels, out = dy->channels;
    gsize pixels = (gsize)x->height * x->width;
    pst_blas_prepare();
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, pixels, 1, dy->data, out, x->data, in, 1, dweight,
                in);
    if (dbias != NULL)
        for (gsize p = 0; p < pixels; p++)
            for (int o = 0; o < out; o++)
                dbias[o] += dy->data[p * out + o];
}
