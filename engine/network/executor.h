/* Runs layers on all threads of a pool. It shares out the rows of a layer, gives each worker its scratch, counts the
 * work for progress, and answers a cancel within one share of rows. */
#pragma once

#include <gio/gio.h>

#include "engine/kernel/convolution.h"
#include "engine/kernel/moments.h"
#include "engine/base/thread_pool.h"

typedef struct PstExecutor PstExecutor;

/** Called on the calling thread after each layer with the work done so far, in multiply-accumulates. */
typedef void (*PstExecutorProgress)(double work, gpointer data);

/** An executor on `pool` (borrowed); cancellable and progress may be NULL. One thread at a time may use it. */
PstExecutor *pst_executor_new(PstThreadPool *pool, GCancellable *cancellable, PstExecutorProgress progress,
                              gpointer data);
void pst_executor_free(PstExecutor *executor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstExecutor, pst_executor_free)

/** TRUE once cancelled; from then on all functions below return at once and outputs are undefined. */
gboolean pst_executor_cancelled(const PstExecutor *executor);

/** A whole layer: pst_convolution_forward() on all rows. y or fusion->pooled may be NULL. */
void pst_executor_convolve(PstExecutor *executor, const PstConvolution *convolution, const PstMap *x, PstMap *y,
                           const PstFusion *fusion);

/** The way back through a layer: pst_convolution_backward_input() on all rows. */
void pst_executor_backward_input(PstExecutor *executor, const PstConvolution *convolution, const PstMap *dy,
                                 const PstMap *y, PstMap *dx);

/** A whole 1x1 convolution: pst_pointwise() on all rows, without accumulation. */
void pst_executor_pointwise(PstExecutor *executor, const PstMap *x, const float *weight, const float *bias, PstMap *y);

/** Adds rows first .. first+rows-1 of x to moments. Shares of fixed height are merged in order, so the bytes do not
 *  depend on the number of threads. Nor do they depend on how a picture was cut into bands, if bands begin at
 *  multiples of PST_MOMENTS_ROWS. */
#define PST_MOMENTS_ROWS 16
void pst_executor_gather(PstExecutor *executor, const PstMap *x, int first, int rows, PstMoments *moments);

/** Any other work by rows: calls run(first, rows, data) for shares of at most `share` rows. */
typedef void (*PstRows)(int first, int rows, gpointer data);
void pst_executor_rows(PstExecutor *executor, int height, int share, PstRows run, gpointer data);

/** The same where each share needs `floats` floats of scratch. */
typedef void (*PstScratchRows)(int first, int rows, float *scratch, gpointer data);
void pst_executor_scratch_rows(PstExecutor *executor, int height, int share, gsize floats, PstScratchRows run,
                               gpointer data);

/** Rows in a share of work on maps of this size: few enough for an even load and a quick cancel, a multiple of 4. All
 *  threads have as many shares, all but the last as large, where there are rows enough. */
int pst_executor_share(const PstExecutor *executor, int height, int width, int channels);
