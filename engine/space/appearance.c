#include "appearance.h"

#include "engine/picture/oklab.h"

#include <math.h>
#include <string.h>

#define SIDE     256 /* pixels of the short side that is looked at */
#define LONGEST  1024
#define SQUARE   16
#define CLUSTERS 5
#define ROUNDS   12
#define SAMPLES  4096 /* pixels that colours are gathered from */

/* A pixel laid on white. */
static void pixel(const PstPicture *picture, gsize i, float rgb[3])
{
    float alpha = picture->alpha ? picture->alpha[i] : 1;

    for (int c = 0; c < 3; c++)
        rgb[c] = alpha * picture->rgb[3 * i + c] + (1 - alpha);
}

/* ---- colours -------------------------------------------------------------------------------- */

typedef struct {
    float lab[3], rgb[3];
} Colour;

static float distance(const float *a, const float *b)
{
    float sum = 0;

    for (int c = 0; c < 3; c++)
        sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

/* Lloyd's k-means, which begins with the colour farthest from those chosen, so that it depends on nothing random. */
static void find_palette(const Colour *colours, int n, PstAppearance *appearance)
{
    Colour centres[CLUSTERS] = { colours[n / 2] };
    int counts[CLUSTERS] = { 0 }, order[CLUSTERS];

    for (int k = 1; k < CLUSTERS; k++) {
        float best = -1;

        for (int i = 0; i < n; i++) {
            float nearest = INFINITY;

            for (int j = 0; j < k; j++)
                nearest = MIN(nearest, distance(colours[i].lab, centres[j].lab));
            if (nearest > best) {
                best = nearest;
                centres[k] = colours[i];
            }
        }
    }
    for (int round = 0; round < ROUNDS; round++) {
        double sums[CLUSTERS][6] = { 0 };

        memset(counts, 0, sizeof counts);
        for (int i = 0; i < n; i++) {
            int nearest = 0;

            for (int k = 1; k < CLUSTERS; k++) {
                if (distance(colours[i].lab, centres[k].lab) < distance(colours[i].lab, centres[nearest].lab))
                    nearest = k;
            }
            counts[nearest]++;
            for (int c = 0; c < 3; c++) {
                sums[nearest][c] += colours[i].lab[c];
                sums[nearest][3 + c] += colours[i].rgb[c];
            }
        }
        for (int k = 0; k < CLUSTERS; k++) {
            for (int c = 0; counts[k] && c < 3; c++) {
                centres[k].lab[c] = (float)(sums[k][c] / counts[k]);
                centres[k].rgb[c] = (float)(sums[k][3 + c] / counts[k]);
            }
        }
    }
    for (int k = 0; k < CLUSTERS; k++) {
        int at = k;

        for (; at > 0 && counts[order[at - 1]] < counts[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    for (int k = 0; k < PST_APPEARANCE_COLOURS; k++) {
        for (int c = 0; c < 3; c++)
            appearance->palette[k][c] = (guint8)lrintf(CLAMP(centres[order[k]].rgb[c], 0, 1) * 255);
    }
}

/* ---- light and strokes ---------------------------------------------------------------------- */

/* The structure tensor: sums of products of gradients. Its coherence is 1 where all gradients are parallel. */
typedef struct {
    double xx, xy, yy;
} Tensor;

static double coherence(const Tensor *t)
{
    double sum = t->xx + t->yy;

    return sum > 0 ? hypot(t->xx - t->yy, 2 * t->xy) / sum : 0;
}

static void measure_strokes(const float *light, int width, int height, float *measures)
{
    Tensor all = { 0 };
    double local = 0, weight = 0;

    for (int top = 1; top + SQUARE < height; top += SQUARE) {
        for (int left = 1; left + SQUARE < width; left += SQUARE) {
            Tensor square = { 0 };

            for (int y = top; y < top + SQUARE; y++) {
                for (int x = left; x < left + SQUARE; x++) {
                    const float *p = light + (gsize)y * width + x;
                    double gx = p[1] - p[-1], gy = p[width] - p[-width];

                    square.xx += gx * gx;
                    square.xy += gx * gy;
                    square.yy += gy * gy;
                }
            }
            local += coherence(&square) * (square.xx + square.yy);
            weight += square.xx + square.yy;
            all.xx += square.xx;
            all.xy += square.xy;
            all.yy += square.yy;
        }
    }
    measures[PST_MEASURE_DIRECTION] = (float)coherence(&all);
    measures[PST_MEASURE_STROKES] = weight > 0 ? (float)(local / weight) : 0;
}

/* Mean variance of light within squares of that side. */
static double variance_within(const float *light, int width, int height, int side)
{
    double total = 0;
    gsize squares = 0;

    for (int top = 0; top + side <= height; top += side) {
        for (int left = 0; left + side <= width; left += side, squares++) {
            double sum = 0, square = 0;

            for (int y = top; y < top + side; y++) {
                for (int x = left; x < left + side; x++) {
                    double v = light[(gsize)y * width + x];

                    sum += v;
                    square += v * v;
                }
            }
            total += square / (side * side) - (sum / (side * side)) * (sum / (side * side));
        }
    }
    return squares ? total / squares : 0;
}

gboolean pst_appearance_measure(const PstPicture *picture, PstAppearance *appearance, GCancellable *cancellable,
                                GError **error)
{
    int width, height;
    g_autoptr(PstPicture) small = NULL;
    g_autofree float *light = NULL;
    g_autofree Colour *colours = NULL;
    gsize pixels, step;
    double sum = 0, squares = 0, chroma = 0, coarse;
    int samples = 0;

    pst_size_fit_short_side(picture->width, picture->height, SIDE, &width, &height);
    small = pst_picture_resize(picture, MIN(width, LONGEST), MIN(height, LONGEST), cancellable, error);
    if (!small)
        return FALSE;
    pixels = (gsize)small->width * small->height;
    step = MAX(1, pixels / SAMPLES);
    light = g_new(float, pixels);
    colours = g_new(Colour, pixels / step + 1);
    for (gsize i = 0; i < pixels; i++) {
        float rgb[3], lab[3];

        pixel(small, i, rgb);
        pst_oklab(rgb, lab);
        light[i] = lab[0];
        sum += lab[0];
        squares += (double)lab[0] * lab[0];
        chroma += hypot(lab[1], lab[2]);
        if (i % step == 0) {
            memcpy(colours[samples].lab, lab, sizeof lab);
            memcpy(colours[samples++].rgb, rgb, sizeof rgb);
        }
    }
    coarse = variance_within(light, small->width, small->height, SQUARE);
    appearance->measures[PST_MEASURE_LIGHT] = (float)(sum / pixels);
    appearance->measures[PST_MEASURE_CONTRAST] = (float)sqrt(MAX(0, squares / pixels - sum / pixels * sum / pixels));
    appearance->measures[PST_MEASURE_CHROMA] = (float)(chroma / pixels);
    appearance->measures[PST_MEASURE_FINENESS] = coarse > 1e-12
                                                     ? (float)(variance_within(light, small->width, small->height, 2) /
                                                               coarse)
                                                     : 0;
    measure_strokes(light, small->width, small->height, appearance->measures);
    find_palette(colours, samples, appearance);
    return TRUE;
}
