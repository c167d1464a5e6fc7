#include "line_noise.h"

#include "kernels.h"

void pst_line_noise(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums)
{
    pst_kernels()->line_noise(row, column, count, down, right, sums);
}
