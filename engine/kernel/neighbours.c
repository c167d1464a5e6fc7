#include "neighbours.h"

#include "kernels.h"

#include <math.h>

void pst_neighbours_pull(const float *x, const int *index, gsize places, int channels, const PstPull *pull,
                         float *gradient, double sums[2])
{
    pst_kernels()->pull(x, index, places, channels, pull, gradient, sums);
}

void pst_neighbours_unit(const float *features, const int *rows, int count, int channels, const float *centre,
                         float *unit, float *inverse_length)
{
    for (int i = 0; i < count; i++, unit += channels) {
        const float *row = features + (gsize)(rows ? rows[i] : i) * channels;
        float squares = 0, inverse;

        for (int c = 0; c < channels; c++) {
            unit[c] = row[c] - centre[c];
            squares += unit[c] * unit[c];
        }
        inverse = 1 / MAX(sqrtf(squares), PST_NEIGHBOURS_SHORTEST);
        for (int c = 0; c < channels; c++) {
            unit[c] *= inverse;
        }
        if (inverse_length) {
            inverse_length[i] = inverse;
        }
    }
}
