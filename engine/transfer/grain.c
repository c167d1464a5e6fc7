#include "grain.h"

#include <math.h>

/* Steadiness. Among 24 paintings, those below FEW came out further from their style with grain, most above ALL nearer to it. */
#define FEW 0.80f
#define ALL 0.88f
/* Strength. A misty sky, at the lower end, became blotchy. */
#define FAINT  2.5f
#define STRONG 6.0f

/* The standard deviation of value noise between its places is that of the numbers times 26/35 in the mean over a cell, which
 * is what 3t^2 - 2t^3 makes of two dimensions; numbers are uniform in -1 .. 1. */
#define TO_DEVIATION (1.7320508f * 35 / 26)

/* A number in -1 .. 1 for a place of the lattice: the finaliser of MurmurHash3 (Appleby 2011). */
static float number_at(guint32 row, guint32 column)
{
    guint32 h = row * 0x9E3779B1u ^ column * 0x85EBCA77u;

    h = (h ^ (h >> 16)) * 0x85EBCA6Bu;
    h = (h ^ (h >> 13)) * 0xC2B2AE35u;
    h ^= h >> 16;
    return (float)(gint32)h * (1.0f / 2147483648.0f);
}

static float smooth(int place)
{
    float t = (float)place / PST_GRAIN_STEP;

    return t * t * (3 - 2 * t);
}

static float between_rows(int row, int column)
{
    float t = smooth(row % PST_GRAIN_STEP), above = number_at(row / PST_GRAIN_STEP, column);

    return above + t * (number_at(row / PST_GRAIN_STEP + 1, column) - above);
}

float pst_grain_for(const float *statistics)
{
    const float *mean = statistics + pst_style_offset(3), *deviation = mean + PST_STYLE_CHANNELS;
    const float *fine = statistics + pst_style_offset(2) + PST_STYLE_CHANNELS;
    float steady = 0, squares = 0;

    for (int c = 0; c < pst_tap_channels[3]; c++) {
        steady += mean[c] / MAX(deviation[c], 1e-6f) / pst_tap_channels[3];
    }
    for (int c = 0; c < pst_tap_channels[2]; c++) {
        squares += fine[c] * fine[c];
    }
    return PST_GRAIN_MOST * CLAMP((steady - FEW) / (ALL - FEW), 0, 1) *
           CLAMP((sqrtf(squares) - FAINT) / (STRONG - FAINT), 0, 1);
}

void pst_grain_row(int row, int left, int count, float deviation, float *rgb)
{
    float shares[PST_GRAIN_STEP], scale = deviation * TO_DEVIATION;
    int column = left / PST_GRAIN_STEP, place = left % PST_GRAIN_STEP;

    if (deviation == 0) {
        return;
    }
    for (int i = 0; i < PST_GRAIN_STEP; i++) {
        shares[i] = smooth(i);
    }
    float from = scale * between_rows(row, column), to = scale * between_rows(row, column + 1);
    for (int i = 0; i < count; i++) {
        float value = from + shares[place] * (to - from);

        rgb[3 * i] += value;
        rgb[3 * i + 1] += value;
        rgb[3 * i + 2] += value;
        if (++place == PST_GRAIN_STEP) {
            place = 0;
            from = to;
            to = scale * between_rows(row, ++column + 1);
        }
    }
}
