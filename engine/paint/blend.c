#include "blend.h"

#include <math.h>

/* The network alone gives back the photograph only nearly at strength 0. */
float pst_blend_share(double strength)
{
    return 1 - pow(1 - strength, 4);
}

/* A style from a stranger may lead to numbers that are none; they become black. */
static float within(float value)
{
    return value > 0 ? MIN(value, 1) : 0;
}

void pst_blend_row(gpointer data, int row, int column, int count, const float *paint)
{
    const PstBlend *blend = data;
    float share = blend->share;
    int values = 3 * MIN(count, blend->photo->width - column);

    if (row >= blend->photo->height) {
        return;
    }
    const float *under = pst_frame_rgb(blend->photo, row) + (gsize)3 * column;
    float *out = pst_frame_rgb(blend->result, row) + (gsize)3 * column;

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
