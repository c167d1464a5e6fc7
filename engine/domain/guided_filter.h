/* The guided filter: a picture as a function of another one that is linear in every window.
 *
 *   q = A g + b     A = cov(p, g) (cov(g, g) + epsilon)^-1     b = mean(p) - A mean(g)
 *
 * over windows of (2 radius + 1)^2 pixels, cut at the edges; A and b are then averaged over the windows that a pixel is
 * in. Edges of q are where g has them. He, Sun and Tang, "Guided Image Filtering", ECCV 2010. The coefficients may be
 * made of small pictures and used, interpolated, on large ones: He and Sun, "Fast Guided Filter", 2015.
 */
#pragma once

#include "engine/kernel/map.h"

#define PST_GUIDE_MOST 3 /* channels of a guide */

/** Coefficients [height][width][p channels][g channels + 1], A and then b, of the picture p and its guide g of the same
 *  size, with 1 .. PST_GUIDE_MOST channels. `epsilon` is the variance of g from which on A follows it. */
PstMap pst_guided_coefficients(const PstMap *guide, const PstMap *picture, int radius, float epsilon);

/** What coefficients [height][width] make of a guide of that size: the filtered picture. */
PstMap pst_guided_apply(const PstMap *coefficients, const PstMap *guide);

/** Means over windows of (2 radius + 1)^2 pixels, cut at the edges, in place. */
void pst_box_mean(PstMap *map, int radius);
