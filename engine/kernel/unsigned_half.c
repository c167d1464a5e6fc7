#include "unsigned_half.h"

#include "kernels.h"

void pst_unsigned_halves_from_floats(const float *floats, gsize n, guint16 *halves)
{
    pst_kernels()->halves_from_floats(floats, n, halves);
}

void pst_unsigned_halves_to_floats(const guint16 *halves, gsize n, float *floats)
{
    pst_kernels()->halves_to_floats(halves, n, floats);
}
