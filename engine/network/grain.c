#include "grain.h"

#include "engine/kernel/line_noise.h"

#include <math.h>

/* Steadiness. Of 24 paintings, most of those above ALL had 2 to 9 % less style loss with grain; flat ones, below FEW,
 * had more. */
#define FEW 0.80f
#define ALL 0.88f
/* Strength. A misty sky, at the lower end, became blotchy. Two drawings in black lines, stronger than STARK, had 7 %
 * less style loss, too. */
#define FAINT    2.5f
#define STRONG   4.0f
#define LINED    13.0f
#define STARK    15.0f
#define OF_LINES 0.4f /* of the most that steady styles get */

#define STEP   PST_LINE_NOISE_STEP
#define PIECE  128 /* pixels at a time */
#define PLACES (PIECE / STEP + 1)
/* Deviation of the sums and of interpolated values: measured, in all directions within 8 %. */
#define DEVIATION_OF_SUMS 2.05f

/* From 0 at `from` to 1 at `to`. */
static float rise(float value, float from, float to)
{
    return CLAMP((value - from) / (to - from), 0, 1);
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
    float strength = sqrtf(squares), brushed = rise(steady, FEW, ALL) * rise(strength, FAINT, STRONG);

    return PST_GRAIN_MOST * MAX(brushed, OF_LINES * rise(strength, LINED, STARK));
}

/* The noise at every STEP-th column from `left` on. */
static void gather(const PstGrain *grain, int row, int left, float sums[PLACES])
{
    gint32 down[PLACES], right[PLACES];

    pst_flow_directions(grain->flow, row, left, STEP, PLACES, STEP * PST_LINE_NOISE_UNIT, down, right);
    pst_line_noise(grain->row + row, grain->column + left, PLACES, down, right, sums);
}

/* The same for any row, interpolated between multiples of STEP; `left` is a multiple of STEP. */
static void gather_between(const PstGrain *grain, int row, int left, float sums[PLACES])
{
    float share = (float)(row % STEP) / STEP, below[PLACES];

    gather(grain, row - row % STEP, left, sums);
    if (share > 0) {
        gather(grain, row - row % STEP + STEP, left, below);
        for (int i = 0; i < PLACES; i++) {
            sums[i] += share * (below[i] - sums[i]);
        }
    }
}

void pst_grain_row(const PstGrain *grain, int row, int left, int count, float *rgb)
{
    float sums[PLACES], scale = grain->deviation / DEVIATION_OF_SUMS;

    if (grain->deviation == 0) {
        return;
    }
    for (int piece = left - left % STEP; piece < left + count; piece += PIECE) {
        gather_between(grain, row, piece, sums);
        for (int x = MAX(piece, left); x < MIN(piece + PIECE, left + count); x++) {
            int place = (x - piece) / STEP;
            float value = scale * (sums[place] + (float)(x % STEP) / STEP * (sums[place + 1] - sums[place]));

            for (int c = 0; c < 3; c++) {
                rgb[3 * (x - left) + c] += value;
            }
        }
    }
}
