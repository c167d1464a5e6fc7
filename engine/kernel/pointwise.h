/* 1x1 convolution: the same linear map at every pixel. */
#pragma once

#include "map.h"

G_BEGIN_DECLS

/** Rows first .. first+rows-1 of y = weight x + bias, or y += weight x + bias when `accumulate`.
 * weight is [out][in] with in = x->channels and out = y->channels; bias is [out] or NULL. Heights
 * and widths are equal. The bytes are the same at every division of the rows. */
void pst_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y, int first,
                   int rows);

/** Gradient with respect to x: dx = weight' dy, or dx += weight' dy when `accumulate`. */
void pst_pointwise_gradient_input(const PstMap *dy, const float *weight, gboolean accumulate, PstMap *dx);

/** Gradient with respect to weight and bias: ADDS to dweight [out][in] and dbias [out] (NULL for
 * none). */
void pst_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias);

G_END_DECLS
