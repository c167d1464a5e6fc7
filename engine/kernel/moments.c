#include "moments.h"

#include "blas.h"
#include "kernels.h"

#include <math.h>
#include <string.h>

PstMoments *pst_moments_new(int channels)
{
    PstMoments *moments = g_new0(PstMoments, 1);
    moments->channels = channels;
    moments->mean = g_new0(double, channels);
    moments->squares = g_new0(double, channels);
    moments->sums = g_new(float, 2 * channels);
    return moments;
}

void pst_moments_free(PstMoments *moments)
{
    if (moments == NULL)
        return;
    g_free(moments->mean);
    g_free(moments->squares);
    g_free(moments->sums);
    g_free(moments);
}

void pst_moments_reset(PstMoments *moments)
{
    moments->count = 0;
    memset(moments->mean, 0, moments->channels * sizeof(double));
    memset(moments->squares, 0, moments->channels * sizeof(double));
}

/* Joins one channel's moments of `count` and `more` pixels. */
static void join(double *mean, double *squares, gint64 count, double more_mean, double more_squares, gint64 more)
{
    double distance = more_mean - *mean;
    double share = (double)more / (double)(count + more);
    *mean += distance * share;
    *squares += more_squares + distance * distance * share * (double)count;
}

enum {
    BLOCK = 64 /* pixels summed in float */
};

/* A block sums distances from its first pixel, not from zero, so that a large common mean costs no
 * accuracy. */
static void add_block(PstMoments *moments, const float *x, int pixels)
{
    int channels = moments->channels;
    float *sums = moments->sums, *squares = sums + channels;

    pst_kernels()->moments_block(x, channels, pixels, sums, squares);
    for (int c = 0; c < channels; c++) {
        double mean = (double)sums[c] / pixels;
        join(&moments->mean[c], &moments->squares[c], moments->count, x[c] + mean, MAX(squares[c] - mean * sums[c], 0),
             pixels);
    }
    moments->count += pixels;
}

void pst_moments_add(PstMoments *moments, const PstMap *x, int first, int rows)
{
    gsize pixels = (gsize)rows * x->width;
    const float *data = pst_map_at(x, first, 0);
    for (gsize p = 0; p < pixels; p += BLOCK)
        add_block(moments, data + p * x->channels, (int)MIN(BLOCK, pixels - p));
}

void pst_moments_merge(PstMoments *moments, const PstMoments *other)
{
    if (other->count == 0)
        return;
    for (int c = 0; c < moments->channels; c++)
        join(&moments->mean[c], &moments->squares[c], moments->count, other->mean[c], other->squares[c], other->count);
    moments->count += other->count;
}

void pst_moments_get(const PstMoments *moments, double eps, float *mean, float *deviation)
{
    for (int c = 0; c < moments->channels; c++) {
        mean[c] = (float)moments->mean[c];
        deviation[c] = (float)sqrt(moments->squares[c] / (double)moments->count + eps);
    }
}

void pst_map_moments(const PstMap *x, double eps, float *mean, float *deviation)
{
    g_autoptr(PstMoments) moments = pst_moments_new(x->channels);
    pst_moments_add(moments, x, 0, x->height);
    pst_moments_get(moments, eps, mean, deviation);
}

void pst_map_moments_gradient(const PstMap *x, const float *mean, const float *deviation, const float *dmean,
                              const float *ddeviation, PstMap *dx)
{
    gsize pixels = (gsize)x->height * x->width;
    int channels = x->channels;
    float *scale = g_newa(float, 2 * channels), *offset = scale + channels;

    for (int c = 0; c < channels; c++) {
        scale[c] = ddeviation != NULL ? ddeviation[c] / (deviation[c] * pixels) : 0;
        offset[c] = dmean != NULL ? dmean[c] / pixels : 0;
    }
    pst_kernels()->scale_add(x->data, channels, pixels, mean, scale, offset, dx->data);
}

enum {
    CENTRED = 256 /* pixels centred and multiplied at a time */
};

gsize pst_covariance_scratch(int channels)
{
    return (gsize)channels * CENTRED + 2 * (gsize)channels * channels;
}

static void centre(const float *x, const float *mean, int channels, int pixels, float *centred)
{
    for (int p = 0; p < pixels; p++)
        for (int c = 0; c < channels; c++)
            centred[p * channels + c] = x[p * channels + c] - mean[c];
}

void pst_covariance(const PstMap *x, const float *mean, float *covariance, float *scratch)
{
    int channels = x->channels;
    gsize pixels = (gsize)x->height * x->width;
    /* Blocks accumulate in float, their sums in double, at the start of the scratch. */
    double *sums = (double *)scratch;
    float *centred = scratch + 2 * (gsize)channels * channels;

    memset(sums, 0, sizeof(double) * channels * channels);
    for (gsize p = 0; p < pixels; p += CENTRED) {
        int block = (int)MIN(CENTRED, pixels - p);
        centre(x->data + p * channels, mean, channels, block, centred);
        pst_blas_syrk(channels, block, centred, channels, 0, covariance, channels);
        for (int i = 0; i < channels; i++)
            for (int j = 0; j <= i; j++)
                sums[i * channels + j] += covariance[i * channels + j];
    }
    for (int i = 0; i < channels; i++)
        for (int j = 0; j <= i; j++)
            covariance[i * channels + j] = covariance[j * channels + i] = (float)(sums[i * channels + j] / pixels);
}
