/* A Laplacian pyramid: a picture as the sum of octaves, the finest first, whose coefficients can be optimised. A step
 * of equal size on all of them moves colours of large areas as easily as single pixels.
 *
 *   level[i] = picture_i - up(picture_i+1)      picture_i+1 = 2x2 means of picture_i      the last level is a picture
 *
 * Burt and Adelson, "The Laplacian Pyramid as a Compact Image Code", 1983; as variables: Kolkin, Salavon and
 * Shakhnarovich, "Style Transfer by Relaxed Optimal Transport and Self-Similarity", CVPR 2019. Maps have any number of
 * channels.
 */
#pragma once

#include "engine/network/executor.h"

#define PST_PYRAMID_LEVELS 9

typedef struct {
    int levels;
    PstMap level[PST_PYRAMID_LEVELS];
    PstMap sum[PST_PYRAMID_LEVELS]; /* room for collapsing, made when it is needed */
} PstPyramid;

/** Room for a picture of that size: as many levels as leave 4 rows and columns. Not cleared. */
PstPyramid *pst_pyramid_new(int height, int width, int channels);
void pst_pyramid_free(PstPyramid *pyramid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPyramid, pst_pyramid_free)

/** Takes a picture apart; its size is that of level[first], and finer levels stay as they are. */
void pst_pyramid_analyse(PstPyramid *pyramid, int first, PstExecutor *executor, const PstMap *picture);

/** Puts levels first .. together to a picture of the size of level[first]. */
void pst_pyramid_collapse(PstPyramid *pyramid, int first, PstExecutor *executor, PstMap *picture);

/** Sets levels first .. of `gradient` to the gradient with respect to the coefficients, given that with respect to what
 *  pst_pyramid_collapse() makes of them. */
void pst_pyramid_gradient(PstPyramid *gradient, int first, PstExecutor *executor, const PstMap *dpicture);

/** Means of 2x2 pixels. The result has half the rows and columns, rounded up; an odd last one is repeated. */
void pst_halve(PstExecutor *executor, const PstMap *x, PstMap *y);

/** Bilinear doubling, y[2i] = x[i-1]/4 + 3 x[i]/4, y[2i+1] = 3 x[i]/4 + x[i+1]/4, edges repeated, in rows as in
 *  columns; where `add`, y += that. y has twice the rows and columns, or one less, or one more. */
void pst_double(PstExecutor *executor, const PstMap *x, gboolean add, PstMap *y);

/** The gradient of pst_double() with respect to x; overwrites dx. */
void pst_double_gradient(PstExecutor *executor, const PstMap *dy, PstMap *dx);
