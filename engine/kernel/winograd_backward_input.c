#include "reference.h"
#include "winograd_backward.h"
#include "winograd_transform.h"

static void put(float *to, vec value, int lanes)
{
    if (lanes == LANES)
        store(to, value);
    else
        store_part(to, value, lanes);
}

static void add(float *to, vec value, int lanes)
{
    if (lanes == LANES)
        store(to, load(to) + value);
    else
        store_part(to, load_part(to, lanes) + value, lanes);
}

/* The tiles are those of the gradient of the padded input, whose row and column -1 come first. Its border is folded
 * back onto the pixels that it reflects. These lie in the same tile or in one before it, so that they have been
 * stored. */
static void finish_tile(gconstpointer data, const float *m, gsize plane, const Walk *walk, int channel)
{
    const PstMap *dx = data;
    vec tile[TILE][TILE];
    int row = walk->first + TILE * walk->row, column = TILE * walk->column - 1;
    int rows = MIN(TILE, dx->height + 1 - row), columns = MIN(TILE, dx->width + 1 - column);
    int lanes = MIN(LANES, dx->channels - channel);

    transform_output_tile(m, plane, (vec){0}, tile);
    if (lanes == LANES && row >= 0 && row + TILE <= dx->height && column >= 0 && column + TILE <= dx->width) {
        float *to = pst_map_at(dx, row, column) + channel;
        gsize stride = (gsize)dx->width * dx->channels;
#pragma GCC unroll 4
        for (int i = 0; i < TILE; i++)
#pragma GCC unroll 4
            for (int j = 0; j < TILE; j++)
                store(to + i * stride + (gsize)j * dx->channels, tile[i][j]);
        return;
    }
    for (int border = 0; border < 2; border++)
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) {
                int r = pst_reflect(row + i, dx->height), c = pst_reflect(column + j, dx->width);
                bool inside = r == row + i && c == column + j;
                float *to = pst_map_at(dx, r, c) + channel;
                if (border == 0 && inside)
                    put(to, tile[i][j], lanes);
                else if (border == 1 && !inside)
                    add(to, tile[i][j], lanes);
            }
}

gsize PST_ISA(pst_winograd_backward_input_scratch)(int out, int width)
{
    return PST_ISA(pst_winograd_convolve_scratch)(out) + PST_ISA(pst_source_size)(width);
}

void PST_ISA(pst_winograd_backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                          PstMap *dx, float *scratch)
{
    /* One row and column of padding on each side, and one that the convolution itself adds. */
    enum { PAD = 2 };
    Walk walk = {.first = -1, .columns = (dx->width + 2 + TILE - 1) / TILE};
    int tiles = (dx->height + 2 + TILE - 1) / TILE * walk.columns;
    Source source = PST_ISA(pst_source_gradient)(dy, y, PAD,
                                                 scratch + PST_ISA(pst_winograd_convolve_scratch)(convolution->out));

    PST_ISA(pst_winograd_convolve)(&source, walk, tiles, convolution->adjoint, convolution->in, finish_tile, dx,
                                   scratch);
}
