/* Grain: a faint noise that the encoder is given with the photograph, so that strokes have something to begin with.
 *
 * A generator that sees nothing but even sky can only fill it with one stroke again and again, on the lattice of its own
 * upsampling: a weave. With grain it finds a beginning for another stroke here and there, and as the grain is drawn out
 * along the flow of the picture (flow.h), strokes follow its forms. Styles of flat colours, which leave an even sky even,
 * get none.
 *
 * It is a function of the place and the flow there, so a painting is the same however it is cut (line_noise.h).
 *
 * Noise that textures come from: Ulyanov et al., "Texture Networks", ICML 2016.
 */
#pragma once

#include "flow.h"

#include "architecture.h"

G_BEGIN_DECLS

/** The standard deviation of the grain that suits a style, in units of the picture's 0..1: from 0 where strokes are few
 *  and far between, or faint, to PST_GRAIN_MOST where strong ones cover all, and two fifths of that for drawings in stark
 *  lines. How they cover is told by how steady the features of relu3_1 are, the mean over its channels of mean / deviation;
 *  how strong they are by the length of the deviations of relu2_1. `statistics` [PST_STYLE_SIZE]. */
#define PST_GRAIN_MOST (4.5f / 255)
float pst_grain_for(const float *statistics);

typedef struct {
    float deviation;     /* 0: none */
    const PstFlow *flow; /* borrowed, complete; or known as far as rows are asked for. May be NULL where there is no grain */
    int row, column;     /* of the noise: where the picture begins, 0 or more */
} PstGrain;

/** Adds grain to `count` pixels of row `row` from column `left` on (both 0 or more); `rgb` [count][3]. All channels get the
 *  same. */
void pst_grain_row(const PstGrain *grain, int row, int left, int count, float *rgb);

G_END_DECLS
