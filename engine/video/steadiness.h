/* Keeps the frames of a painted shot steady: where the picture did not change, what was painted before stays.
 *
 * The painting of the frame before is carried along with the motion of the picture (motion.h), found at a quarter of
 * its size, and mixed with this frame's where the moved picture matches this one (Ruder, Dosovitskiy and Brox,
 * "Artistic style transfer for videos", GCPR 2016, do so with optical flow and by optimisation). What moved into view,
 * was covered, or changed its light is painted anew.
 */
#pragma once

#include "yuv.h"

#define PST_STEADINESS 0.9 /* the usual share of what was painted before */

typedef struct PstSteadiness PstSteadiness;

/** Begins a shot. `share`, 0 .. 1, of the painting before stays where the picture did not change. The pool is
 *  borrowed. */
PstSteadiness *pst_steadiness_new(const PstYuvFormat *format, double share, PstThreadPool *pool);
void pst_steadiness_free(PstSteadiness *steadiness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstSteadiness, pst_steadiness_free)

/** The next frame: as it was (`yuv`) and as it was painted (`rgb` [height][width][3]), which becomes steady. */
void pst_steadiness_apply(PstSteadiness *steadiness, const void *yuv, float *rgb);
