/* A convolution forward, by Winograd. */
#pragma once

#include "winograd.h"

/** What pst_winograd_store() does with finished tiles. */
typedef struct {
    const float *bias;  /* padded to whole vectors */
    const float *scale; /* of the output before its bias, padded likewise; or NULL */
    PstMap *y;          /* or NULL */
    PstMap *pooled;     /* or NULL */
    PstView y_view;     /* where these are parts of larger maps */
    PstView pooled_view;
    bool relu;
    int channels;
    int end; /* the row after the last */
    int width;
} Finish;

/** A PstWinogradFinish whose data are a Finish. */
void PST_ISA(pst_winograd_store)(gconstpointer data, const float *m, gsize plane, const Walk *walk, int channel);

gsize PST_ISA(pst_winograd_forward_scratch)(int in, int width);
void PST_ISA(pst_winograd_forward)(const PstConvolution *convolution, const PstMap *x, PstMap *y, int first, int rows,
                                   const PstFusion *fusion, float *scratch);
