#include "noise.h"

#include "guided_filter.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE    PST_NOISE_SIDE
#define STEP    (SIDE / 2)
#define RADIUS  3
#define EPSILON 0.005f /* variance that is no noise */
#define SHARE   3      /* of the windows that are looked at, one in so many */

/* In place, of numbers `step` apart; sign -1 forward, 1 back, neither scaled. Cooley and Tukey 1965. */
static void transform_line(float complex *x, int step, int sign)
{
    for (int i = 1, j = 0; i < SIDE; i++) {
        int bit = SIDE >> 1;

        for (; j & bit; bit >>= 1)
            j ^= bit;
        j |= bit;
        if (i < j) {
            float complex kept = x[i * step];

            x[i * step] = x[j * step];
            x[j * step] = kept;
        }
    }
    for (int length = 2; length <= SIDE; length <<= 1) {
        for (int k = 0; k < length / 2; k++) {
            float complex turn = cexpf((float)sign * 2 * (float)G_PI * I * (float)k / (float)length);

            for (int i = k; i < SIDE; i += length) {
                float complex *low = x + i * step, *high = x + (i + length / 2) * step;
                float complex part = turn * *high;

                *high = *low - part;
                *low += part;
            }
        }
    }
}

static void transform(float complex *x, int sign)
{
    for (int i = 0; i < SIDE; i++)
        transform_line(x + i * SIDE, 1, sign);
    for (int i = 0; i < SIDE; i++)
        transform_line(x + i, SIDE, sign);
}

/* Hann's; its halves, overlapping by STEP, add up to 1. */
static float hann(int i)
{
    float s = sinf((float)G_PI * ((float)i + 0.5f) / SIDE);

    return s * s;
}

/* ---- analysis ------------------------------------------------------------------------------- */

static PstMap residual_of(const PstMap *lab)
{
    PstMap residual = pst_map_new(lab->height, lab->width, 3), channel = pst_map_new(lab->height, lab->width, 1);

    for (int c = 0; c < 3; c++) {
        PstMap coefficients, smooth;

        for (gsize i = 0; i < pst_map_size(&channel); i++)
            channel.data[i] = lab->data[3 * i + c];
        coefficients = pst_guided_coefficients(&channel, &channel, RADIUS, EPSILON);
        smooth = pst_guided_apply(&coefficients, &channel);
        for (gsize i = 0; i < pst_map_size(&channel); i++)
            residual.data[3 * i + c] = channel.data[i] - smooth.data[i];
        pst_map_clear(&coefficients);
        pst_map_clear(&smooth);
    }
    pst_map_clear(&channel);
    return residual;
}

typedef struct {
    int x, y;
    double variance;
} Window;

static int by_variance(const void *a, const void *b)
{
    double x = ((const Window *)a)->variance, y = ((const Window *)b)->variance;

    return (x > y) - (x < y);
}

static double variance_of(const PstMap *residual, int left, int top)
{
    double sum = 0;

    for (int y = top; y < top + SIDE; y++) {
        const float *row = pst_map_at(residual, y, left);

        for (int i = 0; i < 3 * SIDE; i++)
            sum += (double)row[i] * row[i];
    }
    return sum;
}

static void add_window(PstNoise *noise, const PstMap *residual, const Window *window)
{
    g_autofree float complex *x = g_new(float complex, SIDE *SIDE);

    for (int c = 0; c < 3; c++) {
        double squares = 0;

        for (int i = 0; i < SIDE * SIDE; i++) {
            float weight = hann(i / SIDE) * hann(i % SIDE);

            x[i] = weight * pst_map_at(residual, window->y + i / SIDE, window->x + i % SIDE)[c];
            squares += (double)weight * weight;
        }
        transform(x, -1);
        for (int i = 0; i < SIDE * SIDE; i++) {
            double size = cabsf(x[i]);

            noise->power[c][i] += size * size / squares;
        }
    }
    noise->windows++;
}

void pst_noise_add(PstNoise *noise, const PstMap *lab)
{
    g_autoptr(GArray) windows = g_array_new(FALSE, FALSE, sizeof(Window));
    PstMap residual = residual_of(lab);

    for (int y = 0; y + SIDE <= lab->height; y += STEP) {
        for (int x = 0; x + SIDE <= lab->width; x += STEP) {
            Window window = { x, y, variance_of(&residual, x, y) };

            g_array_append_val(windows, window);
        }
    }
    g_array_sort(windows, by_variance);
    for (guint i = 0; i < (windows->len + SHARE - 1) / SHARE; i++)
        add_window(noise, &residual, &g_array_index(windows, Window, i));
    pst_map_clear(&residual);
}

/* ---- synthesis ------------------------------------------------------------------------------ */

static void draw_window(const float *amplitude, PstRandom *random, float complex *x)
{
    for (int i = 0; i < SIDE * SIDE; i++) {
        float real = (float)pst_random_normal(random), imaginary = (float)pst_random_normal(random);

        x[i] = amplitude[i] * (real + I * imaginary);
    }
    transform(x, 1);
}

/* Windows are weighted so that variances add up to 1 where they overlap. */
static void add_drawn(PstMap *map, int c, int left, int top, const float complex *x)
{
    for (int i = 0; i < SIDE * SIDE; i++) {
        int row = top + i / SIDE, column = left + i % SIDE;

        if (row >= 0 && row < map->height && column >= 0 && column < map->width)
            pst_map_at(map, row, column)[c] += sqrtf(hann(i / SIDE) * hann(i % SIDE)) * crealf(x[i]);
    }
}

PstMap pst_noise_draw(const PstNoise *target, const PstNoise *source, const double gain[3], int height, int width,
                      PstRandom *random)
{
    PstMap map = pst_map_new(height, width, 3);
    g_autofree float *amplitude = g_new(float, SIDE *SIDE);
    g_autofree float complex *x = g_new(float complex, SIDE *SIDE);

    memset(map.data, 0, pst_map_size(&map) * sizeof(float));
    for (int c = 0; c < 3 && target->windows > 0 && source->windows > 0; c++) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            double missing = target->power[c][i] / target->windows -
                             gain[c] * gain[c] * source->power[c][i] / source->windows;

            amplitude[i] = (float)(sqrt(MAX(0, missing)) / SIDE);
        }
        for (int top = -STEP; top < height; top += STEP) {
            for (int left = -STEP; left < width; left += STEP) {
                draw_window(amplitude, random, x);
                add_drawn(&map, c, left, top, x);
            }
        }
    }
    return map;
}
