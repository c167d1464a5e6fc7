#include "convolution.h"

#include "reference.h"

#include <string.h>

struct PstConvolution {
    int in;
    int out;
    float *weight; /* [out][in][3][3] */
    float *bias;   /* [out] */
};

PstConvolution *pst_convolution_new(int in, int out)
{
    PstConvolution *convolution = g_new0(PstConvolution, 1);
    convolution->in = in;
    convolution->out = out;
    convolution->weight = g_new0(float, (gsize)in * out * 9);
    convolution->bias = g_new0(float, out);
    return convolution;
}

void pst_convolution_free(PstConvolution *convolution)
{
    if (convolution == NULL)
        return;
    g_free(convolution->weight);
    g_free(convolution->bias);
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
}

void pst_convolution_set_with_gradient(PstConvolution *convolution, const float *weight, const float *bias)
{
    pst_convolution_set(convolution, weight, bias);
}

gsize pst_convolution_scratch(const PstConvolution *convolution, int width)
{
    return 1;
}

void pst_convolution_forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                             const PstFusion *fusion, float *scratch)
{
    pst_reference_forward(convolution->weight, convolution->bias, convolution->in, convolution->out, x, y, first,
                          rows, fusion);
}

void pst_convolution_backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx,
                                    float *scratch)
{
    pst_reference_backward_input(convolution->weight, convolution->in, convolution->out, dy, y, dx);
}

void pst_convolution_backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                      const PstMap *y, float *dweight, float *dbias, float *scratch)
{
    pst_reference_backward_weights(convolution->in, convolution->out, x, dy, y, dweight, dbias);
}
