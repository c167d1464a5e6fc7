/* Both sides are processed row by row. The side with few channels is prepared as padded rows; each value is
 * broadcast. The side with many is copied into whole vectors. One pair of rows adds to the gradients of one
 * row of the weights:
 *
 *   sum[column][few][many] = sum over pixels of few_row[pixel + column][few] many_row[pixel][many]
 *
 * With few inputs the many are the outputs' gradients. With few outputs the many are the padded
 * input, and the gradients, padded by two zeros, meet it in reverse order.
 */
#include "direct.h"
#include "direct_rows.h"

enum {
    TAPS = 3 * FEW /* columns and channels of the few */
};

/* Adds the sums of a pair of rows to sum[taps][LANES]. Sums begin at 0 in each row, so rounding errors stay those of
 * one row. */
PST_INLINE void pair(const int few_channels, const float *few, const float *many, int pixels, int stride, float *sum)
{
    vec total[TAPS];

#pragma GCC unroll 12
    for (int t = 0; t < 3 * few_channels; t++)
        total[t] = (vec){ 0 };
    for (int p = 0; p < pixels; p++, few += few_channels, many += stride) {
        vec right = load(many);
#pragma GCC unroll 12
        for (int t = 0; t < 3 * few_channels; t++)
            total[t] += few[t] * right;
    }
#pragma GCC unroll 12
    for (int t = 0; t < 3 * few_channels; t++)
        store(sum + t * LANES, load(sum + t * LANES) + total[t]);
}

static void pair_of_rows(int few_channels, const float *few, const float *many, int pixels, int stride, float *sum)
{
    switch (few_channels) {
    case 1:
        pair(1, few, many, pixels, stride, sum);
        break;
    case 2:
        pair(2, few, many, pixels, stride, sum);
        break;
    case 3:
        pair(3, few, many, pixels, stride, sum);
        break;
    default:
        pair(4, few, many, pixels, stride, sum);
    }
}

/* A row of `columns` pixels in whole vectors: in the map itself if its channels fill them, else a copy. */
static const float *widen(const Input *input, int row, int columns, float *space)
{
    const float *from = PST_ISA(pst_input_row)(input, row);
    const float *mask = PST_ISA(pst_input_other_row)(input, row);
    int channels = input->map->channels;
    bool whole = channels % LANES == 0;
    float *to = space;

    if (whole && mask == NULL && columns == input->width)
        return from;
    for (int p = 0; p < columns; p++)
        for (int channel = 0; channel < channels; channel += LANES, to += LANES) {
            gint32 at = input->columns[p] + channel;
            int lanes = whole ? LANES : MIN(LANES, channels - channel);
            vec value = whole ? load(from + at) : load_part(from + at, lanes);
            if (mask != NULL)
                value = where_positive(whole ? load(mask + at) : load_part(mask + at, lanes), value);
            store(to, value);
        }
    return space;
}

/* Adds each column of rows [pixels][stride] to total[LANES times vectors]. */
static void add_pixels(const float *rows, int pixels, int vectors, float *total)
{
    for (int v = 0; v < vectors; v++) {
        vec sum = { 0 };
        for (int p = 0; p < pixels; p++)
            sum += load(rows + ((gsize)p * vectors + v) * LANES);
        store(total + v * LANES, load(total + v * LANES) + sum);
    }
}

static void add_few(const float *row, int pixels, int few, float *total)
{
    float sum[FEW] = { 0 };
    for (int p = 0; p < pixels; p++)
        for (int f = 0; f < few; f++)
            sum[f] += row[(gsize)p * few + f];
    for (int f = 0; f < few; f++)
        total[f] += sum[f];
}

gsize PST_ISA(pst_direct_scratch)(int in, int out, int width)
{
    int few = in <= FEW ? in : out, many = in <= FEW ? out : in;
    gsize inputs = 2 * PST_ISA(pst_input_size)(width);
    /* Forward and backward_input need two rows of outputs beside the prepared ones,
     * backward_weights one row of vectors and the sums. */
    gsize rows = MAX(rows_size(width, in), rows_size(width, out)) + 2 * (gsize)(width + 2) * MAX(in, out);
    gsize sums = rows_size(width, few) + (gsize)(width + 2 + 3 * TAPS + 1) * vectors_for(many) * LANES;
    return inputs + MAX(rows, sums) + LANES;
}

void PST_ISA(pst_direct_backward_weights)(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                          const PstMap *y, float *dweight, float *dbias, float *scratch)
{
    static const PstFusion none = { 0 };
    int in = convolution->in, out = convolution->out, height = x->height, width = x->width;
    bool few_in = in <= FEW;
    int few = few_in ? in : out, many = few_in ? out : in, vectors = vectors_for(many), stride = vectors * LANES;

    PstExtent extent = pst_convolution_extent(x, NULL, &none);
    Input input = PST_ISA(pst_input_forward)(x, &none, &extent, scratch);
    scratch += PST_ISA(pst_input_size)(width);
    Input gradient = PST_ISA(pst_input_gradient)(dy, y, few_in ? 0 : 2, scratch);
    scratch += PST_ISA(pst_input_size)(width);
    Rows prepared = PST_ISA(pst_rows)(few_in ? &input : &gradient, false, scratch);
    scratch += rows_size(width, few);
    float *sums = scratch, *bias = sums + 3 * TAPS * stride, *space = bias + stride;

    memset(sums, 0, sizeof(float) * (3 * TAPS + 1) * stride);
    int border = few_in ? 0 : 1, columns = width + 2 * border;
    for (int row = -border; row < height + border; row++) {
        const float *around[3];
        PST_ISA(pst_rows_around)(&prepared, row, around);
        const float *wide = widen(few_in ? &gradient : &input, row, columns, space);
        if (few_in)
            add_pixels(wide, columns, vectors, bias);
        else
            add_few(around[1], width + 2 * gradient.pad, out, bias);
        for (int i = 0; i < 3; i++)
            for (int v = 0; v < vectors; v++)
                pair_of_rows(few, around[i], wide + v * LANES, columns, stride,
                             sums + (i * vectors + v) * TAPS * LANES);
    }

    for (int tap = 0; tap < 9; tap++)
        for (int m = 0; m < many; m++)
            for (int f = 0; f < few; f++) {
                float sum = sums[((tap / 3 * vectors + m / LANES) * TAPS + tap % 3 * few + f) * LANES + m % LANES];
                if (few_in)
                    dweight[((gsize)m * in + f) * 9 + tap] += sum;
                else
                    dweight[((gsize)f * in + m) * 9 + 8 - tap] += sum;
            }
    for (int o = 0; o < out; o++)
        dbias[o] += bias[o];
}
