/* What the frames of a shot have in common, so that all are painted alike: the photograph's statistics, from which the
 * generator is conditioned, and the flow that directs the grain. Taken from each frame by itself, both would change
 * from frame to frame, and colours and strokes with them.
 *
 * A few frames are sampled (pst_painter_sample()) before the first one is painted. Statistics are those of all samples
 * together, the flow is that of the first.
 */
#pragma once

#include "engine/network/flow.h"
#include "photo_features.h"

typedef struct PstShot PstShot;

/** A shot without samples. One thread at a time. */
PstShot *pst_shot_new(void);
void pst_shot_free(PstShot *shot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstShot, pst_shot_free)

/** Adds the statistics of a sample of that size, both those that are encoded and those that the generator reads. */
void pst_shot_add(PstShot *shot, int width, int height, const PstFeatures *features);

/** Gives the shot the flow of frames of that size, which it takes over; the first one counts. */
void pst_shot_take_flow(PstShot *shot, int width, int height, PstFlow *flow);

/** Gives features the statistics of all samples of that size with their grain and patches. FALSE if there are none. */
gboolean pst_shot_tell(const PstShot *shot, int width, int height, PstFeatures *features);

/** Whether there are samples of that size with such grain and patches (or NULL). */
gboolean pst_shot_knows(const PstShot *shot, int width, int height, float grain, const PstStylePatches *patches);

/** The flow of frames of that size, or NULL; the shot's. */
const PstFlow *pst_shot_flow(const PstShot *shot, int width, int height);
