#include "blas.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"

#define BUFFER ((gsize)136 << 20) /* bytes: what OpenBLAS takes for a thread, and some more for what is small */

/* Buffers are kept by OpenBLAS, and shared: as many as threads that were at work at a time. */
static struct {
    GMutex mutex;
    int busy, buffers;
} threads;

void pst_blas_prepare(void)
{
    static gsize prepared = 0;
    if (g_once_init_enter(&prepared)) {
        openblas_set_num_threads(1);
        g_once_init_leave(&prepared, 1);
    }
}

const char *pst_blas_processor(void)
{
    pst_blas_prepare();
    return openblas_get_corename();
}

static gboolean begin(void)
{
    gboolean good;

    pst_blas_prepare();
    g_mutex_lock(&threads.mutex);
    good = threads.busy < threads.buffers || pst_memory_is_there(BUFFER);
    if (good) {
        threads.busy++;
        threads.buffers = MAX(threads.buffers, threads.busy);
    }
    g_mutex_unlock(&threads.mutex);
    if (!good) {
        pst_memory_refuse(BUFFER);
    }
    return good;
}

static void end(void)
{
    g_mutex_lock(&threads.mutex);
    threads.busy--;
    g_mutex_unlock(&threads.mutex);
}

void pst_blas_gemm(CBLAS_TRANSPOSE transpose_a, CBLAS_TRANSPOSE transpose_b, int m, int n, int k, float alpha,
                   const float *a, int a_stride, const float *b, int b_stride, float beta, float *c, int c_stride)
{
    if (begin()) {
        cblas_sgemm(CblasRowMajor, transpose_a, transpose_b, m, n, k, alpha, a, a_stride, b, b_stride, beta, c,
                    c_stride);
        end();
    }
}

void pst_blas_gemv(CBLAS_TRANSPOSE transpose, int rows, int columns, float alpha, const float *a, int a_stride,
                   const float *x, float beta, float *y)
{
    if (begin()) {
        cblas_sgemv(CblasRowMajor, transpose, rows, columns, alpha, a, a_stride, x, 1, beta, y, 1);
        end();
    }
}

void pst_blas_syrk(int n, int k, const float *a, int a_stride, float beta, float *c, int c_stride)
{
    if (begin()) {
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, n, k, 1, a, a_stride, beta, c, c_stride);
        end();
    }
}
