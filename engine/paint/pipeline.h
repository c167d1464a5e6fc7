/* Stages that pass rows of a picture on to one another, from top to bottom.
 *
 * A stage is a chain of layers that is walked through tile by tile (tile.h), the tiles shared out to a pool of threads.
 * Between stages lie strips (strip.h), which hold no more rows than the stages after them still need. A stage works on
 * bands of rows: it asks the stages before it for what the band depends on, and they ask theirs.
 */
#pragma once

#include "engine/kernel/moments.h"
#include "engine/base/thread_pool.h"
#include "tile.h"

typedef struct PstPipeline PstPipeline;

/* How rows come in and go out; see pst_pipeline_add_stage(). */
typedef gboolean (*PstPipelineRows)(int first, int rows, gpointer data, GError **error);

/** Called on the thread that runs the pipeline, now and then. */
typedef void (*PstPipelineProgress)(double work, gpointer data);

/** An empty pipeline for these padded sides (multiples of 8) whose stages work on bands of `band` rows (a multiple
 *  of PST_BAND_STEP), on `threads` threads. pool is borrowed and has so many; without one, the pipeline can be measured
 *  but not run. cancellable and progress may be NULL. */
#define PST_BAND_STEP  32
#define PST_CELL_WIDTH 128 /* tiles begin at multiples of this many pixels */
PstPipeline *pst_pipeline_new(PstThreadPool *pool, int threads, int width, int height, int band,
                              PstPipelineProgress progress, gpointer data, GCancellable *cancellable);
void pst_pipeline_free(PstPipeline *pipeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPipeline, pst_pipeline_free)

/** Where steps find the photograph's rows: `photo` is filled by read() in order, or, where read is NULL, holds all
 *  rows. The pipeline makes room in a frame that is to be read (its rgb, and its alpha where `alpha`), and frees it.
 *  `ahead` more rows than steps ask for are read before them. */
void pst_pipeline_set_photo(PstPipeline *pipeline, PstFrame *photo, gboolean alpha, int ahead, PstPipelineRows read,
                            gpointer data);

/** Adds a stage of `count` steps (copied), which costs `work` a padded pixel. begin() and done() may be NULL;
 *  they are called on the running thread before and after each band, in order. Strips that steps keep rows in belong
 *  to the caller; the pipeline makes room in those that have none. */
void pst_pipeline_add_stage(PstPipeline *pipeline, const PstStep *steps, int count, double work, PstPipelineRows begin,
                            PstPipelineRows done, gpointer data);

/** The rows of a band that suit this padded width best: as many as keep what lies between stages in the cache, but
 *  enough that little is made twice where bands are cut into tiles. */
int pst_pipeline_band(int width, int height, int threads);

/** Bytes that strips, frames and arenas take, once all stages are added. */
gsize pst_pipeline_memory(PstPipeline *pipeline);

/** Runs until all stages have made all their rows; of those that nobody reads, each makes a band before the first of
 *  them goes on to the next, in the order in which they were added. FALSE on an error of read(), begin() or done(),
 *  or when cancelled (G_IO_ERROR_CANCELLED). */
gboolean pst_pipeline_run(PstPipeline *pipeline, GError **error);
