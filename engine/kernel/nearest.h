/* Of unit vectors the nearest among others, by cosine similarity, in whole numbers.
 *
 * A query is rounded to 1/2047 and a candidate to 1/1023, so that two products and a sum are one instruction. A
 * similarity is off by 0.0004 or so; of candidates that are as near the first one counts. Sums of whole numbers are
 * exact: all kernels find the same.
 */
#pragma once

#include <glib.h>

#define PST_NEAREST_CANDIDATES 8192 /* at most */
#define PST_NEAREST_QUERIES    132  /* at once, at most */

#define PST_NEAREST_QUERY_ONE     2047.f
#define PST_NEAREST_CANDIDATE_ONE 1023.f

/** How many numbers a table of so many candidates has. */
gsize pst_nearest_table_size(int candidate_count, int channels);

/** Writes candidates [candidate_count][channels], no longer than 1, into a table, in the kernels' order. */
void pst_nearest_pack(const float *candidates, int candidate_count, int channels, gint16 *table);

/** Bytes of scratch that a search needs. */
gsize pst_nearest_scratch(int channels);

/** Sets index[q] to the candidate in the table that is nearest to query q, for q < count. Queries [count][channels] are
 *  no longer than 1; there may be any number of them, and at least one candidate. */
void pst_nearest_find(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                      int *index, void *scratch);
