#include "kernels.h"

#include "adam.h"
#include "line_noise_sums.h"
#include "reference.h"

/* Compiled from the same files once per instruction set. */
extern const PstKernels pst_kernels_avx2;
extern const PstKernels pst_kernels_avx512;

static gsize packed_size(int in, int out)
{
    return 0;
}

static void pack(const float *weight, int in, int out, float *packed)
{
}

static gboolean scales(int in, int out)
{
    return FALSE;
}

static gsize scratch_size(int in, int out, int width)
{
    return 0;
}

static void forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first,
                    int rows, const PstFusion *fusion, float *scratch)
{
    pst_reference_forward(convolution->weight, convolution->bias, convolution->in, convolution->out,
                          x, y, first, rows, fusion);
}

static void backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                           PstMap *dx, float *scratch)
{
    pst_reference_backward_input(convolution->weight, convolution->in, convolution->out, dy, y, dx);
}

static void backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                             const PstMap *y, float *dweight, float *dbias, float *scratch)
{
    pst_reference_backward_weights(convolution->in, convolution->out, x, dy, y, dweight, dbias);
}

static void moments_block(const float *x, int channels, int pixels, float *sum, float *squares)
{
    for (int c = 0; c < channels; c++) {
        sum[c] = squares[c] = 0;
        for (int p = 0; p < pixels; p++) {
            float distance = x[(gsize)p * channels + c] - x[c];
            sum[c] += distance;
            squares[c] += distance * distance;
        }
    }
}

static void scale_add(const float *x, int channels, gsize pixels, const float *mean,
                      const float *scale, const float *offset, float *to)
{
    for (gsize p = 0; p < pixels; p++)
        for (int c = 0; c < channels; c++)
            to[p * channels + c] += scale[c] * (x[p * channels + c] - mean[c]) + offset[c];
}

static const PstKernels reference = {
    .name = "reference",
    .packed_size = packed_size,
    .pack = pack,
    .scales = scales,
    .scratch = scratch_size,
    .forward = forward,
    .backward_input = backward_input,
    .backward_weights = backward_weights,
    .max_pool = pst_reference_max_pool,
    .max_pool_gradient = pst_reference_max_pool_gradient,
    .upsample = pst_reference_upsample,
    .upsample_gradient = pst_reference_upsample_gradient,
    .pointwise = pst_reference_pointwise,
    .moments_block = moments_block,
    .scale_add = scale_add,
    .halves_from_floats = pst_reference_halves_from_floats,
    .halves_to_floats = pst_reference_halves_to_floats,
    .line_noise = line_noise_sums,
    .adam_step = pst_reference_adam_step,
};

static const PstKernels *choose(void)
{
    /* Best first. PASTICHE_CPU skips those before the one that it names. */
    const PstKernels *levels[] = {
        __builtin_cpu_supports("x86-64-v4") ? &pst_kernels_avx512 : NULL,
        __builtin_cpu_supports("x86-64-v3") ? &pst_kernels_avx2 : NULL,
        &reference,
    };
    const char *names[] = {"avx512", "avx2", "reference"};
    const char *wish = g_getenv("PASTICHE_CPU");
    gboolean open = wish == NULL;

    for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
        open |= g_strcmp0(wish, names[i]) == 0;
        if (open && levels[i] != NULL)
            return levels[i];
    }
    g_warning("PASTICHE_CPU=%s: not one of avx512, avx2, reference; ignored", wish);
    return levels[0] != NULL ? levels[0] : levels[1] != NULL ? levels[1] : levels[2];
}

const PstKernels *pst_kernels(void)
{
    static gsize chosen = 0;
    if (g_once_init_enter(&chosen))
        g_once_init_leave(&chosen, (gsize)choose());
    return (const PstKernels *)chosen;
}
