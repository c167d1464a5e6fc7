#include "reference.h"
#include "winograd.h"
#include "winograd_forward.h"
#include "winograd_transform.h"

/* What happens to a finished tile. */
typedef struct {
    const float *bias;
    PstMap *y;
    PstMap *pooled;
    bool relu;
    int end; /* the row after the last */
    int width;
} Finish;

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

static void finish_tile(const Finish *finish, const float *m, gsize plane, const Walk *walk, int channel, int channels)
{
    vec half[PATCH][TILE], y[TILE][TILE];
    int row = walk->first + TILE * walk->row, column = TILE * walk->column;
    int rows = MIN(TILE, finish->end - row), columns = MIN(TILE, finish->width - column);
    int lanes = MIN(LANES, channels - channel);

    for (int j = 0; j < PATCH; j++) {
        vec across[PATCH];
#pragma GCC unroll 6
        for (int i = 0; i < PATCH; i++)
            across[i] = load(m + (i * PATCH + j) * plane);
        /* Row and column 1 of A' are all ones: what is added to plane (1,1) reaches every output once. */
        if (j == 1)
            across[1] += load(finish->bias + channel);
        transform_output(across, half[j]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < TILE; i++) {
        vec down[PATCH];
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            down[j] = half[j][i];
        transform_output(down, y[i]);
        if (finish->relu)
#pragma GCC unroll 4
            for (int j = 0; j < TILE; j++)
                y[i][j] = maximum(y[i][j], (vec){0});
    }

    if (finish->y != NULL) {
        float *to = pst_map_at(finish->y, row, column) + channel;
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
                most[j] = maximum(maximum(y[i][2 * j], y[i][2 * j + 1]),
                                  maximum(y[i + 1][2 * j], y[i + 1][2 * j + 1]));
            if (columns >= 2)
                store_some(pst_map_at(finish->pooled, (row + i) / 2, column / 2) + channel, most, columns / 2,
                           channels, lanes);
        }
    }
}

gsize PST_ISA(pst_winograd_forward_scratch)(int in, int width)
{
    int vectors = vectors_for(in), tiles = PST_ISA(pst_winograd_tiles)(vectors);
    gsize columns = TILE * ((gsize)width / TILE + 1) + PATCH;
    return PLANES * (plane_size(vectors, tiles) + plane_size(PANEL, tiles)) + 2 * ((columns + 15) & ~(gsize)15);
}

void PST_ISA(pst_winograd_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first,
                                   int rows, const PstFusion *fusion, float *scratch)
{
    int in = convolution->in, out = convolution->out, height, width;
    pst_convolution_size(x, y, fusion, &height, &width);
    int vectors = vectors_for(in), panels = vectors_for(out);
    int most = PST_ISA(pst_winograd_tiles)(vectors);
    Walk walk = {.first = first, .columns = (width + TILE - 1) / TILE};
    int left = (rows + TILE - 1) / TILE * walk.columns;

    float *v = scratch, *m = v + PLANES * plane_size(vectors, most);
    gint32 *columns = (gint32 *)(m + PLANES * plane_size(PANEL, most));
    int count = TILE * walk.columns + 2;
    gint32 *other_columns = columns + ((count + 15) & ~15);
    PST_ISA(pst_winograd_columns)(columns, count, x, width, 1, true, fusion->upsample);
    if (fusion->plus != NULL)
        PST_ISA(pst_winograd_columns)(other_columns, count, fusion->plus, width, 1, true, false);

    Source source = {x, fusion->plus, columns, other_columns, height, 1, true, fusion->upsample};
    Finish finish = {convolution->bias, y, fusion->pooled, fusion->relu, first + rows, width};
    while (left > 0) {
        int tiles = MIN(most, left), padded = (tiles + 1) & ~1;
        gsize plane = plane_size(vectors, padded);
        const float *u = convolution->packed;
        Walk next = walk;

        PST_ISA(pst_winograd_input)(&source, walk, tiles, v);
        for (int panel = 0; panel < panels; panel += PANEL) {
            int wide = MIN(PANEL, panels - panel);
            gsize m_plane = plane_size(wide, padded);
            for (int k = 0; k < PLANES; k++, u += (gsize)in * wide * LANES)
                PST_ISA(pst_product)(v + k * plane, (gsize)padded * LANES, padded, in, u, wide, m + k * m_plane);
            next = walk;
            for (int tile = 0; tile < tiles; tile++, walk_on(&next))
                for (int i = 0; i < wide; i++)
                    finish_tile(&finish, m + (tile * wide + i) * LANES, m_plane, &next, (panel + i) * LANES, out);
        }
        walk = next;
        left -= tiles;
    }
}
