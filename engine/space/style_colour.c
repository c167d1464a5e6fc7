#include "style_colour.h"

#include <math.h>
#include <string.h>

#define LEAST_SPREAD 2e-4f /* variance: no picture of one colour only */
#define MOST_SPREAD  0.15f

static const int diagonal[3] = { 3, 6, 8 };
static const int place[3][3] = { { 3, 4, 5 }, { 4, 6, 7 }, { 5, 7, 8 } };

void pst_style_colour(const PstStyleSpace *space, const float *x, float *colour)
{
    for (int c = 0; c < PST_SPACE_COLOUR; c++) {
        const float *row = space->to_colour + (gsize)c * (PST_STYLE_SIZE + 1);
        double sum = row[PST_STYLE_SIZE];

        for (int i = 0; i < PST_STYLE_SIZE; i++)
            sum += (double)row[i] * x[i];
        colour[c] = (float)sum;
    }
}

void pst_style_colour_move(const PstStyleSpace *space, const float *from, const float *to, float *x)
{
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        double sum = x[i];

        for (int c = 0; c < PST_SPACE_COLOUR; c++)
            sum += space->colour[(gsize)i * PST_SPACE_COLOUR + c] * (to[c] - from[c]);
        x[i] = (float)CLAMP(sum, -PST_SPACE_REACH, PST_SPACE_REACH);
    }
}

/* C := M C M' for M = a 1 + b (grey projection): differences from grey grow by `chroma`, those of light by `light`. */
static void scale_spread(float *colour, double light, double chroma)
{
    double covariance[3][3], half[3][3];

    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++)
            covariance[i][k] = colour[place[i][k]];
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) {
                double grey = (covariance[0][k] + covariance[1][k] + covariance[2][k]) / 3;

                half[i][k] = light * grey + chroma * (covariance[i][k] - grey);
            }
        }
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++)
                covariance[k][i] = half[i][k];
        }
    }
    for (int i = 0; i < 3; i++) {
        for (int k = i; k < 3; k++)
            colour[place[i][k]] = (float)covariance[i][k];
    }
}

void pst_colour_wish_apply(const PstColourWish *wish, float *colour)
{
    double grey = (colour[0] + colour[1] + colour[2]) / 3.0, chroma = MAX(0.05, 1 + wish->chroma);

    for (int c = 0; c < 3; c++) {
        double value = grey + chroma * (colour[c] - grey) + wish->light;

        value += c == 0 ? wish->warm : c == 2 ? -wish->warm : 0;
        value += wish->pull * (wish->target[c] - value);
        colour[c] = (float)CLAMP(value, 0.04, 0.96);
    }
    scale_spread(colour, MAX(0.2, 1 + wish->contrast), chroma);
    for (int c = 0; c < 3; c++) {
        /* A mean near black or white leaves little room. */
        float room = colour[c] * (1 - colour[c]);
        float spread = CLAMP(colour[diagonal[c]], LEAST_SPREAD, MIN(MOST_SPREAD, room));
        float scale = sqrtf(spread / MAX(colour[diagonal[c]], 1e-9f));

        for (int k = 0; k < 3; k++) {
            if (k != c)
                colour[place[c][k]] *= scale;
        }
        colour[diagonal[c]] = spread;
    }
}
