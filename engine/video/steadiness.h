/* Keeps the frames of a painted shot steady: where the picture did not change, what was painted before stays.
 *
 * The painting of the frame before is carried along with the motion of the picture (motion.h), found at a quarter of
 * its size, and mixed with this frame's where the moved picture matches this one (Ruder, Dosovitskiy and Brox,
 * "Artistic style transfer for videos", GCPR 2016, do so with optical flow and by optimisation). What moved into view,
 * was covered, or changed its light is painted anew.
 */
#pragma once

#include "engine/paint/painter.h"
#include "yuv.h"

#define PST_STEADINESS 0.9 /* the usual share of what was painted before */

typedef struct PstSteadiness PstSteadiness;

/** Begins a shot. `share`, 0 .. 1, of the painting before stays where the picture did not change; where it moved, of
 *  frames that are carried and the next one together. The pool is borrowed. */
PstSteadiness *pst_steadiness_new(const PstYuvFormat *format, double share, PstThreadPool *pool);
void pst_steadiness_free(PstSteadiness *steadiness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstSteadiness, pst_steadiness_free)

/** Looks at the next frame, as it was. */
void pst_steadiness_look(PstSteadiness *steadiness, const void *yuv);

/** What the painting of that frame can take from the one before; the steadiness's, until the next frame. NULL where
 *  there is none, where most of the picture changed, and for one in six frames, as strokes that are moved again and
 *  again lose their edges. */
const PstCarried *pst_steadiness_carry(PstSteadiness *steadiness);

/** Takes the painting of that frame over and makes it steady; what it returns is the steadiness's, until the next
 *  one. */
const PstPicture *pst_steadiness_mix(PstSteadiness *steadiness, PstPicture *painting);
