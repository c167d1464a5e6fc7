/* The table of kernels for one instruction set. */
#include "direct.h"
#include "engine/kernel/kernels.h"
#include "maps_simd.h"
#include "nearest_simd.h"
#include "pointwise_simd.h"
#include "winograd_backward.h"
#include "winograd_forward.h"

static gsize packed_size(int in, int out)
{
    return direct_serves(in, out) ? PST_ISA(pst_direct_packed_size)(in, out)
                                  : PST_ISA(pst_winograd_packed_size)(in, out);
}

static void pack(const float *weight, int in, int out, float *packed)
{
    if (direct_serves(in, out))
        PST_ISA(pst_direct_pack)(weight, in, out, packed);
    else
        PST_ISA(pst_winograd_pack)(weight, in, out, packed);
}

static gboolean scales(int in, int out)
{
    return !direct_serves(in, out);
}

static gsize scratch(int in, int out, int width)
{
    if (direct_serves(in, out))
        return PST_ISA(pst_direct_scratch)(in, out, width);
    gsize forward = PST_ISA(pst_winograd_forward_scratch)(in, width);
    gsize input = PST_ISA(pst_winograd_backward_input_scratch)(in, out, width);
    gsize weights = PST_ISA(pst_winograd_backward_weights_scratch)(in, out, width);
    return MAX(forward, MAX(input, weights));
}

static void forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                    const PstFusion *fusion, float *scratch)
{
    if (direct_serves(convolution->in, convolution->out))
        PST_ISA(pst_direct_forward)(convolution, x, y, first, rows, fusion, scratch);
    else
        PST_ISA(pst_winograd_forward)(convolution, x, y, first, rows, fusion, scratch);
}

static void backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx, int first,
                           int rows, float *scratch)
{
    if (direct_serves(convolution->in, convolution->out))
        PST_ISA(pst_direct_backward_input)(convolution, dy, y, dx, first, rows, scratch);
    else
        PST_ISA(pst_winograd_backward_input)(convolution, dy, y, dx, first, rows, scratch);
}

static void backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy, const PstMap *y,
                             float *dweight, float *dbias, float *scratch)
{
    if (direct_serves(convolution->in, convolution->out))
        PST_ISA(pst_direct_backward_weights)(convolution, x, dy, y, dweight, dbias, scratch);
    else
        PST_ISA(pst_winograd_backward_weights)(convolution, x, dy, y, dweight, dbias, scratch);
}

const PstKernels PST_ISA(pst_kernels) = {
    .name = G_STRINGIFY(PST_ISA_SUFFIX),
    .packed_size = packed_size,
    .pack = pack,
    .scales = scales,
    .scratch = scratch,
    .forward = forward,
    .backward_input = backward_input,
    .backward_weights = backward_weights,
    .max_pool = PST_ISA(pst_max_pool),
    .max_pool_gradient = PST_ISA(pst_max_pool_gradient),
    .upsample = PST_ISA(pst_upsample),
    .upsample_gradient = PST_ISA(pst_upsample_gradient),
    .pointwise = PST_ISA(pst_pointwise),
    .moments_block = PST_ISA(pst_moments_block),
    .scale_add = PST_ISA(pst_scale_add),
    .halves_from_floats = PST_ISA(pst_unsigned_halves_from_floats),
    .halves_to_floats = PST_ISA(pst_unsigned_halves_to_floats),
    .nearest_table_size = PST_ISA(pst_nearest_table_size),
    .nearest_pack = PST_ISA(pst_nearest_pack),
    .nearest_scratch = PST_ISA(pst_nearest_scratch),
    .nearest = PST_ISA(pst_nearest),
    .pull = PST_ISA(pst_pull),
    .line_noise = PST_ISA(pst_line_noise),
    .adam_step = PST_ISA(pst_adam_step),
};
