#include "engine/kernel/line_noise_sums.h"

#include "maps_simd.h"

void PST_ISA(pst_line_noise)(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums)
{
    line_noise_sums(row, column, count, down, right, sums);
}
