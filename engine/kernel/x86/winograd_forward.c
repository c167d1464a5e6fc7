#include "winograd_forward.h"

#include "engine/kernel/reference.h"
#include "winograd_transform.h"

/* Stores `count` of the vectors in a tile's row, at most what the map has room for. */
PST_INLINE void store_some(float *to, const vec *from, int count, int channels, int lanes)
{
    if (lanes == LANES) {
        for (int i = 0; i < count; i++)
            store(to + (gsize)i * channels, from[i]);
    } else {
        for (int i = 0; i < count; i++)
            store_part(to + (gsize)i * channels, from[i], lanes);
    }
}

void PST_ISA(pst_winograd_store)(gconstpointer data, const float *m, gsize plane, const Walk *walk, int channel)
{
    const Finish *finish = data;
    int channels = finish->channels;
    vec y[TILE][TILE];
    int row = walk->first + TILE * walk->row, column = TILE * walk->column;
    int rows = MIN(TILE, finish->end - row), columns = MIN(TILE, finish->width - column);
    int lanes = MIN(LANES, channels - channel);

    vec bias = load(finish->bias + channel);
    if (finish->scale == NULL) {
        transform_output_tile(m, plane, bias, y);
    } else {
        vec scale = load(finish->scale + channel);
        transform_output_tile(m, plane, (vec){ 0 }, y);
#pragma GCC unroll 4
        for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
            for (int j = 0; j < TILE; j++)
                y[i][j] = y[i][j] * scale + bias;
    }
    if (finish->relu)
#pragma GCC unroll 4
        for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
            for (int j = 0; j < TILE; j++)
                y[i][j] = maximum(y[i][j], (vec){ 0 });

    if (finish->y != NULL) {
        float *to = pst_view_row(finish->y, &finish->y_view, row) + (gsize)column * channels + channel;
        gsize stride = (gsize)finish->y->width * channels;
        if (rows == TILE && columns == TILE && lanes == LANES) {
#pragma GCC unroll 4
            for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
                for (int j = 0; j < TILE; j++)
                    store(to + i * stride + (gsize)j * channels, y[i][j]);
        } else {
            for (int i = 0; i < rows; i++)
                store_some(to + i * stride, y[i], columns, channels, lanes);
        }
    }
    if (finish->pooled != NULL) {
        for (int i = 0; i + 1 < rows; i += 2) {
            vec most[2];
            for (int j = 0; j < 2; j++)
                most[j] = maximum(maximum(y[i][2 * j], y[i][2 * j + 1]), maximum(y[i + 1][2 * j], y[i + 1][2 * j + 1]));
            if (columns >= 2)
                store_some(pst_view_row(finish->pooled, &finish->pooled_view, (row + i) / 2) +
                               (gsize)(column / 2) * channels + channel,
                           most, columns / 2, channels, lanes);
        }
    }
}

gsize PST_ISA(pst_winograd_forward_scratch)(int in, int width)
{
    return PST_ISA(pst_winograd_convolve_scratch)(in) + PST_ISA(pst_input_size)(width);
}

void PST_ISA(pst_winograd_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                                   const PstFusion *fusion, float *scratch)
{
    PstExtent extent = pst_convolution_extent(x, y, fusion);
    Walk walk = { .first = first, .columns = (extent.width + TILE - 1) / TILE };
    int tiles = (rows + TILE - 1) / TILE * walk.columns;
    Input input = PST_ISA(pst_input_forward)(x, fusion, &extent,
                                             scratch + PST_ISA(pst_winograd_convolve_scratch)(convolution->in));
    Finish finish = { .bias = convolution->bias,
                      .scale = convolution->scale,
                      .y = y,
                      .y_view = extent.views.y,
                      .pooled = fusion->pooled,
                      .pooled_view = extent.views.pooled,
                      .relu = fusion->relu,
                      .channels = convolution->out,
                      .end = first + rows,
                      .width = extent.width };

    PST_ISA(pst_winograd_convolve)
    (&input, walk, tiles, convolution->packed, convolution->out, PST_ISA(pst_winograd_store), &finish, scratch);
}
