#include "direct.h"
#include "direct_rows.h"
#include "engine/kernel/reference.h"

enum {
    PIXELS = LANES == 16 ? 16 : 8, /* whose sums are held in registers, with few inputs */
    SPANS = 4,                     /* vectors of pixels whose sums are held in registers, with few outputs */
};

gsize PST_ISA(pst_direct_packed_size)(int in, int out)
{
    return (gsize)9 * in * (in <= FEW ? vectors_for(out) * LANES : out);
}

/* Few inputs: [vector of outputs][3 rows][3 columns][in][LANES]. Few outputs: [in][3][3][out]. */
void PST_ISA(pst_direct_pack)(const float *weight, int in, int out, float *packed)
{
    if (in <= FEW)
        memset(packed, 0, sizeof(float) * PST_ISA(pst_direct_packed_size)(in, out));
    for (int o = 0; o < out; o++)
        for (int i = 0; i < in; i++)
            for (int tap = 0; tap < 9; tap++) {
                gsize to = in <= FEW ? ((gsize)(o / LANES * 9 + tap) * in + i) * LANES + o % LANES
                                     : ((gsize)i * 9 + tap) * out + o;
                packed[to] = weight[((gsize)o * in + i) * 9 + tap];
            }
}

/* What a row of outputs is computed from. */
typedef struct {
    const float *packed;
    const float *bias;
    bool relu;
    int in;
    int out;
    int pitch;
} Recipe;

/* `count` neighbouring pixels of one vector of outputs; a points to their leftmost input in each
 * row. */
PST_INLINE void few_in_pixels(const int count, const int in, const float *const a[3], const float *weight, vec bias,
                              bool relu, float *to, int channels, int lanes)
{
    vec sum[PIXELS];

#pragma GCC unroll 16
    for (int p = 0; p < count; p++)
        sum[p] = bias;
    for (int row = 0; row < 3; row++) {
        const float *from = a[row];
#pragma GCC unroll 3
        for (int k = 0; k < 3 * in; k++, weight += LANES) {
            vec right = load(weight);
#pragma GCC unroll 16
            for (int p = 0; p < count; p++)
                sum[p] += from[p * in + k] * right;
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < count; p++) {
        if (relu)
            sum[p] = maximum(sum[p], (vec){ 0 });
        if (lanes == LANES)
            store(to + (gsize)p * channels, sum[p]);
        else
            store_part(to + (gsize)p * channels, sum[p], lanes);
    }
}

PST_INLINE void few_in_row(const int in, const Recipe *recipe, const float *const rows[3], int width, float *to)
{
    for (int channel = 0; channel < recipe->out; channel += LANES) {
        const float *weight = recipe->packed + (gsize)channel * 9 * in;
        int lanes = MIN(LANES, recipe->out - channel);
        vec bias = recipe->bias != NULL ? load(recipe->bias + channel) : (vec){ 0 };
        int p = 0;
        for (; p < width; p += PIXELS) {
            /* The last block steps back to end with the row, unless there is only one. */
            if (p + PIXELS > width && width >= PIXELS)
                p = width - PIXELS;
            const float *a[3] = { rows[0] + p * in, rows[1] + p * in, rows[2] + p * in };
            float *target = to + (gsize)p * recipe->out + channel;
            if (width >= PIXELS)
                few_in_pixels(PIXELS, in, a, weight, bias, recipe->relu, target, recipe->out, lanes);
            else
                for (int i = 0; i < width; i++) {
                    const float *one[3] = { a[0] + i * in, a[1] + i * in, a[2] + i * in };
                    few_in_pixels(1, in, one, weight, bias, recipe->relu, target + (gsize)i * recipe->out, recipe->out,
                                  lanes);
                }
        }
    }
}

PST_INLINE void few_out_row(const int out, const Recipe *recipe, const float *const rows[3], int width, float *to)
{
    for (int first = 0; first < width; first += SPANS * LANES) {
        vec sum[FEW][SPANS];
        float apart[FEW][SPANS * LANES];
        const float *weight = recipe->packed;

#pragma GCC unroll 4
        for (int o = 0; o < out; o++)
#pragma GCC unroll 4
            for (int s = 0; s < SPANS; s++)
                sum[o][s] = (vec){ 0 } + (recipe->bias != NULL ? recipe->bias[o] : 0);
        for (int i = 0; i < recipe->in; i++)
            for (int row = 0; row < 3; row++) {
                const float *from = rows[row] + (gsize)i * recipe->pitch + first;
#pragma GCC unroll 3
                for (int column = 0; column < 3; column++, weight += out)
#pragma GCC unroll 4
                    for (int s = 0; s < SPANS; s++) {
                        vec right = keep(load(from + column + s * LANES));
#pragma GCC unroll 4
                        for (int o = 0; o < out; o++)
                            sum[o][s] += weight[o] * right;
                    }
            }
#pragma GCC unroll 4
        for (int o = 0; o < out; o++)
#pragma GCC unroll 4
            for (int s = 0; s < SPANS; s++)
                store(apart[o] + s * LANES, recipe->relu ? maximum(sum[o][s], (vec){ 0 }) : sum[o][s]);
        int count = MIN(SPANS * LANES, width - first);
        for (int p = 0; p < count; p++)
            for (int o = 0; o < out; o++)
                to[(gsize)(first + p) * out + o] = apart[o][p];
    }
}

static void compute_row(const Recipe *recipe, const float *const rows[3], int width, float *to)
{
    if (recipe->in <= FEW) {
        switch (recipe->in) {
        case 1:
            few_in_row(1, recipe, rows, width, to);
            break;
        case 2:
            few_in_row(2, recipe, rows, width, to);
            break;
        case 3:
            few_in_row(3, recipe, rows, width, to);
            break;
        default:
            few_in_row(4, recipe, rows, width, to);
        }
        return;
    }
    switch (recipe->out) {
    case 1:
        few_out_row(1, recipe, rows, width, to);
        break;
    case 2:
        few_out_row(2, recipe, rows, width, to);
        break;
    case 3:
        few_out_row(3, recipe, rows, width, to);
        break;
    default:
        few_out_row(4, recipe, rows, width, to);
    }
}

/* One row of maxima from two rows of `channels` channels. */
static void pool_rows(const float *above, const float *below, int width, int channels, float *to)
{
    for (int column = 0; column + 1 < width; column += 2, above += 2 * channels, below += 2 * channels)
        for (int c = 0; c < channels; c++)
            *to++ = MAX(MAX(above[c], above[channels + c]), MAX(below[c], below[channels + c]));
}

void PST_ISA(pst_direct_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                                 const PstFusion *fusion, float *scratch)
{
    PstExtent extent = pst_convolution_extent(x, y, fusion);
    int in = convolution->in, out = convolution->out, width = extent.width;
    Input input = PST_ISA(pst_input_forward)(x, fusion, &extent, scratch);
    scratch += PST_ISA(pst_input_size)(width);
    Rows prepared = PST_ISA(pst_rows)(&input, in > FEW, scratch);
    scratch += rows_size(width, in);
    Recipe recipe = { convolution->packed, convolution->bias, fusion->relu, in, out, prepared.pitch };

    const float *above = NULL;
    for (int row = first; row < first + rows; row++) {
        const float *around[3];
        float *to = y != NULL ? pst_view_row(y, &extent.views.y, row) : scratch + (row % 2) * (gsize)(width + 2) * out;
        PST_ISA(pst_rows_around)(&prepared, row, around);
        compute_row(&recipe, around, width, to);
        if (fusion->pooled != NULL && row % 2 == 1)
            pool_rows(above, to, width, out, pst_view_row(fusion->pooled, &extent.views.pooled, row / 2));
        above = to;
    }
}

static void add_row(float *to, const float *from, gsize count)
{
    for (gsize i = 0; i < count; i++)
        to[i] += from[i];
}

void PST_ISA(pst_direct_backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                        PstMap *dx, int first, int rows, float *scratch)
{
    /* One row and column of padding on each side, and one that the convolution itself adds. */
    enum { PAD = 2 };
    int in = convolution->out, out = convolution->in, height = dx->height, width = dx->width;
    Input input = PST_ISA(pst_input_gradient)(dy, y, PAD, scratch);
    scratch += PST_ISA(pst_input_size)(width);
    Rows prepared = PST_ISA(pst_rows)(&input, in > FEW, scratch);
    scratch += rows_size(width, in);
    Recipe recipe = { convolution->adjoint, NULL, false, in, out, prepared.pitch };

    /* The gradient of the padded input has one row and column more on each side. They are folded onto those that
     * they reflect; the rows last, when these have been stored. */
    for (int i = first; i < first + rows + 2; i++) {
        const float *around[3];
        bool inside = i < first + rows;
        int row = inside ? i : i == first + rows ? -1 : height, target = pst_reflect(row, height);
        float *to = pst_map_at(dx, target, 0);
        if (target < first || target >= first + rows)
            continue;
        PST_ISA(pst_rows_around)(&prepared, row, around);
        compute_row(&recipe, around, width + 2, scratch);
        if (inside)
            memcpy(to, scratch + out, sizeof(float) * width * out);
        else
            add_row(to, scratch + out, (gsize)width * out);
        add_row(to + pst_reflect(-1, width) * out, scratch, out);
        add_row(to + pst_reflect(width, width) * out, scratch + (gsize)(width + 1) * out, out);
    }
}
