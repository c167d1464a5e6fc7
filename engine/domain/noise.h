/* What a camera, a scanner or a press leaves in the even parts of pictures: noise, grain, a halftone.
 *
 * It is described by its spectrum in windows of PST_NOISE_SIDE pixels, for each channel of Oklab, and made anew with
 * that spectrum and random phases: Galerne, Gousseau and Morel, "Random Phase Textures: Theory and Synthesis", IEEE
 * Transactions on Image Processing 20, 2011.
 */
#pragma once

#include "engine/base/random.h"
#include "engine/kernel/map.h"

#define PST_NOISE_SIDE 64

/** Zeroed: of no windows, no noise. */
typedef struct {
    int windows;
    double power[3]
                [PST_NOISE_SIDE * PST_NOISE_SIDE]; /* sums over windows; white noise of variance v has v everywhere */
} PstNoise;

/** Adds the windows of a picture [height][width][3] in which least happens, a third of them: what a guided filter takes
 *  out of them. A picture with a side below PST_NOISE_SIDE has none. */
void pst_noise_add(PstNoise *noise, const PstMap *lab);

/** Noise [height][width][3] that `target` has and `source`, its amplitudes times `gain`, has not; zero where one has no
 *  windows. Free with pst_map_clear(). */
PstMap pst_noise_draw(const PstNoise *target, const PstNoise *source, const double gain[3], int height, int width,
                      PstRandom *random);
