/* The terms of the training loss, each with its gradient.
 *
 * Every function returns its term, unweighted, for one picture, and adds `weight` times the term's
 * gradient to what is named d... ; a term that is a mean over a batch is the mean of its pictures'.
 * MSE is the mean of squared differences over all elements.
 */
#pragma once

#include "judge.h"

G_BEGIN_DECLS

/** Room for the losses of pictures of one size; owned by the arena, nothing to free. */
typedef struct PstLosses PstLosses;
PstLosses *pst_losses_new(PstArena *arena, int height, int width);

/** The style that the judge sees: means of U f + b over all taps, then their standard deviations
 *  s = sqrt(diag(U cov(f) U') + PST_EPSILON); PST_TARGET_SIZE floats. */
void pst_judge_style(const PstJudge *judge, PstLosses *losses, const PstMap *taps, float *style);

/** Style: mean over the taps of MSE(means) + MSE(standard deviations), between the taps' style and
 * a target. SETS dtaps, unlike the others: it is the one that comes first. The share of taps in `told`
 * (bit 1 << tap; 0: none) is left out: others tell it (examiner.h).
 *
 *  With gradients gm and gs, df(p) = U' gm / n + A (f(p) - mean(f)) for each of n pixels,
 *  where A = U' diag(gs / s) U / n. */
double pst_loss_style(const PstJudge *judge, PstLosses *losses, const PstMap *taps, guint told,
                      const float *target, double weight, PstMap *dtaps);

/** Content: mean over relu4_1 and relu5_1 of the MSE between the mapped features of taps and of the
 *  photograph, which is the mean over pixels of d' (U'U) d / channels. */
double pst_loss_content(const PstJudge *judge, PstLosses *losses, const PstMap *taps,
                        const PstMap *photo_taps, double weight, PstMap *dtaps);

/** Structure: MSE between two maps, both instance-normalised: z = (f - mean) / sqrt(variance +
 *  PST_EPSILON) per channel (Ulyanov et al., "Improved Texture Networks", CVPR 2017).
 *
 *  With g the gradient at z, df = (g - mean(g) - z mean(g z)) / deviation. */
double pst_loss_structure(const PstMap *tap, const PstMap *photo_tap, double weight, PstMap *dtap);

/** Light: the same of the luminance's 8x8 means (0.299 R + 0.587 G + 0.114 B), with 1e-4 in place
 *  of PST_EPSILON. Keeps light and shade where they are in the photograph. */
double pst_loss_light(PstLosses *losses, const PstMap *rgb, const PstMap *photo, double weight,
                      PstMap *drgb);

/** Pixels: mean |rgb - photo|, for pictures that have themselves as style. */
double pst_loss_pixels(const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb);

/** Range: mean of max(0, -v)^2 + max(0, v - 1)^2. */
double pst_loss_range(const PstMap *rgb, double weight, PstMap *drgb);

G_END_DECLS
