/* The parts of a frame that show something else than the frame before, rather than the same, moved.
 *
 * Squares of 128 pixels, joined where they lie side by side. A square counts as soon as one block in it has changed.
 */
#pragma once

#include "engine/paint/range.h"

#include <glib.h>

#define PST_CHANGED 7.0f /* of 255, sum of three planes: a difference that is not noise */

typedef struct PstChangedParts PstChangedParts;

/** Of frames of that size, judged in pictures that are `step` times smaller. */
PstChangedParts *pst_changed_parts_new(int width, int height, int step);
void pst_changed_parts_free(PstChangedParts *parts);

/** Finds them, and returns which share of the frame they are, 0 .. 1. Both are of the smaller picture: its planes
 *  [3][height][width], of 255, and the sum of their differences [height][width] from what the motion brings there. */
double pst_changed_parts_find(PstChangedParts *parts, const float *now, const float *change);

/** How many there are, and where: the parts', until the next ones are found. They do not overlap. */
int pst_changed_parts(const PstChangedParts *parts, const PstRange **rows, const PstRange **columns);
