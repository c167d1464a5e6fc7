#include "blend.h"

#include <math.h>

/* The network alone gives back the photograph only nearly at strength 0. */
float pst_blend_share(double strength)
{
    return 1 - pow(1 - strength, 4);
}

void pst_blend_begin(PstBlend *blend, int first, int rows)
{
    const PstFrame *photo = blend->photo;

    if (!blend->mask || first >= photo->height) {
        return;
    }
    if (!blend->weights) {
        blend->weights = g_new(float, (gsize)blend->band * photo->width);
    }
    blend->first = first;
    pst_mask_fill(blend->mask, photo->width, photo->height, first, MIN(rows, photo->height - first), blend->weights);
}

void pst_blend_clear(PstBlend *blend)
{
    g_clear_pointer(&blend->weights, g_free);
}

/* A style from a stranger may lead to numbers that are none; they become black. */
static float within(float value)
{
    return value > 0 ? MIN(value, 1) : 0;
}

static void lay_over(const PstBlend *blend, const float *under, const float *paint, int values, float *out)
{
    float share = blend->share;

    for (int x = 0; blend->keep_colours && x < values; x += 3) {
        /* Rec. 601 luma moves, chroma stays. */
        float change = 0.299f * (paint[x] - under[x]) + 0.587f * (paint[x + 1] - under[x + 1]) +
                       0.114f * (paint[x + 2] - under[x + 2]);

        for (int c = 0; c < 3; c++) {
            out[x + c] = within(under[x + c] + share * change);
        }
    }
    for (int x = 0; !blend->keep_colours && x < values; x++) {
        out[x] = within(under[x] + share * (paint[x] - under[x]));
    }
}

void pst_blend_row(gpointer data, int row, int column, int count, const float *paint)
{
    const PstBlend *blend = data;
    int width = blend->photo->width, values = 3 * MIN(count, width - column);

    if (row >= blend->photo->height || values <= 0) {
        return;
    }
    const float *under = pst_frame_rgb(blend->photo, row) + (gsize)3 * column;
    float *out = pst_frame_rgb(blend->result, row) + (gsize)3 * column;
    if (!blend->mask) {
        lay_over(blend, under, paint, values, out);
        return;
    }

    const float *weight = blend->weights + (gsize)(row - blend->first) * width + column;
    for (int x = 0; x < values; x += 3) {
        float over[3];

        lay_over(blend, under + x, paint + x, 3, over);
        for (int c = 0; c < 3; c++) {
            float below = blend->lowest ? under[x + c] : out[x + c];

            out[x + c] = below + weight[x / 3] * (over[c] - below);
        }
    }
}
