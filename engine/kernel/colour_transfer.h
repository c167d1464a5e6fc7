/* The colours of one picture in another: the linear map of RGB that gives its pixels the means and covariances of
 * another's and moves them as little as that allows.
 *
 *   y = T (x - mean) + mean'     T = C^-1/2 (C^1/2 C' C^1/2)^1/2 C^-1/2
 *
 * Pitié and Kokaram, "The Linear Monge-Kantorovitch Linear Colour Mapping for Example-Based Colour Transfer", CVMP
 * 2007.
 */
#pragma once

#include "engine/kernel/map.h"

/** Means and covariances of colours. */
typedef struct {
    double mean[3], covariance[3][3];
} PstColourMoments;

/** Those of a picture [height][width][3]. */
PstColourMoments pst_colour_moments(const PstMap *rgb);

/** Adds those of another picture, so that `count` pictures before it and this one count alike. */
void pst_colour_moments_join(PstColourMoments *moments, int count, const PstColourMoments *more);

/** The map from `from` to `to`: y = map[.][0..2] x + map[.][3]. `noise` is added to variances, so that an even picture,
 *  which has no direction to stretch, is hardly stretched; nothing is stretched more than `most` times. */
void pst_colour_transport(const PstColourMoments *from, const PstColourMoments *to, double noise, double most,
                          double map[3][4]);

/** Moves the colours of rgb, whose moments are `from`, to `to`, and clamps them to 0..1. */
void pst_colour_transfer(PstMap *rgb, const PstColourMoments *from, const PstColourMoments *to);
