/* 3x3 convolution, stride 1, padding 1, on channels-last maps.
 *
 * Computed by Winograd's minimal filtering F(4x4,3x3) (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", CVPR 2016) where there are enough channels, directly at the
 * 3-channel ends of a network. Like every kernel it runs on the calling thread; several threads may
 * work on disjoint row ranges of one output at once, each with its own scratch. "Convolution" is
 * cross-correlation, as everywhere in neural networks.
 *
 * Padding is by reflection without repeating the edge (row -1 is row 1); a side of 1 repeats its
 * only row.
 */
#pragma once

#include "map.h"

typedef struct PstConvolution PstConvolution;

/** A convolution from `in` to `out` channels (each at least 1); weights are zero until set. */
PstConvolution *pst_convolution_new(int in, int out);
void pst_convolution_free(PstConvolution *convolution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstConvolution, pst_convolution_free)

int pst_convolution_in(const PstConvolution *convolution);
int pst_convolution_out(const PstConvolution *convolution);

/** Copies and transforms weights [out][in][3][3] and bias [out] (NULL for none). */
void pst_convolution_set(PstConvolution *convolution, const float *weight, const float *bias);

/** Also prepares the transposed weights that pst_convolution_backward_input() needs. */
void pst_convolution_set_with_gradient(PstConvolution *convolution, const float *weight, const float *bias);

/** A convolution with the weights of `base` (borrowed), a scale for each output channel and a bias:
 *  output o is scale[o] (weight_o * x) + bias[o]. For networks whose weights are modulated per picture
 *  (as in StyleGAN2, Karras et al., CVPR 2020): many share one base, and none prepares weights.
 *  base needs pst_convolution_set_with_gradient() before pst_convolution_modulate(). Call the latter
 *  again after base was set anew. pst_convolution_backward_weights() gives the gradient with respect to
 *  scale[o] weight_o and bias[o]. */
PstConvolution *pst_convolution_new_modulated(const PstConvolution *base);
void pst_convolution_modulate(PstConvolution *convolution, const float *scale, const float *bias);

/** Where a map lies in the larger one that it is a part of. It holds `width` columns from `left` on. Row r of the
 *  larger map is its row r % held, or r where held is 0. Its `height` is that of the larger map. */
typedef struct {
    int left;
    int held;
} PstView;

/** The parts of larger maps that a convolution works on, for pictures that are painted in tiles. The outputs are the
 *  same bytes as those of whole maps if:
 *  - x and plus hold what the outputs depend on: one column and row more on each side, where there is one;
 *  - the left of y (without y: twice the left of pooled) is a multiple of 4, and its right too unless it is the larger
 *    map's;
 *  - held is a multiple of 4 (of pooled: even). */
typedef struct {
    int width; /* of the output's larger map */
    PstView x, plus, y, pooled;
} PstViews;

/** What is fused into a forward convolution. The input of the convolution is
 *  (upsample ? nearest-neighbour doubling of x : x) + plus. */
typedef struct {
    gboolean relu;         /* apply max(0, .) to the output */
    gboolean upsample;     /* x has half the height and width of the input */
    const PstMap *plus;    /* same shape as the input, or NULL */
    PstMap *pooled;        /* receives the 2x2 maximum of the output (size floor/2), or NULL */
    const PstViews *views; /* NULL: all maps are whole */
} PstFusion;

/** Floats of scratch that any of the functions below needs for maps of this width. */
gsize pst_convolution_scratch(const PstConvolution *convolution, int width);

/** Computes output rows first .. first+rows-1 of y (and the matching rows of fusion->pooled; then
 * first must be even, and rows even unless they reach the last row). y may be NULL when only pooled
 * is wanted. Height and width of the output are those of the input. fusion may be NULL: a plain
 * linear convolution. The bytes are the same at every division of the rows if first is a multiple
 * of 4. */
void pst_convolution_forward(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                             const PstFusion *fusion, float *scratch);

/** Gradient with respect to the (padded-by-reflection) input: dx[h][w][in] = adjoint of the
 * convolution applied to dy[h][w][out]. Where y is not NULL, dy counts only where y > 0 (ReLU
 * folded in). Overwrites dx. */
void pst_convolution_backward_input(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx,
                                    float *scratch);

/** The same for rows first .. first+rows-1 of dx alone. first should be a multiple of 4 for the same bytes at every
 * division of the rows. */
void pst_convolution_backward_input_rows(const PstConvolution *convolution, const PstMap *dy, const PstMap *y,
                                         PstMap *dx, int first, int rows, float *scratch);

/** Gradient with respect to weights and bias: ADDS to dweight [out][in][3][3] and dbias [out]. y as
 * above. */
void pst_convolution_backward_weights(const PstConvolution *convolution, const PstMap *x, const PstMap *dy,
                                      const PstMap *y, float *dweight, float *dbias, float *scratch);
