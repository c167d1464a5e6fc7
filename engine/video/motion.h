/* Motion between two pictures, by block matching: for each block of the later one, where it was in the earlier one.
 *
 * Coarse to fine: blocks of 8x8 pixels are sought in reduced pictures first, and what was found there, and around
 * it, is tried and improved at the next size (Bierling, "Displacement estimation by hierarchical blockmatching",
 * 1988). At the finest size lines through the differences give parts of a pixel.
 */
#pragma once

#include "engine/base/thread_pool.h"

#define PST_MOTION_BLOCK 8 /* pixels */

typedef struct PstMotion PstMotion;

/** For pictures of that size. */
PstMotion *pst_motion_new(int width, int height);
void pst_motion_free(PstMotion *motion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMotion, pst_motion_free)

/** Finds the motion from `before` to `now`, [height][width] of luma in 0..255. */
void pst_motion_find(PstMotion *motion, const float *now, const float *before, PstThreadPool *pool);

/** The motion of the block that the pixel (x, y) lies in. */
void pst_motion_of_block(const PstMotion *motion, int x, int y, float *dx, float *dy);

/** Where the pixel (x, y) was, as a step from there in pixels: interpolated between the middles of blocks. */
void pst_motion_at(const PstMotion *motion, float x, float y, float *dx, float *dy);
