/* Nearest neighbours among rows of numbers, by the inner product: of unit vectors, the cosine similarity.
 *
 * All products of a block of queries with a block of candidates are one matrix product (BLAS), from which the largest
 * are picked both ways; the whole table of similarities is never in memory. Of several candidates that are as near the
 * first one counts. Results depend on the rows alone, not on how many threads run beside this one. Where only queries
 * have neighbours, nearest.h is faster.
 */
#pragma once

#include <glib.h>

/** Of each row its neighbour: which one, and how similar. Borrowed arrays, one element a row. */
typedef struct {
    int *index;
    float *similarity;
} PstNeighbours;

/** Floats of scratch that a search needs, whatever its size. */
gsize pst_neighbours_scratch(void);

/** Finds, for each of `count` queries [count][channels], the candidate [candidate_count][channels] of the largest inner
 *  product, and for each candidate the query. Both counts are at least 1, no number may be NaN. */
void pst_neighbours_find(const float *queries, int count, const float *candidates, int candidate_count, int channels,
                         const PstNeighbours *forwards, const PstNeighbours *backwards, float *scratch);

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
