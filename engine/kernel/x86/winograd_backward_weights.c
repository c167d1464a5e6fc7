/* With V = B' patch B and dM = A dy A' of every tile, the gradient of U is the sum over tiles of V'
 * dM, and that of the weights G' dU G. */
#include "winograd_backward.h"
#include "winograd_transform.h"

/* Tiles in a chunk: enough that reading and writing dU once per chunk costs little. */
enum { TILES = 56 };

/* A dy A' of the tile at `walk`, for one vector of channels. */
static void transform_gradient(const PstMap *dy, const PstMap *y, const Walk *walk, int channel, float *dm, gsize plane)
{
    int row = TILE * walk->row, column = TILE * walk->column;
    int rows = MIN(TILE, dy->height - row), columns = MIN(TILE, dy->width - column);
    int lanes = MIN(LANES, dy->channels - channel);
    bool whole = rows == TILE && columns == TILE && lanes == LANES;
    gsize at = ((gsize)row * dy->width + column) * dy->channels + channel;
    gsize stride = (gsize)dy->width * dy->channels;
    vec half[TILE][PATCH];

    for (int j = 0; j < TILE; j++, at += dy->channels) {
        vec down[TILE];
#pragma GCC unroll 4
        for (int i = 0; i < TILE; i++) {
            if (whole) {
                down[i] = load(dy->data + at + i * stride);
                if (y != NULL)
                    down[i] = where_positive(load(y->data + at + i * stride), down[i]);
            } else if (i < rows && j < columns) {
                down[i] = load_part(dy->data + at + i * stride, lanes);
                if (y != NULL)
                    down[i] = where_positive(load_part(y->data + at + i * stride, lanes), down[i]);
            } else {
                down[i] = (vec){ 0 };
            }
        }
        transform_output_adjoint(down, half[j]);
    }
    for (int i = 0; i < PATCH; i++) {
        vec across[TILE], t[PATCH];
#pragma GCC unroll 4
        for (int j = 0; j < TILE; j++)
            across[j] = half[j][i];
        transform_output_adjoint(across, t);
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            store(dm + (i * PATCH + j) * plane, t[j]);
    }
}

/* Plane (1,1) of dM holds the sum of each tile's 16 gradients, since row 1 of A is all ones. */
static void add_bias(const float *dm, int tiles, int wide, int channels, float *dbias)
{
    for (int i = 0; i < wide; i++) {
        vec sum = { 0 };
        for (int tile = 0; tile < tiles; tile++)
            sum += load(dm + (tile * wide + i) * LANES);
        for (int lane = 0; lane < MIN(LANES, channels - i * LANES); lane++)
            dbias[i * LANES + lane] += sum[lane];
    }
}

/* G' dU G of one vector of output channels. */
static void transform_back(const float *du, gsize plane, vec taps[9])
{
    vec half[PATCH][3];
    for (int column = 0; column < PATCH; column++) {
        vec down[PATCH];
#pragma GCC unroll 6
        for (int row = 0; row < PATCH; row++)
            down[row] = load(du + (row * PATCH + column) * plane);
        transform_weight_adjoint(down, half[column]);
    }
    for (int row = 0; row < 3; row++) {
        vec across[PATCH];
#pragma GCC unroll 6
        for (int column = 0; column < PATCH; column++)
            across[column] = half[column][row];
        transform_weight_adjoint(across, taps + 3 * row);
    }
}

/* Adds rows [input and tap] of LANES outputs to dweight, which has the outputs outermost. */
static void add_transposed(vec rows[9 * LANES], int count, int lanes, gsize stride, float *dweight)
{
    for (int first = 0; first < count; first += LANES, rows += LANES, dweight += LANES) {
        int width = MIN(LANES, count - first);
        transpose(rows);
        for (int lane = 0; lane < lanes; lane++) {
            float *to = dweight + lane * stride;
            if (width == LANES)
                store(to, load(to) + rows[lane]);
            else
                store_part(to, load_part(to, width) + rows[lane], width);
        }
    }
}

/* Adds G' dU G to dweight. */
static void add_weights(const float *du, int in, int out, float *dweight)
{
    int vectors = vectors_for(out);

    for (int panel = 0; panel < vectors; panel += PANEL) {
        int wide = MIN(PANEL, vectors - panel);
        gsize plane = (gsize)in * wide * LANES;
        for (int v = 0; v < wide; v++)
            for (int i = 0; i < in; i += LANES) {
                vec taps[9 * LANES] = { { 0 } };
                int first = (panel + v) * LANES, inputs = MIN(LANES, in - i);
                for (int j = 0; j < inputs; j++)
                    transform_back(du + ((gsize)(i + j) * wide + v) * LANES, plane, taps + 9 * j);
                add_transposed(taps, 9 * inputs, MIN(LANES, out - first), (gsize)in * 9,
                               dweight + ((gsize)first * in + i) * 9);
            }
        du += PLANES * plane;
    }
}

gsize PST_ISA(pst_winograd_backward_weights_scratch)(int in, int out, int width)
{
    int panels = (vectors_for(out) + PANEL - 1) / PANEL;
    return PLANES * (plane_size(vectors_for(in), TILES) + panels * plane_size(PANEL, TILES)) +
           PST_ISA(pst_winograd_packed_size)(in, out) + PST_ISA(pst_input_size)(width);
}

void PST_ISA(pst_winograd_backward_weights)(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                            const PstMap *y, float *dweight, float *dbias, float *scratch)
{
    int in = convolution->in, out = convolution->out;
    int vectors = vectors_for(in), out_vectors = vectors_for(out);
    Walk walk = { .columns = (x->width + TILE - 1) / TILE };
    int left = (x->height + TILE - 1) / TILE * walk.columns;

    float *du = scratch, *v = du + PST_ISA(pst_winograd_packed_size)(in, out);
    float *dm = v + PLANES * plane_size(vectors, TILES);
    static const PstFusion none = { 0 };
    PstExtent extent = pst_convolution_extent(x, NULL, &none);
    Input input = PST_ISA(pst_input_forward)(
        x, &none, &extent, dm + (out_vectors + PANEL - 1) / PANEL * PLANES * plane_size(PANEL, TILES));
    bool begun = false;
    while (left > 0) {
        int tiles = MIN(TILES, left), padded = (tiles + 1) & ~1;
        gsize plane = plane_size(vectors, padded), panel_size = PLANES * plane_size(PANEL, padded);
        Walk next = walk;

        PST_ISA(pst_winograd_input)(&input, walk, tiles, v);
        for (int tile = 0; tile < tiles; tile++, walk_on(&next))
            for (int i = 0; i < out_vectors; i++) {
                int wide = MIN(PANEL, out_vectors - i / PANEL * PANEL);
                transform_gradient(dy, y, &next, i * LANES,
                                   dm + i / PANEL * panel_size + (tile * wide + i % PANEL) * LANES,
                                   plane_size(wide, padded));
            }
        float *sum = du;
        for (int panel = 0; panel < out_vectors; panel += PANEL) {
            int wide = MIN(PANEL, out_vectors - panel);
            const float *panel_dm = dm + panel / PANEL * panel_size;
            gsize dm_plane = plane_size(wide, padded);
            add_bias(panel_dm + (PATCH + 1) * dm_plane, tiles, wide, out - panel * LANES, dbias + panel * LANES);
            for (int k = 0; k < PLANES; k++, sum += (gsize)in * wide * LANES)
                PST_ISA(pst_product_gradient)
            (v + k * plane, (gsize)padded * LANES, tiles, in, panel_dm + k * dm_plane, wide, begun, sum);
        }
        begun = true;
        walk = next;
        left -= tiles;
    }
    add_weights(du, in, out, dweight);
}
