#include "resampling.h"

#include "kernels.h"

void pst_upsample(const PstMap *x, PstMap *y)
{
    pst_kernels()->upsample(x, y);
}

void pst_upsample_gradient(const PstMap *dy, PstMap *dx)
{
    pst_kernels()->upsample_gradient(dy, dx);
}
