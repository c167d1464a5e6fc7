#include "convolution.h"

#include "kernels.h"

#include <string.h>

enum {
    BIAS_PADDING = 16 /* floats: the widest vector */
};

PstConvolution *pst_convolution_new(int in, int out)
{
    const PstKernels *kernels = pst_kernels();
    PstConvolution *convolution = g_new0(PstConvolution, 1);
    gsize packed = kernels->packed_size(in, out);

    convolution->in = in;
    convolution->out = out;
    convolution->weight = g_new0(float, (gsize)in *out * 9);
    convolution->bias = pst_floats_new(out + BIAS_PADDING);
    memset(convolution->bias, 0, sizeof(float) * (out + BIAS_PADDING));
    convolution->packed = pst_floats_new(packed);
    memset(convolution->packed, 0, sizeof(float) * packed);
    return convolution;
}

void pst_convolution_free(PstConvolution *convolution)
{
    if (convolution == NULL)
        return;
    g_free(convolution->weight);
    pst_floats_free(convolution->bias);
    pst_floats_free(convolution->packed);
    pst_floats_free(convolution->adjoint);
    g_free(convolution);
}

int pst_convolution_in(const PstConvolution *convolution)
{
    return convolution->in;
}

int pst_convolution_out(const PstConvolution *convolution)
{
    return convolution->out;
}

void pst_convolution_set(PstConvolution *convolution, const float *weight, const float *bias)
{
    memcpy(convolution->weight, weight, sizeof(float) * convolution->in * convolution->out * 9);
    for (int o = 0; o < convolution->out; o++)
        convolution->bias[o] = bias != NULL ? bias[o] : 0;
    pst_kernels()->pack(weight, convolution->in, convolution->out, convolution->packed);
}

void pst_convolution_set_with_gradient(PstConvolution *convolution, const float *weight,
                                       const float *bias)
{
    int in = convolution->in, out = convolution->out;
    g_autofree float *flipped = g_new(float, (gsize)in *out * 9);

    pst_convolution_set(convolution, weight, bias);
    if (convolution->adjoint == NULL)
        convolution->adjoint = pst_floats_new(pst_kernels()->packed_size(out, in));
    for (int o = 0; o < out; o++)
        for (int i = 0; i < in; i++)
            for (int tap = 0; tap < 9; tap++)
                flipped[((gsize)i * out + o) * 9 + 8 - tap] = weight[((gsize)o * in + i) * 9 + tap];
    pst_kernels()->pack(flipped, out, in, convolution->adjoint);
}

gsize pst_convolution_scratch(const PstConvolution *convolution, int width)
{
    return pst_kernels()->scratch(convolution->in, convolution->out, width);
}

void pst_convolution_forward(const PstConvolution *convolution, const PstMap *x, PstMap *y,
                             int first, int rows, const PstFusion *fusion, float *scratch)
{
    static const PstFusion none = {0};
    pst_kernels()->forward(convolution, x, y, first, rows, fusion != NULL ? fusion : &none,
                           scratch);
}

void pst_convolution_backward_input(const PstConvolution *convolution, const PstMap *dy,
                                    const PstMap *y, PstMap *dx, float *scratch)
{
    g_return_if_fail(convolution->adjoint != NULL);
    pst_kernels()->backward_input(convolution, dy, y, dx, scratch);
}

void pst_convolution_backward_weights(const PstConvolution *convolution, const PstMap *x,
                                      const PstMap *dy, const PstMap *y, float *dweight,
                                      float *dbias, float *scratch)
{
    pst_kernels()->backward_weights(convolution, x, dy, y, dweight, dbias, scratch);
}
