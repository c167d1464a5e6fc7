/* BLAS on the calling thread only. */
#pragma once

#include <cblas.h>

/** Must precede every use of BLAS: keeps OpenBLAS from starting threads of its own, which would
 * compete with the thread pool. Cheap after the first call. */
void pst_blas_prepare(void);
