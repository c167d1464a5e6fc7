#include "neighbours.h"

#include "blas.h"
#include "kernels.h"

#include <math.h>

/* A block of similarities stays in the second cache. */
#define QUERIES    64
#define CANDIDATES 512

gsize pst_neighbours_scratch(void)
{
    return (QUERIES + 2) * CANDIDATES;
}

static void clear(const PstNeighbours *neighbours, int count)
{
    for (int i = 0; i < count; i++) {
        neighbours->index[i] = 0;
        neighbours->similarity[i] = -INFINITY;
    }
}

void pst_neighbours_find(const float *queries, int count, const float *candidates, int candidate_count, int channels,
                         const PstNeighbours *forwards, const PstNeighbours *backwards, float *scratch)
{
    const PstKernels *kernels = pst_kernels();

    clear(forwards, count);
    clear(backwards, candidate_count);
    for (int c = 0; c < candidate_count; c += CANDIDATES) {
        int columns = MIN(CANDIDATES, candidate_count - c);

        for (int q = 0; q < count; q += QUERIES) {
            int rows = MIN(QUERIES, count - q);

            pst_blas_gemm(CblasNoTrans, CblasTrans, rows, columns, channels, 1, queries + (gsize)q * channels, channels,
                          candidates + (gsize)c * channels, channels, 0, scratch, columns);
            kernels->largest_of_rows(scratch, rows, columns, c, forwards->similarity + q, forwards->index + q);
            kernels->largest_of_columns(scratch, rows, columns, q, backwards->similarity + c, backwards->index + c);
        }
    }
}

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
