/* The nearest of unit vectors, in vectors of whole numbers; as in nearest.h. Compiled once more for processors that
 * have AVX-512 with VNNI, where it finds the same in less time. */
#pragma once

#include "simd.h"

gsize PST_ISA(pst_nearest_table_size)(int candidate_count, int channels);
void PST_ISA(pst_nearest_pack)(const float *candidates, int candidate_count, int channels, gint16 *table);
gsize PST_ISA(pst_nearest_scratch)(int channels);
void PST_ISA(pst_nearest)(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                          int *index, void *scratch);
