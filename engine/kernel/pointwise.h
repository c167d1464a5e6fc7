/* 1x1 convolution: the same linear map at every pixel. */
#pragma once

#include "map.h"

/** Rows first .. first+rows-1 of y = weight x + bias, or y += weight x + bias when `accumulate`.
 * weight is [out][in] with in = x->channels and out = y->channels; bias is [out] or NULL. Heights
 * and widths are equal. The bytes are the same at every division of the rows. */
void pst_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y, int first,
                   int rows);

/** Gradient with respect to weight and bias: ADDS to dweight [out][in] and dbias [out] (NULL for
 * none). */
void pst_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias);
