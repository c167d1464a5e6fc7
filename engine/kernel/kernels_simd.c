/* The table of kernels for one instruction set. */
#include "kernels.h"
#include "reference.h"
#include "winograd_forward.h"

static gsize scratch(int in, int out, int width)
{
    return PST_ISA(pst_winograd_forward_scratch)(in, width);
}

static void backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx,
                           float *scratch)
{
    pst_reference_backward_input(convolution->weight, convolution->in, convolution->out, dy, y, dx);
}

static void backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy, const PstMap *y,
                             float *dweight, float *dbias, float *scratch)
{
    pst_reference_backward_weights(convolution->in, convolution->out, x, dy, y, dweight, dbias);
}

const PstKernels PST_ISA(pst_kernels) = {
    .name = G_STRINGIFY(PST_ISA_SUFFIX),
    .packed_size = PST_ISA(pst_winograd_packed_size),
    .pack = PST_ISA(pst_winograd_pack),
    .scratch = scratch,
    .forward = PST_ISA(pst_winograd_forward),
    .backward_input = backward_input,
    .backward_weights = backward_weights,
    .max_pool = pst_reference_max_pool,
    .max_pool_gradient = pst_reference_max_pool_gradient,
    .upsample = pst_reference_upsample,
    .upsample_gradient = pst_reference_upsample_gradient,
    .adam_step = pst_reference_adam_step,
};
