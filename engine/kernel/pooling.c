#include "pooling.h"

#include "kernels.h"

void pst_max_pool(const PstMap *x, PstMap *y)
{
    pst_kernels()->max_pool(x, y);
}

void pst_max_pool_gradient(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx)
{
    pst_kernels()->max_pool_gradient(x, y, dy, dx);
}
