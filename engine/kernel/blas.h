/* BLAS on the calling thread only. Matrices are row by row. */
#pragma once

#include <cblas.h>

/** Call it before any use of cblas_...(). It keeps OpenBLAS from starting threads, which would compete with the thread
 *  pool. Cheap after the first call. */
void pst_blas_prepare(void);

/** OpenBLAS's name of the processor that it computes for: sums of another are rounded otherwise. */
const char *pst_blas_processor(void);

/* OpenBLAS works on these in a buffer of 128 MB of address space for each thread that is at it, and tries for ever to
 * have one. So the functions below look first whether there is room; where there is none, the result is left as it was
 * and the work is cancelled (pst_memory_refuse()). They prepare. */

/** cblas_sgemm(): c = alpha op(a) op(b) + beta c, with op(a) [m][k] and op(b) [k][n]. */
void pst_blas_gemm(CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b, int m, int n, int k, float alpha,
                   const float *a, int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride);

/** cblas_sgemv(): y = alpha op(a) x + beta y, with a [rows][columns] and vectors without gaps. */
void pst_blas_gemv(CBLAS_TRANSPOSE transpose, int rows, int columns, float alpha, const float *a, int a_stride,
                   const float *x, float beta, float *y);

/** cblas_ssyrk(): the lower triangle of c [n][n] becomes a^T a + beta c, with a [k][n]. */
void pst_blas_syrk(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride);
