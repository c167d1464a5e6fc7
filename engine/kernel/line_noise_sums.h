/* The sums of line_noise.h in plain C without tables or branches, so that compilers vectorise them. */
#pragma once

#include "line_noise.h"

/* A number in -1 .. 1 for a place of the lattice: the finaliser of MurmurHash3 (Appleby 2011). */
static inline float number_at(guint32 row, guint32 column)
{
    guint32 h = row * 0x9E3779B1u ^ column * 0x85EBCA77u;

    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h ^= h >> 16;
    return (float)(gint32)h * (1.0f / 2147483648.0f);
}

/* The lattice is rotated by 0.602, else lines along the rows would begin and end together. Cosine and sine in 1/256. */
#define COSINE 211u
#define SINE   145u
#define SHIFT  18 /* from rotated units to places of the lattice: 256 * PST_LINE_NOISE_UNIT * PST_LINE_NOISE_LATTICE */
#define BLOCK  16 /* places at a time */

/* Numbers repeat at 2^14 places of the lattice: too far away to be seen. */
static inline guint32 nearest(guint32 place)
{
    return (place + (1u << (SHIFT - 1))) >> SHIFT;
}

static inline void line_noise_sums(int row, int column, int count, const gint32 *restrict down,
                                   const gint32 *restrict right, float *restrict sums)
{
    /* (1 + cos(pi k / 9)) / 2 */
    static const float weights[PST_LINE_NOISE_TAPS + 1] = { 1,     0.96984631f, 0.88302222f,
                                                            0.75f, 0.58682409f, 0.41317591f,
                                                            0.25f, 0.11697778f, 0.03015369f };
    guint32 y[BLOCK], x[BLOCK], dy[BLOCK], dx[BLOCK];
    float sum[BLOCK];

    for (int first = 0; first < count; first += BLOCK) {
        int n = MIN(BLOCK, count - first);

        for (int i = 0; i < BLOCK; i++) {
            guint32 row_units = (guint32)row * PST_LINE_NOISE_UNIT;
            guint32 column_units = (guint32)(column + (first + i) * PST_LINE_NOISE_STEP) * PST_LINE_NOISE_UNIT;
            guint32 to_row = i < n ? (guint32)down[first + i] : 0, to_column = i < n ? (guint32)right[first + i] : 0;

            dy[i] = COSINE * to_row + SINE * to_column;
            dx[i] = COSINE * to_column - SINE * to_row;
            y[i] = COSINE * row_units + SINE * column_units - PST_LINE_NOISE_TAPS * dy[i];
            x[i] = COSINE * column_units - SINE * row_units - PST_LINE_NOISE_TAPS * dx[i];
            sum[i] = 0;
        }
        for (int k = -PST_LINE_NOISE_TAPS; k <= PST_LINE_NOISE_TAPS; k++) {
            float weight = weights[k < 0 ? -k : k];

            for (int i = 0; i < BLOCK; i++) {
                sum[i] += weight * number_at(nearest(y[i]), nearest(x[i]));
                y[i] += dy[i];
                x[i] += dx[i];
            }
        }
        for (int i = 0; i < n; i++) {
            sums[first + i] = sum[i];
        }
    }
}
