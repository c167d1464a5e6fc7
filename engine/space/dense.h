/* Dense layers and their activation, on batches of rows, forward and backward.
 *
 *   y = W x + b      silu(a) = a / (1 + exp(-a))  (Elfwing, Uchibe and Doya 2018)
 *
 * The parameters of a network are one array of floats in which each layer has its place, W [out][in] and then b [out],
 * so that one call of Adam moves them all.
 */
#pragma once

#include <glib.h>

typedef struct {
    int in, out;
    gboolean bias;
    gsize offset; /* of W among the network's parameters */
} PstDense;

/** Gives layers[0 ..] places one after the other; the floats of all. */
gsize pst_dense_place(PstDense *layers, int count);

/** y [n][out] of x [n][in]; with `add` added to what is there. */
void pst_dense_forward(const PstDense *layer, const float *parameters, const float *x, int n, gboolean add, float *y);

/** ADDS to dparameters the gradient with respect to W and b, and to dx, unless NULL, that with respect to x, given dy
 *  [n][out]. dparameters may be NULL. */
void pst_dense_backward(const PstDense *layer, const float *parameters, const float *x, const float *dy, int n,
                        float *dparameters, float *dx);

/** y = silu(a), n floats. */
void pst_silu_forward(const float *a, gsize n, float *y);

/** Turns dy, in place, into the gradient with respect to a. */
void pst_silu_backward(const float *a, gsize n, float *dy);
