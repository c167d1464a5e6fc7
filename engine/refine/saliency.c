#include "saliency.h"

#include <math.h>

#define CENTRE   2 /* pixels around a place */
#define SURROUND 12
#define FLOOR    0.25

/* How far a pixel's features are from the mean of those around it and itself. */
static double energy(const PstMap *f, int y, int x)
{
    int top = MAX(0, y - 1), bottom = MIN(f->height - 1, y + 1);
    int left = MAX(0, x - 1), right = MIN(f->width - 1, x + 1);
    float count = (float)((bottom - top + 1) * (right - left + 1));
    double sum = 0;

    for (int c = 0; c < f->channels; c++) {
        float mean = 0, apart;

        for (int j = top; j <= bottom; j++) {
            for (int i = left; i <= right; i++) {
                mean += pst_map_at(f, j, i)[c];
            }
        }
        apart = pst_map_at(f, y, x)[c] - mean / count;
        sum += apart * apart;
    }
    return sqrt(sum);
}

/* A summed-area table: [y][x] is the sum of what lies above and left of it, [height + 1][width + 1]. */
static double *sum_energies(const PstMap *f)
{
    int stride = f->width + 1;
    double *sums = g_new0(double, (gsize)stride *(f->height + 1));

    for (int y = 0; y < f->height; y++) {
        double row = 0;

        for (int x = 0; x < f->width; x++) {
            row += energy(f, y, x);
            sums[(gsize)(y + 1) * stride + x + 1] = sums[(gsize)y * stride + x + 1] + row;
        }
    }
    return sums;
}

/* The mean over a place and `reach` pixels around it. */
static double mean_around(const double *sums, int height, int width, int y, int x, int reach)
{
    int stride = width + 1;
    int top = MAX(0, 2 * y - reach), bottom = MIN(height, 2 * y + 2 + reach);
    int left = MAX(0, 2 * x - reach), right = MIN(width, 2 * x + 2 + reach);
    double sum = sums[(gsize)bottom * stride + right] - sums[(gsize)top * stride + right] -
                 sums[(gsize)bottom * stride + left] + sums[(gsize)top * stride + left];

    return sum / ((bottom - top) * (right - left));
}

float *pst_saliency(const PstMap *f)
{
    int height = f->height / 2, width = f->width / 2;
    g_autofree double *sums = sum_energies(f);
    double all = sums[(gsize)(f->width + 1) * (f->height + 1) - 1] / ((double)f->height * f->width), total = 0;
    float *saliency = g_new(float, (gsize)height *width);

    for (int i = 0; i < height * width; i++) {
        double surround = mean_around(sums, f->height, f->width, i / width, i % width, SURROUND) + FLOOR * all;
        double ratio = mean_around(sums, f->height, f->width, i / width, i % width, CENTRE) / MAX(surround, 1e-12);

        saliency[i] = (float)(ratio * ratio);
        total += saliency[i];
    }
    for (int i = 0; i < height * width; i++) {
        saliency[i] = total > 0 ? (float)(saliency[i] * height * width / total) : 1;
    }
    return saliency;
}
