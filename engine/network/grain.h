/* Grain: a faint noise, added to the photograph that the encoder sees.
 *
 * A generator that sees only even sky fills it with one stroke again and again, on the lattice of its own upsampling:
 * a weave. Grain varies its input, so strokes vary. It is drawn out along the flow of the picture (flow.h), so strokes
 * follow its forms. Styles of flat colours, which leave an even sky even, get none.
 *
 * Grain is a function of the place and the flow there, so a painting has the same bytes however it is cut
 * (line_noise.h).
 *
 * Textures from noise: Ulyanov et al., "Texture Networks", ICML 2016.
 */
#pragma once

#include "flow.h"

#include "architecture.h"

/** The standard deviation of the grain for a style, in units of the picture's 0..1: 0 where strokes are sparse or
 *  faint, up to PST_GRAIN_MOST where strong ones cover everything, two fifths of that for drawings in stark lines.
 *  Coverage is measured by the steadiness of relu3_1, the mean over its channels of mean / deviation; strength by the
 *  length of the deviations of relu2_1. `statistics` [PST_STYLE_SIZE]. */
#define PST_GRAIN_MOST (4.5f / 255)
float pst_grain_for(const float *statistics);

typedef struct {
    float deviation;     /* 0: none */
    const PstFlow *flow; /* borrowed; known for the rows that are asked for. May be NULL where there is no grain */
    int row, column;     /* where the picture begins in the noise, 0 or more */
} PstGrain;

/** Adds grain to `count` pixels of row `row` from column `left` on (both 0 or more); `rgb` [count][3]. All channels get
 *  the same. */
void pst_grain_row(const PstGrain *grain, int row, int left, int count, float *rgb);
