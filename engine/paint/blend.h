/* The last step of a painting: laid over the photograph it was made from, and where it is a layer with a mask, over
 * the layers below it. */
#pragma once

#include "frame.h"
#include "mask.h"

typedef struct {
    float share;           /* of the painting, 0 .. 1 */
    gboolean keep_colours; /* take only lightness from the painting */
    const PstFrame *photo;
    PstFrame *result;    /* of the photograph's size */
    const PstMask *mask; /* NULL: everywhere */
    gboolean lowest;     /* nothing lies below it but the photograph */
    float *weights;      /* of the mask: the rows of a band, from `first` on; owned */
    int first, band;     /* rows */
} PstBlend;

/** How much of the painting is seen at a strength 0 .. 1. */
float pst_blend_share(double strength);

/** Evaluates the mask for a band of rows (at most `band`), before rows of it are blended. */
void pst_blend_begin(PstBlend *blend, int first, int rows);

/** Frees the weights. */
void pst_blend_clear(PstBlend *blend);

/** A PstStepSink whose data are a PstBlend: lays `count` pixels of a row of the painting over the photograph's and
 *  writes them to the result, within 0..1. What lies outside the picture is left out. */
void pst_blend_row(gpointer blend, int row, int column, int count, const float *painted);
