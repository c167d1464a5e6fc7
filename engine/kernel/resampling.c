#include "resampling.h"

#include "reference.h"

void pst_upsample(const PstMap *x, PstMap *y)
{
    pst_reference_upsample(x, y);
}

void pst_upsample_gradient(const PstMap *dy, PstMap *dx)
{
    pst_reference_upsample_gradient(dy, dx);
}
