#include "convolution.h"

#include "kernels.h"

#include <string.h>

enum {
    BIAS_PADDING = 16 /* floats: the widest vector */
};

static float *zero_outputs(int out)
{
    float *values = pst_floats_new(out + BIAS_PADDING);
    memset(values, 0, sizeof(float) * (out + BIAS_PADDING));
    return values;
}

PstConvolution *pst_convolution_new(int in, int out)
{
    const PstKernels *kernels = pst_kernels();
    PstConvolution *convolution = g_new0(PstConvolution, 1);
    gsize packed = kernels->packed_size(in, out);

    convolution->in = in;
    convolution->out = out;
    convolution->weight = g_new0(float, (gsize)in *out * 9);
    convolution->bias = zero_outputs(out);
    convolution->packed = pst_floats_new(packed);
    memset(convolution->packed, 0, sizeof(float) * packed);
    return convolution;
}

void pst_convolution_free(PstConvolution *convolution)
{
    if (convolution == NULL)
        return;
    if (convolution->scale == NULL) {
        g_free(convolution->weight);
        pst_floats_free(convolution->packed);
        pst_floats_free(convolution->adjoint);
    }
    pst_floats_free(convolution->bias);
    pst_floats_free(convolution->scale);
    g_free(convolution);
}

PstConvolution *pst_convolution_new_modulated(const PstConvolution *base)
{
    PstConvolution *convolution;

    if (pst_kernels()->scales(base->in, base->out)) {
        convolution = g_new0(PstConvolution, 1);
        convolution->in = base->in;
        convolution->out = base->out;
        convolution->bias = zero_outputs(base->out);
        convolution->scale = zero_outputs(base->out);
    } else {
        convolution = pst_convolution_new(base->in, base->out);
    }
    convolution->base = base;
    return convolution;
}

void pst_convolution_modulate(PstConvolution *convolution, const float *scale, const float *bias)
{
    const PstConvolution *base = convolution->base;

    if (convolution->scale != NULL) {
        convolution->weight = base->weight;
        convolution->packed = base->packed;
        convolution->adjoint = base->adjoint;
        memcpy(convolution->scale, scale, sizeof(float) * base->out);
        memcpy(convolution->bias, bias, sizeof(float) * base->out);
    } else {
        gsize row = (gsize)base->in * 9;
        g_autofree float *weight = g_new(float, row * base->out);
        for (gsize i = 0; i < row * base->out; i++)
            weight[i] = scale[i / row] * base->weight[i];
        pst_convolution_set_with_gradient(convolution, weight, bias);
    }
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

void pst_convolution_set_with_gradient(PstConvolution *convolution, const float *weight, const float *bias)
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

void pst_convolution_forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                             const PstFusion *fusion, float *scratch)
{
    static const PstFusion none = { 0 };
    pst_kernels()->forward(convolution, x, y, first, rows, fusion != NULL ? fusion : &none, scratch);
}

void pst_convolution_backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx,
                                    float *scratch)
{
    pst_convolution_backward_input_rows(convolution, dy, y, dx, 0, dx->height, scratch);
}

void pst_convolution_backward_input_rows(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                         PstMap *dx, int first, int rows, float *scratch)
{
    g_return_if_fail(convolution->adjoint != NULL);
    pst_kernels()->backward_input(convolution, dy, y, dx, first, rows, scratch);
}

void pst_convolution_backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                      const PstMap *y, float *dweight, float *dbias, float *scratch)
{
    pst_kernels()->backward_weights(convolution, x, dy, y, dweight, dbias, scratch);
}
