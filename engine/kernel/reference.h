/* The kernels in plain C, written as they are defined. The fast ones are tested against them, and they
 * run where there are none for the processor. Arguments are those of the functions of the same names
 * without "reference" in convolution.h, pooling.h, resampling.h, pointwise.h, unsigned_half.h and adam.h. */
#pragma once

#include "convolution.h"
#include "neighbours.h"

/** The index in 0 .. size-1 that index i, -1 .. size, reads under reflection. */
static inline int pst_reflect(int i, int size)
{
    if (size == 1)
        return 0;
    return i < 0 ? -i : i >= size ? 2 * size - 2 - i : i;
}

/** The outputs that a forward convolution computes: of a map of height x whole, the columns from `left` on. */
typedef struct {
    int height;
    int whole;
    int left;
    int width;
    PstViews views;
} PstExtent;

/** Without views, height and width are those of y, else of fusion->plus, else of x (doubled where it is upsampled). */
PstExtent pst_convolution_extent(const PstMap *x, const PstMap *y, const PstFusion *fusion);

/** A row of a map that may be a view. */
static inline float *pst_view_row(const PstMap *map, const PstView *view, int row)
{
    return pst_map_at(map, view->held > 0 ? row % view->held : row, 0);
}

void pst_reference_forward(const float *weight, const float *bias, int in, int out, const PstMap *x, PstMap *y,
                           int first, int rows, const PstFusion *fusion);
void pst_reference_backward_input(const float *weight, int in, int out, const PstMap *dy, const PstMap *y, PstMap *dx,
                                  int first, int rows);
void pst_reference_backward_weights(int in, int out, const PstMap *x, const PstMap *dy, const PstMap *y, float *dweight,
                                    float *dbias);

void pst_reference_max_pool(const PstMap *x, PstMap *y);
void pst_reference_max_pool_gradient(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx);
void pst_reference_upsample(const PstMap *x, PstMap *y);
void pst_reference_upsample_gradient(const PstMap *dy, PstMap *dx);
void pst_reference_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                             int first, int rows);
void pst_reference_halves_from_floats(const float *floats, gsize n, guint16 *halves);
void pst_reference_halves_to_floats(const guint16 *halves, gsize n, float *floats);
void pst_reference_nearest_pack(const float *candidates, int candidate_count, int channels, gint16 *table);
void pst_reference_nearest(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                           int *index);
void pst_reference_pull(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                        float *gradient, double sums[2]);
void pst_reference_adam_step(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                             float beta1, float beta2, float eps);
