#include "logistic.h"

#include "engine/kernel/blas.h"
#include "engine/kernel/map.h"

#include <math.h>
#include <string.h>

#define STEPS     400
#define TOLERANCE 1e-4 /* largest change of a weight in a step, relative to the largest weight */
#define POWERS    30   /* of the power method */

PstLogistic *pst_logistic_new(int in, int classes)
{
    PstLogistic *logistic = g_new0(PstLogistic, 1);

    logistic->in = in;
    logistic->classes = classes;
    logistic->weight = g_new0(float, (gsize)in *classes);
    logistic->bias = g_new0(float, classes);
    return logistic;
}

void pst_logistic_free(PstLogistic *logistic)
{
    if (!logistic)
        return;
    g_free(logistic->weight);
    g_free(logistic->bias);
    g_free(logistic);
}

static void softmax(float *values, int n)
{
    float largest = values[0], sum = 0;

    for (int i = 1; i < n; i++)
        largest = MAX(largest, values[i]);
    for (int i = 0; i < n; i++)
        sum += values[i] = expf(values[i] - largest);
    for (int i = 0; i < n; i++)
        values[i] /= sum;
}

/* Rows with a 1 after them, so that the bias is a weight like others, but not penalised. */
static float *extend(const float *rows, int n, int in)
{
    float *extended = pst_floats_new((gsize)n * (in + 1));

    for (int i = 0; i < n; i++) {
        memcpy(extended + (gsize)i * (in + 1), rows + (gsize)i * in, in * sizeof(float));
        extended[(gsize)i * (in + 1) + in] = 1;
    }
    return extended;
}

/* The largest eigenvalue of X'X / n. */
static double largest_eigenvalue(const float *x, int n, int width)
{
    g_autofree float *v = g_new(float, width), *y = g_new(float, n);
    double length = 0;

    for (int i = 0; i < width; i++)
        v[i] = 1 / sqrtf((float)width);
    for (int k = 0; k < POWERS; k++) {
        cblas_sgemv(CblasRowMajor, CblasNoTrans, n, width, 1, x, width, v, 1, 0, y, 1);
        cblas_sgemv(CblasRowMajor, CblasTrans, n, width, 1.0f / (float)n, x, width, y, 1, 0, v, 1);
        length = cblas_snrm2(width, v, 1);
        if (length <= 0)
            return 0;
        cblas_sscal(width, (float)(1 / length), v, 1);
    }
    return length;
}

typedef struct {
    const float *x; /* [n][width] */
    const int *labels;
    int n, width, classes;
    float decay;     /* of weights: penalty / n */
    float *scores;   /* [n][classes] */
    float *gradient; /* [classes][width] */
} Problem;

static void find_gradient(const Problem *p, const float *w)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, p->n, p->classes, p->width, 1, p->x, p->width, w, p->width, 0,
                p->scores, p->classes);
    for (int i = 0; i < p->n; i++) {
        softmax(p->scores + (gsize)i * p->classes, p->classes);
        p->scores[(gsize)i * p->classes + p->labels[i]] -= 1;
    }
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, p->classes, p->width, p->n, 1.0f / (float)p->n, p->scores,
                p->classes, p->x, p->width, 0, p->gradient, p->width);
    for (int k = 0; k < p->classes; k++) {
        for (int i = 0; i < p->width - 1; i++)
            p->gradient[(gsize)k * p->width + i] += p->decay * w[(gsize)k * p->width + i];
    }
}

/* Moves w; FALSE when cancelled. */
static gboolean descend(const Problem *p, float step, float *w, GCancellable *cancellable, GError **error)
{
    gsize size = (gsize)p->classes * p->width;
    g_autofree float *ahead = g_memdup2(w, size * sizeof *w);
    double momentum = 1;

    for (int k = 0; k < STEPS; k++) {
        double next = (1 + sqrt(1 + 4 * momentum * momentum)) / 2, uphill = 0, change = 0, largest = 1e-3;

        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        find_gradient(p, ahead);
        for (gsize i = 0; i < size; i++) {
            float moved = ahead[i] - step * p->gradient[i], by = moved - w[i];

            uphill += (double)p->gradient[i] * by;
            change = MAX(change, fabsf(by));
            largest = MAX(largest, fabsf(moved));
            ahead[i] = moved + (float)((momentum - 1) / next) * by;
            w[i] = moved;
        }
        if (uphill > 0) {
            memcpy(ahead, w, size * sizeof *w);
            next = 1;
        }
        momentum = next;
        if (change < TOLERANCE * largest)
            break;
    }
    return TRUE;
}

PstLogistic *pst_logistic_fit(const float *rows, const int *labels, int n, int in, int classes, double penalty,
                              GCancellable *cancellable, GError **error)
{
    float *x = extend(rows, n, in);
    Problem problem = { x, labels, n, in + 1, classes, (float)(penalty / n), NULL, NULL };
    g_autofree float *w = g_new0(float, (gsize)classes *problem.width);
    g_autoptr(PstLogistic) logistic = pst_logistic_new(in, classes);
    double curvature;
    gboolean done;

    pst_blas_prepare();
    problem.scores = g_new(float, (gsize)n *classes);
    problem.gradient = g_new(float, (gsize)classes *problem.width);
    /* Half of it is the most that the softmax leaves. */
    curvature = largest_eigenvalue(x, n, problem.width) / 2 + problem.decay;
    done = descend(&problem, (float)(1 / MAX(curvature, 1e-9)), w, cancellable, error);
    for (int k = 0; k < classes; k++) {
        memcpy(logistic->weight + (gsize)k * in, w + (gsize)k * problem.width, in * sizeof *w);
        logistic->bias[k] = w[(gsize)k * problem.width + in];
    }
    g_free(problem.scores);
    g_free(problem.gradient);
    pst_floats_free(x);
    return done ? g_steal_pointer(&logistic) : NULL;
}

void pst_logistic_apply(const PstLogistic *logistic, const float *row, float *probabilities)
{
    pst_blas_prepare();
    memcpy(probabilities, logistic->bias, logistic->classes * sizeof *probabilities);
    cblas_sgemv(CblasRowMajor, CblasNoTrans, logistic->classes, logistic->in, 1, logistic->weight, logistic->in, row, 1,
                1, probabilities, 1);
    softmax(probabilities, logistic->classes);
}

int pst_logistic_choose(const PstLogistic *logistic, const float *row)
{
    g_autofree float *probabilities = g_new(float, logistic->classes);
    int best = 0;

    pst_logistic_apply(logistic, row, probabilities);
    for (int k = 1; k < logistic->classes; k++)
        best = probabilities[k] > probabilities[best] ? k : best;
    return best;
}
