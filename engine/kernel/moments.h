/* Means, standard deviations and covariances of the channels of a map, over all its pixels.
 *
 * Sums run in float over short blocks of pixels and in double over blocks. Blocks are joined by the
 * method of Chan, Golub and LeVeque ("Algorithms for Computing the Sample Variance", 1983). So large
 * maps and means far from zero lose no accuracy. Variances are divided by the number of pixels, not
 * by one less.
 */
#pragma once

#include "map.h"

/** Running moments of `channels` channels: of whole maps, of strips, or of parts from several threads. */
typedef struct {
    int channels;
    gint64 count;    /* pixels seen */
    double *mean;    /* [channels] */
    double *squares; /* [channels], sum of squared distances from the mean */
    float *sums;     /* for the sums of a block */
} PstMoments;

PstMoments *pst_moments_new(int channels);
void pst_moments_free(PstMoments *moments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMoments, pst_moments_free)

/** Back to no pixels. */
void pst_moments_reset(PstMoments *moments);

/** Adds the pixels of rows first .. first+rows-1 of x. */
void pst_moments_add(PstMoments *moments, const PstMap *x, int first, int rows);

/** Adds all pixels of `other`. Merge in a fixed order for the same bytes on every run. */
void pst_moments_merge(PstMoments *moments, const PstMoments *other);

/** Writes mean[channels] and deviation[channels] = sqrt(variance + eps) of at least one pixel. */
void pst_moments_get(const PstMoments *moments, double eps, float *mean, float *deviation);

/** The same for one whole map. */
void pst_map_moments(const PstMap *x, double eps, float *mean, float *deviation);

/** Gradient of pst_map_moments(): ADDS to dx, given its results and the gradients dmean and
 * ddeviation [channels] (either may be NULL). */
void pst_map_moments_gradient(const PstMap *x, const float *mean, const float *deviation, const float *dmean,
                              const float *ddeviation, PstMap *dx);

/** Floats of scratch that pst_covariance() needs. */
gsize pst_covariance_scratch(int channels);

/** covariance[i][j] = mean over pixels of (x[i] - mean[i]) (x[j] - mean[j]), both triangles. */
void pst_covariance(const PstMap *x, const float *mean, float *covariance, float *scratch);
