#include "adam.h"
#include "nearest.h"
#include "unsigned_half.h"
#include "reference.h"

#include <math.h>
#include <string.h>

void pst_reference_max_pool(const PstMap *x, PstMap *y)
{
    for (int row = 0; row < y->height; row++)
        for (int column = 0; column < y->width; column++)
            for (int c = 0; c < y->channels; c++) {
                float maximum = pst_map_at(x, 2 * row, 2 * column)[c];
                for (int i = 1; i < 4; i++)
                    maximum = MAX(maximum, pst_map_at(x, 2 * row + i / 2, 2 * column + i % 2)[c]);
                pst_map_at(y, row, column)[c] = maximum;
            }
}

void pst_reference_max_pool_gradient(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx)
{
    memset(dx->data, 0, pst_map_size(dx) * sizeof(float));
    for (int row = 0; row < y->height; row++)
        for (int column = 0; column < y->width; column++)
            for (int c = 0; c < y->channels; c++)
                for (int i = 0; i < 4; i++)
                    if (pst_map_at(x, 2 * row + i / 2, 2 * column + i % 2)[c] == pst_map_at(y, row, column)[c]) {
                        pst_map_at(dx, 2 * row + i / 2, 2 * column + i % 2)[c] = pst_map_at(dy, row, column)[c];
                        break;
                    }
}

void pst_reference_upsample(const PstMap *x, PstMap *y)
{
    for (int row = 0; row < y->height; row++)
        for (int column = 0; column < y->width; column++)
            for (int c = 0; c < y->channels; c++)
                pst_map_at(y, row, column)[c] = pst_map_at(x, MIN(row / 2, x->height - 1),
                                                           MIN(column / 2, x->width - 1))[c];
}

void pst_reference_upsample_gradient(const PstMap *dy, PstMap *dx)
{
    memset(dx->data, 0, pst_map_size(dx) * sizeof(float));
    for (int row = 0; row < dy->height; row++)
        for (int column = 0; column < dy->width; column++)
            for (int c = 0; c < dy->channels; c++)
                pst_map_at(dx, MIN(row / 2, dx->height - 1),
                           MIN(column / 2, dx->width - 1))[c] += pst_map_at(dy, row, column)[c];
}

void pst_reference_pointwise(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                             int first, int rows)
{
    for (int row = first; row < first + rows; row++)
        for (int column = 0; column < x->width; column++)
            for (int o = 0; o < y->channels; o++) {
                double sum = bias != NULL ? bias[o] : 0;
                for (int i = 0; i < x->channels; i++)
                    sum += (double)weight[o * x->channels + i] * pst_map_at(x, row, column)[i];
                float *target = pst_map_at(y, row, column) + o;
                *target = (float)(accumulate ? *target + sum : sum);
            }
}

void pst_reference_adam_step(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                             float beta1, float beta2, float eps)
{
    double correction1 = 1 - pow(beta1, step), correction2 = 1 - pow(beta2, step);
    for (gsize i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
        v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
        weights[i] -= (float)(rate * (m[i] / correction1) / (sqrt(v[i] / correction2) + eps));
    }
}

void pst_reference_halves_from_floats(const float *floats, gsize n, guint16 *halves)
{
    for (gsize i = 0; i < n; i++) {
        int exponent;
        float fraction = frexpf(floats[i] > 0 ? MIN(floats[i], PST_UNSIGNED_HALF_LARGEST) : 0, &exponent);
        /* In 1/2048 of the power of two below the value. The default rounding is to nearest, ties to even. */
        int code = (int)lrintf(fraction * 4096) - 2048 + (exponent - 1 + 22) * 2048;
        halves[i] = (guint16)(fraction > 0 ? MAX(code, 0) : 0);
    }
}

void pst_reference_halves_to_floats(const guint16 *halves, gsize n, float *floats)
{
    for (gsize i = 0; i < n; i++)
        floats[i] = halves[i] == 0 ? 0 : ldexpf(1 + (halves[i] % 2048) / 2048.0f, halves[i] / 2048 - 22);
}

void pst_reference_pull(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                        float *gradient, double sums[2])
{
    for (gsize p = 0; p < places; p++, x += channels, gradient += channels) {
        const float *v = pull->vectors + (gsize)index[p] * channels;
        double squares = 0, product = 0, long_v = pull->lengths[index[p]];
        for (int c = 0; c < channels; c++) {
            double a = x[c] - pull->centre[c];
            squares += a * a;
            product += a * v[c];
        }
        double length = MAX(sqrt(squares), PST_NEIGHBOURS_SHORTEST), cosine = product / length;
        sums[0] += 1 - cosine;
        sums[1] += squares - 2 * long_v * product + long_v * long_v;
        for (int c = 0; c < channels; c++) {
            double a = x[c] - pull->centre[c];
            double near = (a / length * cosine - v[c]) / length, apart = 2 * (a - long_v * v[c]);
            gradient[c] += (float)(pull->near * near + pull->apart * apart + pull->scale[c] * a + pull->offset[c]);
        }
    }
}

void pst_reference_nearest_pack(const float *candidates, int candidate_count, int channels, gint16 *table)
{
    for (gsize i = 0; i < (gsize)candidate_count * channels; i++)
        table[i] = (gint16)rintf(PST_NEAREST_CANDIDATE_ONE * candidates[i]);
}

void pst_reference_nearest(const float *queries, int count, const gint16 *table, int candidate_count, int channels,
                           int *index)
{
    for (int i = 0; i < count; i++) {
        int most = G_MININT;
        for (int j = 0; j < candidate_count; j++) {
            int product = 0;
            for (int c = 0; c < channels; c++)
                product += (int)rintf(PST_NEAREST_QUERY_ONE * queries[(gsize)i * channels + c]) *
                           table[(gsize)j * channels + c];
            if (product > most) {
                most = product;
                index[i] = j;
            }
        }
    }
}
