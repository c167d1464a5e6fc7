#include "kernels.h"

#include "adam.h"
#include "levels.h"
#include "line_noise_sums.h"
#include "reference.h"

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

static void forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                    const PstFusion *fusion, float *scratch)
{
    pst_reference_forward(convolution->weight, convolution->bias, convolution->in, convolution->out, x, y, first, rows,
                          fusion);
}

static void backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx, int first,
                           int rows, float *scratch)
{
    pst_reference_backward_input(convolution->weight, convolution->in, convolution->out, dy, y, dx, first, rows);
}

static void backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy, const PstMap *y,
                             float *dweight, float *dbias, float *scratch)
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

static void scale_add(const float *x, int channels, gsize pixels, const float *mean, const float *scale,
                      const float *offset, float *to)
{
    for (gsize p = 0; p < pixels; p++)
        for (int c = 0; c < channels; c++)
            to[p * channels + c] += scale[c] * (x[p * channels + c] - mean[c]) + offset[c];
}

static gsize nearest_table_size(int candidate_count, int channels)
{
    return (gsize)candidate_count * channels;
}

static gsize nearest_scratch(int channels)
{
    return 0;
}

static void find_nearest(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                         int *index, void *scratch)
{
    pst_reference_nearest(queries, count, table, candidate_count, channels, index);
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
    .nearest_table_size = nearest_table_size,
    .nearest_pack = pst_reference_nearest_pack,
    .nearest_scratch = nearest_scratch,
    .nearest = find_nearest,
    .pull = pst_reference_pull,
    .line_noise = line_noise_sums,
    .adam_step = pst_reference_adam_step,
};

static const PstKernels *choose(void)
{
    /* Best first; NULL where the processor can't run them. */
    const struct {
        const char *name;
        const PstKernels *kernels;
    } levels[] = {
#ifdef __x86_64__
        { "avx512vnni", pst_kernels_for_v4_vnni() },
        { "avx512", pst_kernels_for_v4() },
        { "avx2", pst_kernels_for_v3() },
#endif
        { reference.name, &reference },
    };
    const char *wish = g_getenv("PASTICHE_CPU");
    const PstKernels *best = NULL;

    /* Upwards as far as the wish. */
    for (guint i = G_N_ELEMENTS(levels); i-- > 0;) {
        if (levels[i].kernels != NULL)
            best = levels[i].kernels;
        if (g_strcmp0(wish, levels[i].name) == 0)
            return best;
    }
    if (wish != NULL)
        g_warning("PASTICHE_CPU=%s: this program has no such kernels; ignored", wish);
    return best;
}

const PstKernels *pst_kernels(void)
{
    static gsize chosen = 0;
    if (g_once_init_enter(&chosen))
        g_once_init_leave(&chosen, (gsize)choose());
    return (const PstKernels *)chosen;
}
