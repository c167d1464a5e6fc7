/* The kernels that are bound by memory, in vectors. As in pooling.h, resampling.h, moments.h,
 * unsigned_half.h and adam.h. */
#pragma once

#include "engine/kernel/kernels.h"
#include "simd.h"

void PST_ISA(pst_max_pool)(const PstMap *x, PstMap *y);
void PST_ISA(pst_max_pool_gradient)(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx);
void PST_ISA(pst_upsample)(const PstMap *x, PstMap *y);
void PST_ISA(pst_upsample_gradient)(const PstMap *dy, PstMap *dx);
void PST_ISA(pst_moments_block)(const float *x, int channels, int pixels, float *sum, float *squares);
void PST_ISA(pst_scale_add)(const float *x, int channels, gsize pixels, const float *mean, const float *scale,
                            const float *offset, float *to);
void PST_ISA(pst_unsigned_halves_from_floats)(const float *floats, gsize n, guint16 *halves);
void PST_ISA(pst_unsigned_halves_to_floats)(const guint16 *halves, gsize n, float *floats);
void PST_ISA(pst_pull)(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                       float *gradient, double sums[2]);
void PST_ISA(pst_line_noise)(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums);
void PST_ISA(pst_adam_step)(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                            float beta1, float beta2, float eps);
