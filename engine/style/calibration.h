/* Calibration: what is added to the deviations that a style code is made of, so that paintings have the style's.
 *
 * A style code says how the generator's convolutions are modulated and mixed (architecture.h). For styles far from what
 * the generator was trained with, flat and stark ones above all, the code of their own statistics gives too much of
 * some channels and too little of others; how much hardly depends on the photograph. So the program's samples are
 * painted, small, and half of what their deviations miss on average is added before the code is made: a step of a
 * fixed-point iteration. It is taken only where the samples' paintings come nearer to the painting and stay near the
 * photograph by the loss networks (engine/gradient/style_target.h), which see more than statistics do; else the step
 * back is tried. See docs/decisions/041-calibration.md.
 *
 * Trained styles need none: there the generator has come to the style.
 */
#pragma once

#include "style.h"

/** Sets the correction of a style without weight delta that pst_style_from_picture() made of this picture at this
 *  short side (0: PST_STYLE_SIDE). One of few pixels gets none. Takes about a second; the same bytes come of it on any
 *  number of threads. FALSE when cancelled, where a sample can't be read, as pst_picture_read() says, or with
 *  PST_TENSORS_ERROR where a loss network can't. */
gboolean pst_style_calibrate(PstStyle *style, const PstModel *model, PstThreadPool *pool, const PstPicture *picture,
                             int short_side, GCancellable *cancellable, GError **error);

/** A style as paintings that are given get it: pst_style_from_picture(), calibrated. NULL as both say. */
PstStyle *pst_style_from_painting(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, int short_side,
                                  const char *name, GCancellable *cancellable, GError **error);
