#include "nearest.h"

#include "kernels.h"

gsize pst_nearest_table_size(int candidate_count, int channels)
{
    return pst_kernels()->nearest_table_size(candidate_count, channels);
}

void pst_nearest_pack(const float *candidates, int candidate_count, int channels, gint16 *table)
{
    g_assert(candidate_count <= PST_NEAREST_CANDIDATES);
    pst_kernels()->nearest_pack(candidates, candidate_count, channels, table);
}

gsize pst_nearest_scratch(int channels)
{
    return pst_kernels()->nearest_scratch(channels);
}

void pst_nearest_find(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                      int *index, void *scratch)
{
    for (int q = 0; q < count; q += PST_NEAREST_QUERIES) {
        pst_kernels()->nearest(queries + (gsize)q * channels, MIN(PST_NEAREST_QUERIES, count - q), table,
                               candidate_count, channels, index + q, scratch);
    }
}
