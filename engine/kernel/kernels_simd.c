/* The table of kernels for one instruction set. */
#include "kernels.h"
#include "reference.h"
#include "winograd_backward.h"
#include "winograd_forward.h"

static gsize scratch(int in, int out, int width)
{
    gsize forward = PST_ISA(pst_winograd_forward_scratch)(in, width);
    gsize input = PST_ISA(pst_winograd_backward_input_scratch)(out, width);
    gsize weights = PST_ISA(pst_winograd_backward_weights_scratch)(in, out, width);
    return MAX(forward, MAX(input, weights));
}

const PstKernels PST_ISA(pst_kernels) = {
    .name = G_STRINGIFY(PST_ISA_SUFFIX),
    .packed_size = PST_ISA(pst_winograd_packed_size),
    .pack = PST_ISA(pst_winograd_pack),
    .scratch = scratch,
    .forward = PST_ISA(pst_winograd_forward),
    .backward_input = PST_ISA(pst_winograd_backward_input),
    .backward_weights = PST_ISA(pst_winograd_backward_weights),
    .max_pool = pst_reference_max_pool,
    .max_pool_gradient = pst_reference_max_pool_gradient,
    .upsample = pst_reference_upsample,
    .upsample_gradient = pst_reference_upsample_gradient,
    .adam_step = pst_reference_adam_step,
};
