/* The sums of line_noise.h in plain C, which a compiler makes vectors of: no place needs a table or a branch. */
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

static inline guint32 nearest(gint32 place)
{
    const int unit = PST_LINE_NOISE_LATTICE * PST_LINE_NOISE_UNIT;

    /* Lines begin a little outside of the picture; numbers to the left and above are others' as well. */
    return (guint32)(place + unit / 2 + 64 * unit) / unit;
}

static inline void line_noise_sums(int row, int column, int count, const gint32 *restrict down,
                                   const gint32 *restrict right, float *restrict sums)
{
    /* (1 + cos(pi k / 9)) / 2 */
    static const float weights[PST_LINE_NOISE_TAPS + 1] = { 1,    0.96984631f, 0.88302222f, 0.75f,      0.58682409f,
                                                            0.41317591f, 0.25f, 0.11697778f, 0.03015369f };
    const gint32 y = row * PST_LINE_NOISE_UNIT;

    for (int i = 0; i < count; i++) {
        sums[i] = 0;
    }
    for (int k = -PST_LINE_NOISE_TAPS; k <= PST_LINE_NOISE_TAPS; k++) {
        float weight = weights[k < 0 ? -k : k];

        for (int i = 0; i < count; i++) {
            gint32 x = (column + i * PST_LINE_NOISE_STEP) * PST_LINE_NOISE_UNIT;

            sums[i] += weight * number_at(nearest(y + k * down[i]), nearest(x + k * right[i]));
        }
    }
}
