/* The table of the kernels that depend on the instruction set: the fastest that were compiled and that the
 * processor can run, at least the plain C reference. On x86-64 there are AVX2 and AVX-512 (x86/). The
 * environment variable PASTICHE_CPU (reference, avx2, avx512 or avx512vnni) chooses a lower set. What has VNNI writes
 * the same bytes as AVX-512 without, and has the same name. */
#pragma once

#include "convolution.h"
#include "neighbours.h"

struct PstConvolution {
    int in;
    int out;
    float *weight;              /* [out][in][3][3] */
    float *bias;                /* [out], then zeros to a multiple of 16 */
    float *packed;              /* weight in the layout of the forward kernel */
    float *adjoint;             /* weight transposed and flipped, packed likewise; NULL until needed */
    const PstConvolution *base; /* of a modulated convolution, else NULL */
    float *scale;               /* of each output, laid out like bias; weights are base's then; or NULL */
};

typedef struct {
    const char *name;

    /* Packs weight [out][in][3][3] for the kernels below; packed_size() is in floats. */
    gsize (*packed_size)(int in, int out);
    void (*pack)(const float *weight, int in, int out, float *packed);

    /* Whether forward() and backward_input() apply the scale of a convolution of that size. */
    gboolean (*scales)(int in, int out);

    /* As in convolution.h, where fusion is never NULL. */
    gsize (*scratch)(int in, int out, int width);
    void (*forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                    const PstFusion *fusion, float *scratch);
    void (*backward_input)(const PstConvolution *convolution, const PstMap *dy, const PstMap *y, PstMap *dx, int first,
                           int rows, float *scratch);
    void (*backward_weights)(const PstConvolution *convolution, const PstMap *x, const PstMap *dy, const PstMap *y,
                             float *dweight, float *dbias, float *scratch);

    void (*max_pool)(const PstMap *x, PstMap *y);
    void (*max_pool_gradient)(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx);
    void (*upsample)(const PstMap *x, PstMap *y);
    void (*upsample_gradient)(const PstMap *dy, PstMap *dx);
    void (*pointwise)(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                      int first, int rows);

    /* Of each channel of `pixels` pixels: the sums of the distances from the first pixel, and of
     * their squares. */
    void (*moments_block)(const float *x, int channels, int pixels, float *sum, float *squares);

    /* to += (x - mean) scale + offset; mean, scale and offset are per channel. */
    void (*scale_add)(const float *x, int channels, gsize pixels, const float *mean, const float *scale,
                      const float *offset, float *to);

    /* As in unsigned_half.h. */
    void (*halves_from_floats)(const float *floats, gsize n, guint16 *halves);
    void (*halves_to_floats)(const guint16 *halves, gsize n, float *floats);

    /* As in nearest.h, where there are at most PST_NEAREST_QUERIES queries. */
    gsize (*nearest_table_size)(int candidate_count, int channels);
    void (*nearest_pack)(const float *candidates, int candidate_count, int channels, gint16 *table);
    gsize (*nearest_scratch)(int channels);
    void (*nearest)(const float *queries, int count, const gint16 *table, int candidate_count, int channels, int *index,
                    void *scratch);

    /* As in neighbours.h. */
    void (*pull)(const float *x, const int *index, gsize places, int channels, const PstPull *pull, float *gradient,
                 double sums[2]);

    /* As in line_noise.h. */
    void (*line_noise)(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums);

    void (*adam_step)(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                      float beta1, float beta2, float eps);
} PstKernels;

/** The kernels to use, chosen at the first call. */
const PstKernels *pst_kernels(void);
