#include "ridge.h"

#include <math.h>

/* Solves A w = b for each row b of B [out][in], in place, A [in][in] symmetric and positive definite: Cholesky. */
static void solve(double *a, int in, double *b, int out)
{
    for (int i = 0; i < in; i++) {
        double *row = a + (gsize)i * in;

        for (int k = 0; k <= i; k++) {
            const double *other = a + (gsize)k * in;
            double sum = row[k];

            for (int j = 0; j < k; j++)
                sum -= row[j] * other[j];
            row[k] = i == k ? sqrt(MAX(sum, 1e-12)) : sum / other[k];
        }
    }
    for (int o = 0; o < out; o++) {
        double *v = b + (gsize)o * in;

        for (int i = 0; i < in; i++) {
            for (int j = 0; j < i; j++)
                v[i] -= a[(gsize)i * in + j] * v[j];
            v[i] /= a[(gsize)i * in + i];
        }
        for (int i = in - 1; i >= 0; i--) {
            for (int j = i + 1; j < in; j++)
                v[i] -= a[(gsize)j * in + i] * v[j];
            v[i] /= a[(gsize)i * in + i];
        }
    }
}

void pst_ridge(const float *features, const float *targets, const float *weights, int n, int in, int out,
               const float *penalties, float *coefficients)
{
    g_autofree double *a = g_new0(double, (gsize)in *in), *b = g_new0(double, (gsize)out *in);

    for (int row = 0; row < n; row++) {
        const float *f = features + (gsize)row * in, *t = targets + (gsize)row * out;
        double weight = weights ? weights[row] : 1;

        for (int i = 0; i < in; i++) {
            if (f[i] == 0)
                continue;
            for (int k = 0; k <= i; k++)
                a[(gsize)i * in + k] += weight * f[i] * f[k];
            for (int o = 0; o < out; o++)
                b[(gsize)o * in + i] += weight * f[i] * t[o];
        }
    }
    for (int i = 0; i < in; i++)
        a[(gsize)i * in + i] += penalties[i];
    solve(a, in, b, out);
    for (gsize i = 0; i < (gsize)out * in; i++)
        coefficients[i] = (float)b[i];
}
