/* BLAS on the calling thread only. */
#pragma once

#include <cblas.h>

/** Call it before any use of BLAS. It keeps OpenBLAS from starting threads, which would compete with the thread pool.
 *  Cheap after the first call. */
void pst_blas_prepare(void);
