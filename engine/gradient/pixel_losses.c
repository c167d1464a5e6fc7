#include "losses.h"

#include "vector.h"

#include <math.h>

#define CALM_SIDE      8    /* of the squares that colours are averaged over */
#define CALM_REACH     4    /* squares */
#define CALM_DEVIATION 0.02 /* between neighbours that count as alike */
#define GRID_PERIOD    8    /* the generator doubles sizes three times */
#define GRID_EPSILON   1e-6

/* ---- calm ----------------------------------------------------------------------------------- */

static PstMap squares_of(const PstMap *rgb)
{
    PstMap squares = pst_map_new(rgb->height / CALM_SIDE, rgb->width / CALM_SIDE, 3);

    for (gsize i = 0; i < pst_map_size(&squares); i++) {
        squares.data[i] = 0;
    }
    for (int y = 0; y < squares.height * CALM_SIDE; y++) {
        const float *row = pst_map_at(rgb, y, 0);

        for (int x = 0; x < squares.width * CALM_SIDE; x++) {
            float *mean = pst_map_at(&squares, y / CALM_SIDE, x / CALM_SIDE);

            for (int c = 0; c < 3; c++) {
                mean[c] += row[3 * x + c] / (CALM_SIDE * CALM_SIDE);
            }
        }
    }
    return squares;
}

static double distance(const float *a, const float *b)
{
    double sum = 0;

    for (int c = 0; c < 3; c++) {
        sum += ((double)a[c] - b[c]) * ((double)a[c] - b[c]);
    }
    return sum;
}

/* Mean over all pairs of squares that are (dy, dx) apart; puts `weight` times its gradient into d. */
static double calm_pairs(const PstMap *squares, const PstMap *photo, int dy, int dx, double weight, PstMap *d)
{
    int pairs = MAX(0, squares->height - dy) * MAX(0, squares->width - dx);
    double sum = 0;

    for (int y = 0; y < squares->height - dy; y++) {
        for (int x = 0; x < squares->width - dx; x++) {
            const float *a = pst_map_at(squares, y, x), *b = pst_map_at(squares, y + dy, x + dx);
            float *da = pst_map_at(d, y, x), *db = pst_map_at(d, y + dy, x + dx);
            double change = distance(pst_map_at(photo, y, x), pst_map_at(photo, y + dy, x + dx));
            double alike = 1 / (1 + change / (CALM_DEVIATION * CALM_DEVIATION));

            sum += alike * distance(a, b);
            for (int c = 0; c < 3; c++) {
                float g = (float)(2 * weight / pairs * alike) * (b[c] - a[c]);

                db[c] += g;
                da[c] -= g;
            }
        }
    }
    return sum / MAX(1, pairs);
}

static void spread_squares(const PstMap *d, PstMap *drgb)
{
    for (int y = 0; y < d->height * CALM_SIDE; y++) {
        float *row = pst_map_at(drgb, y, 0);

        for (int x = 0; x < d->width * CALM_SIDE; x++) {
            const float *g = pst_map_at(d, y / CALM_SIDE, x / CALM_SIDE);

            for (int c = 0; c < 3; c++) {
                row[3 * x + c] += g[c] / (CALM_SIDE * CALM_SIDE);
            }
        }
    }
}

double pst_loss_calm(const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb)
{
    PstMap squares = squares_of(rgb), photo_squares = squares_of(photo);
    PstMap d = pst_map_new(squares.height, squares.width, 3);
    double loss = 0;

    for (gsize i = 0; i < pst_map_size(&d); i++) {
        d.data[i] = 0;
    }
    for (int apart = 1; apart <= CALM_REACH; apart *= 2) {
        loss += (calm_pairs(&squares, &photo_squares, 0, apart, weight / 2, &d) +
                 calm_pairs(&squares, &photo_squares, apart, 0, weight / 2, &d)) /
                2;
    }
    spread_squares(&d, drgb);
    pst_map_clear(&squares);
    pst_map_clear(&photo_squares);
    pst_map_clear(&d);
    return loss;
}

/* ---- grid ----------------------------------------------------------------------------------- */

/* Squared differences between the floats of a row and those `next` further on in memory, added up for each phase.
 * Where `columns`, the phase is that of the pixel, else all are of phase 0. */
static void grid_sums(const float *row, int pixels, gsize next, gboolean columns, double *sum)
{
    for (int x = 0; x < pixels; x++) {
        double *s = sum + (columns ? x % GRID_PERIOD : 0);

        for (int c = 0; c < 3; c++) {
            float d = row[3 * x + c + next] - row[3 * x + c];

            *s += (double)d * d;
        }
    }
}

/* The way back, given the factor of each phase. */
static void grid_spread(const float *row, float *drow, int pixels, gsize next, gboolean columns, const float *factor)
{
    for (int x = 0; x < pixels; x++) {
        float f = factor[columns ? x % GRID_PERIOD : 0];

        for (int c = 0; c < 3; c++) {
            float g = f * (row[3 * x + c + next] - row[3 * x + c]);

            drow[3 * x + c + next] += g;
            drow[3 * x + c] -= g;
        }
    }
}

/* One direction: columns compares neighbours in a row, else in a column. */
static double grid(const PstMap *rgb, gboolean columns, double weight, PstMap *drgb)
{
    int height = rgb->height - !columns, width = rgb->width - columns;
    gsize next = columns ? 3 : (gsize)3 * rgb->width;
    double energy[GRID_PERIOD] = { 0 }, count[GRID_PERIOD], mean = 0, loss = 0;
    float factor[GRID_PERIOD];

    for (int y = 0; y < height; y++) {
        grid_sums(pst_map_at(rgb, y, 0), width, next, columns, energy + (columns ? 0 : y % GRID_PERIOD));
    }
    for (int p = 0; p < GRID_PERIOD; p++) {
        int length = columns ? width : height, lines = (length - p + GRID_PERIOD - 1) / GRID_PERIOD;

        count[p] = 3.0 * lines * (columns ? height : width);
        energy[p] = energy[p] / count[p] + GRID_EPSILON;
        mean += energy[p] / GRID_PERIOD;
    }
    for (int p = 0; p < GRID_PERIOD; p++) {
        loss += pow(energy[p] / mean - 1, 2) / GRID_PERIOD;
    }
    for (int p = 0; p < GRID_PERIOD; p++) {
        double slope = 2 * (energy[p] / mean - 1 - loss) / (GRID_PERIOD * mean);

        factor[p] = (float)(weight * slope * 2 / count[p]);
    }
    for (int y = 0; y < height; y++) {
        grid_spread(pst_map_at(rgb, y, 0), pst_map_at(drgb, y, 0), width, next, columns,
                    factor + (columns ? 0 : y % GRID_PERIOD));
    }
    return loss;
}

double pst_loss_grid(const PstMap *rgb, double weight, PstMap *drgb)
{
    return (grid(rgb, TRUE, weight / 2, drgb) + grid(rgb, FALSE, weight / 2, drgb)) / 2;
}

/* ---- single values ------------------------------------------------------------------------- */

PST_VECTOR double pst_loss_pixels(const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb)
{
    gsize n = pst_map_size(rgb);
    float step = (float)(weight / n);
    double loss = 0;

    for (gsize i = 0; i < n; i++) {
        float d = rgb->data[i] - photo->data[i];

        loss += fabsf(d);
        drgb->data[i] += d > 0 ? step : d < 0 ? -step : 0;
    }
    return loss / n;
}

PST_VECTOR double pst_loss_range(const PstMap *rgb, double weight, PstMap *drgb)
{
    gsize n = pst_map_size(rgb);
    float factor = (float)(2 * weight / n);
    double loss = 0;

    for (gsize i = 0; i < n; i++) {
        float v = rgb->data[i], over = MAX(0, v - 1) + MIN(0, v);

        loss += (double)over * over;
        drgb->data[i] += factor * over;
    }
    return loss / n;
}
