/* The gradient of the padded input is the convolution of dy, padded by two zeros, with the flipped and
 * transposed weights. Inside the map it is computed by tiles like any convolution. Its border is folded onto
 * the pixels that it reflects. A line of the border depends only on the outermost line of dy and on one row
 * or column of the weights, so one-dimensional filtering F(4,3) suffices: a third of the work of tiles. Its
 * weights are among those of F(4x4,3x3), since the outermost points of the transform, 0 and infinity, pick
 * the first and the last weight.
 */
#include "winograd_backward.h"

#include "engine/kernel/reference.h"
#include "winograd_forward.h"
#include "winograd_transform.h"

/* One side of the border. */
typedef struct {
    const Input *input; /* dy */
    bool row;           /* the side is a row: -1 or the height; else a column: -1 or the width */
    int line;           /* the outermost row or column of dy */
    int first;          /* position along the side of the first output */
    int count;          /* outputs along the side */
    int plane;          /* of U for the first of the 6 products */
    int step;           /* to the plane of the next */
    float scale;        /* plane 0 of U holds a fourth of the weight */
} Side;

/* Transforms the 6 gradients that 4 outputs of the side depend on, for one vector of channels. */
static void transform_line(const Side *side, int first, int channel, int lanes, float *v, gsize plane)
{
    const Input *input = side->input;
    vec d[PATCH], t[PATCH];

    for (int i = 0; i < PATCH; i++) {
        int row = side->row ? side->line : first + i, column = side->row ? first + i : side->line;
        d[i] = (vec){ 0 };
        if (row < 0 || row >= input->height || column < 0 || column >= input->width)
            continue;
        d[i] = load_part(pst_map_at(input->map, row, column) + channel, lanes);
        if (input->scale != NULL)
            d[i] *= load(input->scale + channel);
        if (input->other != NULL)
            d[i] = where_positive(load_part(pst_map_at(input->other, row, column) + channel, lanes), d[i]);
    }
    transform_input(d, t);
    for (int i = 0; i < PATCH; i++)
        store(v + i * plane, t[i]);
}

/* Folds 4 outputs of one vector of channels onto dx. */
static void fold_line(const Side *side, int first, const float *m, gsize plane, int channel, PstMap *dx)
{
    int lanes = MIN(LANES, dx->channels - channel);
    int line = side->row ? pst_reflect(side->line == 0 ? -1 : dx->height, dx->height)
                         : pst_reflect(side->line == 0 ? -1 : dx->width, dx->width);
    vec t[PATCH], y[TILE];

    for (int i = 0; i < PATCH; i++)
        t[i] = load(m + i * plane);
    transform_output(t, y);
    for (int i = 0; i < TILE && first + i < side->first + side->count; i++) {
        float *to = (side->row ? pst_map_at(dx, line, pst_reflect(first + i, dx->width))
                               : pst_map_at(dx, first + i, line)) +
                    channel;
        store_part(to, load_part(to, lanes) + side->scale * y[i], lanes);
    }
}

/* The row of dx that a row beyond the edge is folded onto. */
static int folded_row(const Side *side, int height)
{
    return pst_reflect(side->line == 0 ? -1 : height, height);
}

static void add_side(const Side *side, const float *u, PstMap *dx, float *scratch)
{
    int in = side->input->map->channels, vectors = vectors_for(in), out_vectors = vectors_for(dx->channels);
    int most = PST_ISA(pst_winograd_tiles)(vectors), left = (side->count + TILE - 1) / TILE, first = side->first;
    float *v = scratch, *m = v + PLANES * plane_size(vectors, most);

    while (left > 0) {
        int tiles = MIN(most, left), padded = (tiles + 1) & ~1;
        gsize plane = plane_size(vectors, padded);
        const float *panel_u = u;

        for (int tile = 0; tile < padded; tile++)
            for (int i = 0; i < vectors; i++)
                transform_line(side, first + TILE * tile - 1, i * LANES, MIN(LANES, in - i * LANES),
                               v + ((gsize)i * padded + tile) * LANES, plane);
        for (int panel = 0; panel < out_vectors; panel += PANEL) {
            int wide = MIN(PANEL, out_vectors - panel);
            gsize m_plane = plane_size(wide, padded), u_plane = (gsize)in * wide * LANES;
            for (int i = 0; i < PATCH; i++)
                PST_ISA(pst_product)
            (v + i * plane, (gsize)padded * LANES, padded, in, panel_u + (side->plane + i * side->step) * u_plane, wide,
             m + i * m_plane);
            for (int tile = 0; tile < tiles; tile++)
                for (int i = 0; i < wide; i++)
                    fold_line(side, first + TILE * tile, m + (tile * wide + i) * LANES, m_plane, (panel + i) * LANES,
                              dx);
            panel_u += PLANES * u_plane;
        }
        first += TILE * tiles;
        left -= tiles;
    }
}

/* Floats of zeros that stand for the bias. */
static gsize bias_size(int in)
{
    return (gsize)vectors_for(in) * LANES;
}

gsize PST_ISA(pst_winograd_backward_input_scratch)(int in, int out, int width)
{
    return bias_size(in) + PST_ISA(pst_input_size)(width) + PST_ISA(pst_winograd_convolve_scratch)(out);
}

void PST_ISA(pst_winograd_backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                          PstMap *dx, int first, int rows, float *scratch)
{
    enum { LAST = PATCH - 1 };
    int height = dx->height, width = dx->width;
    const float *u = convolution->adjoint;
    Finish finish = { .bias = scratch, .y = dx, .channels = dx->channels, .end = first + rows, .width = width };
    Walk walk = { .first = first, .columns = (width + TILE - 1) / TILE };
    int tiles = (rows + TILE - 1) / TILE * walk.columns;

    memset(scratch, 0, sizeof(float) * bias_size(dx->channels));
    scratch += bias_size(dx->channels);
    Input input = PST_ISA(pst_input_gradient)(dy, y, 1, scratch);
    input.scale = convolution->scale;
    scratch += PST_ISA(pst_input_size)(width);
    PST_ISA(pst_winograd_convolve)(&input, walk, tiles, u, dx->channels, PST_ISA(pst_winograd_store), &finish, scratch);

    /* The rows include the corners. */
    const Side sides[] = {
        { &input, true, 0, -1, width + 2, LAST * PATCH, 1, 1 },
        { &input, true, height - 1, -1, width + 2, 0, 1, 4 },
        { &input, false, 0, first, rows, LAST, PATCH, 1 },
        { &input, false, width - 1, first, rows, 0, PATCH, 4 },
    };
    for (guint i = 0; i < G_N_ELEMENTS(sides); i++) {
        int row = folded_row(&sides[i], height);
        if (!sides[i].row || (row >= first && row < first + rows))
            add_side(&sides[i], u, dx, scratch);
    }
}
