/* The last step of a painting: laid over the photograph it was made from. */
#pragma once

#include "frame.h"

G_BEGIN_DECLS

typedef struct {
    float share;           /* of the painting, 0 .. 1 */
    gboolean keep_colours; /* take only lightness from the painting */
    const PstFrame *photo;
    PstFrame *result;      /* of the photograph's size */
} PstBlend;

/** How much of the painting is seen at a strength 0 .. 1. */
float pst_blend_share(double strength);

/** A PstStepSink whose data are a PstBlend: lays `count` pixels of a row of the painting over the photograph's and
 *  writes them to the result, within 0..1. What lies outside the picture is left out. */
void pst_blend_row(gpointer blend, int row, int column, int count, const float *painted);

G_END_DECLS
