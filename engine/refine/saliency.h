/* Saliency: where small structure stands in calm surroundings, as eyes and mouth do in a face and lettering does on a
 * wall. A painting is like its photograph as long as it holds these, whatever becomes of the rest.
 *
 * Centre against surround, after Itti, Koch and Niebur, "A Model of Saliency-Based Visual Attention for Rapid Scene
 * Analysis", PAMI 1998, on features instead of colours: with e(p) = |f(p) - mean of f over 3x3 places|,
 *
 *   saliency = (mean of e over 6x6 places / (mean of e over 26x26 places + mean of all e / 4))^2
 */
#pragma once

#include "engine/kernel/map.h"

/** The saliency of places of 2x2 pixels of `features` (relu3_1 of a photograph), divided by its mean: [height / 2]
 *  [width / 2] values, owned by the caller with g_free(). 1 everywhere where all features are alike. */
float *pst_saliency(const PstMap *features);
