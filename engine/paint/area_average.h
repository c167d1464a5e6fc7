/* A smaller copy of a picture whose rows come from top to bottom: each pixel is the mean of the area that it covers.
 * Memory is that of the copy and a few rows, whatever the picture's size.
 */
#pragma once

#include "rows.h"

#include "engine/base/thread_pool.h"

typedef struct PstAreaAverage PstAreaAverage;

/** From width x height, with alpha or without, to small_width x small_height, which are at most that, on the threads of
 *  the pool, which is borrowed. NULL and PST_PICTURE_ERROR_MEMORY without memory. */
PstAreaAverage *pst_area_average_new(PstThreadPool *pool, int width, int height, gboolean alpha, int small_width,
                                     int small_height, GError **error);
void pst_area_average_free(PstAreaAverage *average);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstAreaAverage, pst_area_average_free)

/** Adds the next rows: rgb is [rows][width][3], sRGB-encoded, alpha [rows][width] or NULL. Colours count by their
 *  alpha. */
void pst_area_average_add(PstAreaAverage *average, int rows, const float *rgb, const float *alpha);

/** How many rows of the copy are final, and the copy, whose rows up to there may be read; borrowed. */
int pst_area_average_rows(const PstAreaAverage *average);
const PstPicture *pst_area_average_copy(const PstAreaAverage *average);

/** Reads a source once from its beginning into a copy of small_width x small_height, owned by the caller. NULL with
 *  what reading says, when cancelled or without memory. */
PstPicture *pst_area_average_read(PstThreadPool *pool, const PstRowSource *source, int small_width, int small_height,
                                  GCancellable *cancellable, GError **error);

/** The copy, once all rows are added; owned by the caller. */
PstPicture *pst_area_average_finish(PstAreaAverage *average);
