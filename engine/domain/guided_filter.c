#include "guided_filter.h"

#include <math.h>
#include <string.h>

/* Means over windows along `n` pixels that are `step` floats apart. Sums run in double: what is taken away again is
 * gone. `copy` has room for n floats. */
static void mean_line(float *line, int n, gsize step, int radius, float *copy)
{
    double sum = 0;
    int count = 0;

    for (int i = 0; i < n; i++)
        copy[i] = line[i * step];
    for (int i = 0; i < MIN(radius, n); i++, count++)
        sum += copy[i];
    for (int i = 0; i < n; i++) {
        if (i + radius < n) {
            sum += copy[i + radius];
            count++;
        }
        if (i - radius - 1 >= 0) {
            sum -= copy[i - radius - 1];
            count--;
        }
        line[i * step] = (float)(sum / count);
    }
}

void pst_box_mean(PstMap *map, int radius)
{
    g_autofree float *copy = g_new(float, MAX(map->width, map->height));
    gsize row = (gsize)map->width * map->channels;

    for (int y = 0; y < map->height; y++) {
        for (int c = 0; c < map->channels; c++)
            mean_line(map->data + y * row + c, map->width, (gsize)map->channels, radius, copy);
    }
    for (gsize x = 0; x < row; x++)
        mean_line(map->data + x, map->height, row, radius, copy);
}

/* Solves the symmetric, positive system s x = y of n unknowns by Gauss's elimination; s and y are used up. */
static void solve(double s[PST_GUIDE_MOST][PST_GUIDE_MOST], double y[PST_GUIDE_MOST], int n)
{
    for (int k = 0; k < n; k++) {
        for (int i = k + 1; i < n; i++) {
            double share = s[i][k] / s[k][k];

            for (int j = k; j < n; j++)
                s[i][j] -= share * s[k][j];
            y[i] -= share * y[k];
        }
    }
    for (int k = n - 1; k >= 0; k--) {
        for (int j = k + 1; j < n; j++)
            y[k] -= s[k][j] * y[j];
        y[k] /= s[k][k];
    }
}

/* The products of the channels of the guide with each other and with those of the picture, their means, and the means
 * of both: [g (g + 1) / 2][p g][g][p]. */
static PstMap mean_products(const PstMap *guide, const PstMap *picture, int radius)
{
    int g = guide->channels, p = picture->channels;
    PstMap products = pst_map_new(guide->height, guide->width, g * (g + 1) / 2 + p * g + g + p);
    float *to = products.data;

    for (gsize i = 0; i < (gsize)guide->height * guide->width; i++) {
        const float *x = guide->data + i * g, *y = picture->data + i * p;

        for (int a = 0; a < g; a++) {
            for (int b = a; b < g; b++)
                *to++ = x[a] * x[b];
        }
        for (int a = 0; a < p; a++) {
            for (int b = 0; b < g; b++)
                *to++ = y[a] * x[b];
        }
        memcpy(to, x, g * sizeof *to);
        memcpy(to + g, y, p * sizeof *to);
        to += g + p;
    }
    pst_box_mean(&products, radius);
    return products;
}

static void fit_pixel(const float *products, int g, int p, float epsilon, float *coefficients)
{
    const float *cross = products + g * (g + 1) / 2, *mean = cross + p * g, *target = mean + g;

    for (int k = 0; k < p; k++) {
        double s[PST_GUIDE_MOST][PST_GUIDE_MOST], y[PST_GUIDE_MOST], offset = target[k];
        int next = 0;

        for (int a = 0; a < g; a++) {
            y[a] = (double)cross[k * g + a] - (double)target[k] * mean[a];
            for (int b = a; b < g; b++)
                s[a][b] = s[b][a] = (double)products[next++] - (double)mean[a] * mean[b];
            s[a][a] += epsilon;
        }
        solve(s, y, g);
        for (int a = 0; a < g; a++) {
            coefficients[k * (g + 1) + a] = (float)y[a];
            offset -= y[a] * mean[a];
        }
        coefficients[k * (g + 1) + g] = (float)offset;
    }
}

PstMap pst_guided_coefficients(const PstMap *guide, const PstMap *picture, int radius, float epsilon)
{
    int g = guide->channels, p = picture->channels;
    PstMap products = mean_products(guide, picture, radius);
    PstMap coefficients = pst_map_new(guide->height, guide->width, p * (g + 1));

    for (gsize i = 0; i < (gsize)guide->height * guide->width; i++) {
        fit_pixel(products.data + i * products.channels, g, p, epsilon, coefficients.data + i * coefficients.channels);
    }
    pst_map_clear(&products);
    pst_box_mean(&coefficients, radius);
    return coefficients;
}

PstMap pst_guided_apply(const PstMap *coefficients, const PstMap *guide)
{
    int g = guide->channels, p = coefficients->channels / (g + 1);
    PstMap result = pst_map_new(guide->height, guide->width, p);

    for (gsize i = 0; i < (gsize)guide->height * guide->width; i++) {
        const float *x = guide->data + i * g, *c = coefficients->data + i * coefficients->channels;

        for (int k = 0; k < p; k++, c += g + 1) {
            float sum = c[g];

            for (int a = 0; a < g; a++)
                sum += c[a] * x[a];
            result.data[i * p + k] = sum;
        }
    }
    return result;
}
