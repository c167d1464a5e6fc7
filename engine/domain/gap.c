#include "gap.h"

#include "engine/classify/logistic.h"
#include "engine/kernel/blas.h"
#include "engine/style/style.h"

#include <math.h>
#include <string.h>

#define SIZE     PST_STYLE_SIZE
#define SIDE     256 /* pixels of the short side */
#define SMALLEST 1e-6f
#define LEAST    1e-3 /* deviation of a statistic */
#define FOLDS    5
#define PENALTY  10.0
#define SWEEPS   30

gboolean pst_gap_measure(const PstModel *model, PstThreadPool *pool, const PstPicture *small, float *statistics,
                         GCancellable *cancellable, GError **error)
{
    int side = MIN(SIDE, MIN(small->width, small->height));
    g_autoptr(PstStyle) style = pst_style_from_picture(model, pool, small, side, "", cancellable, error);

    if (!style)
        return FALSE;
    for (int i = 0; i < SIZE; i++) {
        statistics[i] = i < PST_STYLE_CHANNELS ? style->statistics[i] : logf(MAX(style->statistics[i], SMALLEST));
    }
    return TRUE;
}

/* All rows, the first domain's first, standardised. */
static float *standardise(const float *first, int n, const float *second, int m)
{
    float *rows = g_new(float, (gsize)(n + m) * SIZE);

    memcpy(rows, first, (gsize)n * SIZE * sizeof *rows);
    memcpy(rows + (gsize)n * SIZE, second, (gsize)m * SIZE * sizeof *rows);
    for (int i = 0; i < SIZE; i++) {
        double sum = 0, square = 0, mean, deviation;

        for (int k = 0; k < n + m; k++) {
            double value = rows[(gsize)k * SIZE + i];

            sum += value;
            square += value * value;
        }
        mean = sum / (n + m);
        deviation = sqrt(MAX(0, square / (n + m) - mean * mean)) + LEAST;
        for (int k = 0; k < n + m; k++)
            rows[(gsize)k * SIZE + i] = (float)((rows[(gsize)k * SIZE + i] - mean) / deviation);
    }
    return rows;
}

/* ---- Frechet -------------------------------------------------------------------------------- */

/* Every `step`th row, centred and divided by the root of their number; its sum of squares is the trace of the
 * covariance. */
static float *centre(const float *rows, int count, int step, int *taken, double *mean, double *trace)
{
    int n = (count + step - 1) / step;
    float *x = g_new(float, (gsize)n *SIZE);

    *taken = n;
    *trace = 0;
    memset(mean, 0, SIZE * sizeof *mean);
    for (int k = 0; k < n; k++) {
        for (int i = 0; i < SIZE; i++)
            mean[i] += rows[(gsize)k * step * SIZE + i] / (double)n;
    }
    for (int k = 0; k < n; k++) {
        for (int i = 0; i < SIZE; i++) {
            double value = (rows[(gsize)k * step * SIZE + i] - mean[i]) / sqrt(n);

            x[(gsize)k * SIZE + i] = (float)value;
            *trace += value * value;
        }
    }
    return x;
}

/* The sum of the roots of the eigenvalues of a symmetric matrix [n][n] without negative ones, by Jacobi's rotations; it
 * is used up. */
static double sum_of_roots(double *a, int n)
{
    double sum = 0;

    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        double beside = 0, along = 0;

        for (int p = 0; p < n; p++) {
            along += a[p * n + p] * a[p * n + p];
            for (int q = p + 1; q < n; q++)
                beside += a[p * n + q] * a[p * n + q];
        }
        if (beside <= 1e-16 * along)
            break;
        for (int p = 0; p < n - 1; p++) {
            for (int q = p + 1; q < n; q++) {
                double theta, t, c, s;

                if (fabs(a[p * n + q]) < 1e-300)
                    continue;
                theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
                t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
                c = 1 / sqrt(t * t + 1);
                s = t * c;
                for (int k = 0; k < n; k++) {
                    double x = a[k * n + p], y = a[k * n + q];

                    a[k * n + p] = c * x - s * y;
                    a[k * n + q] = s * x + c * y;
                }
                for (int k = 0; k < n; k++) {
                    double x = a[p * n + k], y = a[q * n + k];

                    a[p * n + k] = c * x - s * y;
                    a[q * n + k] = s * x + c * y;
                }
            }
        }
    }
    for (int i = 0; i < n; i++)
        sum += sqrt(MAX(0, a[i * n + i]));
    return sum;
}

/* tr (C C')^1/2 is the sum of the singular values of X X'^T, rows of which are few. */
static double overlap(const float *x, int n, const float *y, int m)
{
    g_autofree float *product = g_new(float, (gsize)n *m);
    g_autofree double *square = g_new0(double, (gsize)n *n);

    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, m, SIZE, 1, x, SIZE, y, SIZE, 0, product, m);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = 0;

            for (int k = 0; k < m; k++)
                sum += (double)product[(gsize)i * m + k] * product[(gsize)j * m + k];
            square[i * n + j] = square[j * n + i] = sum;
        }
    }
    return sum_of_roots(square, n);
}

/* Of every `step`th row of each. */
static double frechet(const float *first, int n, const float *second, int m, int step)
{
    double means[2][SIZE], traces[2], apart = 0;
    int counts[2];
    g_autofree float *x = centre(first, n, step, &counts[0], means[0], &traces[0]);
    g_autofree float *y = centre(second, m, step, &counts[1], means[1], &traces[1]);

    for (int i = 0; i < SIZE; i++)
        apart += pow(means[0][i] - means[1][i], 2);
    return (apart + traces[0] + traces[1] - 2 * overlap(x, counts[0], y, counts[1])) / SIZE;
}

/* ---- the classifier --------------------------------------------------------------------------- */

/* Folds take turns, so each has as many of both. */
static gboolean find_error(const float *rows, int n, int m, double *error_share, GCancellable *cancellable,
                           GError **error)
{
    g_autofree float *part = g_new(float, (gsize)(n + m) * SIZE);
    g_autofree int *labels = g_new(int, n + m);
    int wrong[2] = { 0, 0 };

    for (int fold = 0; fold < FOLDS; fold++) {
        g_autoptr(PstLogistic) logistic = NULL;
        int count = 0;

        for (int k = 0; k < n + m; k++) {
            if ((k < n ? k : k - n) % FOLDS == fold)
                continue;
            memcpy(part + (gsize)count * SIZE, rows + (gsize)k * SIZE, SIZE * sizeof *part);
            labels[count++] = k >= n;
        }
        logistic = pst_logistic_fit(part, labels, count, SIZE, 2, PENALTY, cancellable, error);
        if (!logistic)
            return FALSE;
        for (int k = 0; k < n + m; k++) {
            if ((k < n ? k : k - n) % FOLDS == fold)
                wrong[k >= n] += pst_logistic_choose(logistic, rows + (gsize)k * SIZE) != (k >= n);
        }
    }
    *error_share = MIN(0.5, ((double)wrong[0] / n + (double)wrong[1] / m) / 2);
    return TRUE;
}

gboolean pst_gap_find(const float *first, int n, const float *second, int m, PstGap *gap, GCancellable *cancellable,
                      GError **error)
{
    g_autofree float *rows = standardise(first, n, second, m);
    const float *other = rows + (gsize)n * SIZE;

    pst_blas_prepare();
    gap->first = n;
    gap->second = m;
    gap->frechet = frechet(rows, n, other, m, 1);
    gap->within = MAX(frechet(rows, n - 1, rows + SIZE, n - 1, 2), frechet(other, m - 1, other + SIZE, m - 1, 2));
    return find_error(rows, n, m, &gap->error, cancellable, error);
}
