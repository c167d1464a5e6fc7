#include "map_layout.h"

#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define RATE         100.0
#define EXAGGERATION 8.0 /* of affinities, in the first quarter of the steps */
#define MARGIN       0.03
#define SPREADINGS   200

/* The affinities of row i to the others, at the precision that gives them the perplexity: found by bisection. */
static void find_affinities(const double *distances, int n, int i, double perplexity, double *p)
{
    double low = 0, high = INFINITY, precision = 1, nearest = INFINITY;

    for (int k = 0; k < n; k++)
        nearest = k == i ? nearest : MIN(nearest, distances[k]);
    for (int step = 0; step < 60; step++) {
        double sum = 0, weighted = 0, entropy;

        for (int k = 0; k < n; k++) {
            p[k] = k == i ? 0 : exp(-precision * (distances[k] - nearest));
            sum += p[k];
            weighted += p[k] * (distances[k] - nearest);
        }
        entropy = log(sum) + precision * weighted / sum;
        for (int k = 0; k < n; k++)
            p[k] /= sum;
        if (entropy > log(perplexity)) {
            low = precision;
            precision = isinf(high) ? 2 * precision : (low + high) / 2;
        } else {
            high = precision;
            precision = (low + high) / 2;
        }
    }
}

static double *affinities(const float *rows, int n, int width, double perplexity)
{
    double *p = g_new(double, (gsize)n *n);
    g_autofree double *distances = g_new(double, n);

    for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
            double sum = 0;

            for (int c = 0; c < width; c++) {
                double d = rows[(gsize)i * width + c] - rows[(gsize)k * width + c];

                sum += d * d;
            }
            distances[k] = sum;
        }
        find_affinities(distances, n, i, perplexity, p + (gsize)i * n);
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k <= i; k++) {
            double both = (p[(gsize)i * n + k] + p[(gsize)k * n + i]) / (2 * n);

            p[(gsize)i * n + k] = p[(gsize)k * n + i] = MAX(both, 1e-12);
        }
    }
    return p;
}

/* One step of gradient descent with momentum. */
static void descend(const double *p, int n, double exaggeration, double momentum, double *y, double *speed, double *q)
{
    g_autofree double *gradient = g_new0(double, (gsize)n * 2);
    double total = 0;

    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            double dx = y[2 * i] - y[2 * k], dy = y[2 * i + 1] - y[2 * k + 1], value = 1 / (1 + dx * dx + dy * dy);

            q[(gsize)i * n + k] = value;
            total += 2 * value;
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            double value = q[(gsize)i * n + k];
            double force = 4 * (exaggeration * p[(gsize)i * n + k] - value / total) * value;

            for (int c = 0; c < 2; c++) {
                double pull = force * (y[2 * i + c] - y[2 * k + c]);

                gradient[2 * i + c] += pull;
                gradient[2 * k + c] -= pull;
            }
        }
    }
    for (int i = 0; i < 2 * n; i++) {
        speed[i] = momentum * speed[i] - RATE * gradient[i];
        y[i] += speed[i];
    }
}

static int by_value(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Stretches each coordinate to the square; halfway to an even spread, so that outliers don't crowd the rest. */
static void fit_square(const double *y, int n, float *positions)
{
    g_autofree double *sorted = g_new(double, n);

    for (int c = 0; c < 2; c++) {
        double least, most;

        for (int i = 0; i < n; i++)
            sorted[i] = y[2 * i + c];
        qsort(sorted, n, sizeof *sorted, by_value);
        least = sorted[0];
        most = MAX(sorted[n - 1], least + 1e-9);
        for (int i = 0; i < n; i++) {
            double *at = bsearch(&y[2 * i + c], sorted, n, sizeof *sorted, by_value);
            double rank = (at - sorted) / (double)MAX(1, n - 1), place = (y[2 * i + c] - least) / (most - least);

            positions[2 * i + c] = (float)(MARGIN + (1 - 2 * MARGIN) * (0.5 * place + 0.5 * rank));
        }
    }
}

static void spread(float *positions, int n)
{
    for (int step = 0; step < SPREADINGS; step++) {
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                float *a = positions + 2 * i, *b = positions + 2 * k;
                double dx = a[0] - b[0], dy = a[1] - b[1], d = hypot(dx, dy), push;

                if (d >= PST_LAYOUT_APART)
                    continue;
                push = 0.26 * (PST_LAYOUT_APART - d) / MAX(d, 1e-6);
                /* Two in one place part along a direction of their own. */
                dx = d > 1e-6 ? dx : 1e-6 * cos(i);
                dy = d > 1e-6 ? dy : 1e-6 * sin(i);
                a[0] = (float)CLAMP(a[0] + push * dx, 0, 1);
                a[1] = (float)CLAMP(a[1] + push * dy, 0, 1);
                b[0] = (float)CLAMP(b[0] - push * dx, 0, 1);
                b[1] = (float)CLAMP(b[1] - push * dy, 0, 1);
            }
        }
    }
}

void pst_map_layout(const float *rows, int n, int width, double perplexity, int steps, float *positions)
{
    g_autofree double *p = affinities(rows, n, width, MIN(perplexity, (n - 1) / 3.0 + 1));
    g_autofree double *y = g_new(double, (gsize)n * 2), *speed = g_new0(double, (gsize)n * 2);
    g_autofree double *q = g_new(double, (gsize)n *n);
    PstRandom random = pst_random_at(1, 0, 0);

    for (int i = 0; i < 2 * n; i++)
        y[i] = 1e-2 * pst_random_normal(&random);
    for (int step = 0; step < steps; step++) {
        gboolean early = step < steps / 4;

        descend(p, n, early ? EXAGGERATION : 1, early ? 0.5 : 0.8, y, speed, q);
    }
    fit_square(y, n, positions);
    spread(positions, n);
}
