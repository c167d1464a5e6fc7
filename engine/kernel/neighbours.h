/* Comparing places with their neighbours: features as unit vectors, and what draws a place to its neighbour. nearest.h
 * finds neighbours. */
#pragma once

#include <glib.h>

/** Copies row rows[i] of the features [..][channels], less the centre [channels], and at length 1, to unit[i], for i <
 *  count; `rows` may be NULL: the first `count` rows. Where `inverse_length` is not NULL, it gets what lengths were
 *  divided by. A vector shorter than PST_NEIGHBOURS_SHORTEST is divided by that. */
#define PST_NEIGHBOURS_SHORTEST 1e-3f
void pst_neighbours_unit(const float *features, const int *rows, int count, int channels, const float *centre,
                         float *unit, float *inverse_length);

/** What draws places to their neighbours: the loss near (1 - <u, v>) + apart |a - length v|^2 of each place, where a =
 *  x - centre, u = a / |a|, and v its neighbour, a unit vector; and, for the gradient alone, a linear one of every
 *  channel. */
typedef struct {
    const float *centre;  /* [channels] */
    const float *vectors; /* [..][channels] */
    const float *lengths; /* [..] */
    float near, apart;
    const float *scale, *offset; /* [channels]: scale a + offset is added to the gradient */
} PstPull;

/** ADDS to gradient [places][channels] that of the loss with respect to x [places][channels], each place's neighbour
 *  being vector index[place]. ADDS to sums[0] the sum of 1 - <u, v>, to sums[1] that of |a - length v|^2. */
void pst_neighbours_pull(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                         float *gradient, double sums[2]);
