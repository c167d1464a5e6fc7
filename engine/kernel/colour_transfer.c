#include "colour_transfer.h"

#include <math.h>
#include <string.h>

#define NOISE 1e-4 /* of RGB */

PstColourMoments pst_colour_moments(const PstMap *rgb)
{
    PstColourMoments m = { 0 };
    gsize pixels = (gsize)rgb->height * rgb->width;

    for (gsize i = 0; i < 3 * pixels; i++) {
        m.mean[i % 3] += rgb->data[i] / pixels;
    }
    for (gsize i = 0; i < pixels; i++) {
        const float *p = rgb->data + 3 * i;

        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                m.covariance[a][b] += (p[a] - m.mean[a]) * (p[b] - m.mean[b]) / pixels;
            }
        }
    }
    return m;
}

void pst_colour_moments_join(PstColourMoments *m, int count, const PstColourMoments *more)
{
    double share = 1.0 / (count + 1), apart[3];

    for (int a = 0; a < 3; a++) {
        apart[a] = more->mean[a] - m->mean[a];
    }
    for (int a = 0; a < 3; a++) {
        m->mean[a] += share * apart[a];
        for (int b = 0; b < 3; b++) {
            m->covariance[a][b] = (1 - share) * m->covariance[a][b] + share * more->covariance[a][b] +
                                  share * (1 - share) * apart[a] * apart[b];
        }
    }
}

typedef double Matrix[3][3];

static void multiply(Matrix a, Matrix b, Matrix product)
{
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            product[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
        }
    }
}

/* One rotation of Jacobi's method: clears a[p][q] of a symmetric matrix, and turns the vectors with it. */
static void rotate(Matrix a, Matrix vectors, int p, int q)
{
    double theta, t, c, s;

    if (fabs(a[p][q]) < 1e-15) {
        return;
    }
    theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    c = 1 / sqrt(t * t + 1);
    s = t * c;
    for (int k = 0; k < 3; k++) {
        double x = a[k][p], y = a[k][q];

        a[k][p] = c * x - s * y;
        a[k][q] = s * x + c * y;
    }
    for (int k = 0; k < 3; k++) {
        double x = a[p][k], y = a[q][k];

        a[p][k] = c * x - s * y;
        a[q][k] = s * x + c * y;
    }
    for (int k = 0; k < 3; k++) {
        double x = vectors[k][p], y = vectors[k][q];

        vectors[k][p] = c * x - s * y;
        vectors[k][q] = s * x + c * y;
    }
}

/* A symmetric, positive matrix with change(eigenvalue, parameter) in place of each eigenvalue. */
static void change_values(Matrix matrix, double (*change)(double, double), double parameter, Matrix result)
{
    Matrix a, vectors = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };

    memcpy(a, matrix, sizeof a);
    for (int sweep = 0; sweep < 20; sweep++) {
        rotate(a, vectors, 0, 1);
        rotate(a, vectors, 0, 2);
        rotate(a, vectors, 1, 2);
    }
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            result[i][j] = 0;
            for (int k = 0; k < 3; k++) {
                result[i][j] += vectors[i][k] * change(MAX(a[k][k], 1e-9), parameter) * vectors[j][k];
            }
        }
    }
}

static void power(Matrix matrix, double exponent, Matrix result)
{
    change_values(matrix, pow, exponent, result);
}

static void with_noise(const PstColourMoments *m, double noise, Matrix matrix)
{
    memcpy(matrix, m->covariance, sizeof m->covariance);
    for (int i = 0; i < 3; i++) {
        matrix[i][i] += noise;
    }
}

void pst_colour_transport(const PstColourMoments *from, const PstColourMoments *to, double noise, double most,
                          double map[3][4])
{
    Matrix source, target, root, inverse, inner, outer;

    with_noise(from, noise, source);
    with_noise(to, noise, target);
    power(source, 0.5, root);
    power(source, -0.5, inverse);
    multiply(root, target, outer);
    multiply(outer, root, inner);
    power(inner, 0.5, inner);
    multiply(inverse, inner, outer);
    multiply(outer, inverse, inner);
    change_values(inner, fmin, most, inner);
    for (int c = 0; c < 3; c++) {
        map[c][3] = to->mean[c];
        for (int k = 0; k < 3; k++) {
            map[c][k] = inner[c][k];
            map[c][3] -= inner[c][k] * from->mean[k];
        }
    }
}

void pst_colour_transfer(PstMap *rgb, const PstColourMoments *from, const PstColourMoments *to)
{
    double map[3][4];

    pst_colour_transport(from, to, NOISE, HUGE_VAL, map);
    for (gsize i = 0; i < (gsize)rgb->height * rgb->width; i++) {
        float *p = rgb->data + 3 * i;
        double x[3] = { p[0], p[1], p[2] };

        for (int c = 0; c < 3; c++) {
            double value = map[c][0] * x[0] + map[c][1] * x[1] + map[c][2] * x[2] + map[c][3];

            p[c] = (float)CLAMP(value, 0, 1);
        }
    }
}
