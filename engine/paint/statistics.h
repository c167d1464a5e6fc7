/* Gathers the means and deviations of a feature map that is made tile by tile.
 *
 * Cells of fixed size are summed each by itself, and joined from left to right and from top to bottom: the result does
 * not depend on the number of threads or on how the picture was cut into bands and tiles.
 */
#pragma once

#include "engine/kernel/moments.h"

typedef struct PstStatistics PstStatistics;

/** For relu<tap>_1 of a padded picture of these sides that a pipeline makes in bands of `band` rows. */
PstStatistics *pst_statistics_new(int tap, int width, int height, int band);
void pst_statistics_free(PstStatistics *statistics);

/** A PstStepSink: adds pixels of one row, which may lie up to PST_BAND_STEP rows of the padded picture beyond the band.
 *  Threads may add to different tiles at once. */
void pst_statistics_add(gpointer statistics, int row, int column, int count, const float *values);

/** Joins what was added up to row `end` of the padded picture, that of a band. */
void pst_statistics_join(PstStatistics *statistics, int end);

/** Writes mean and deviation of each channel, the latter with `eps` added to the variance. */
void pst_statistics_get(const PstStatistics *statistics, double eps, float *mean, float *deviation);
