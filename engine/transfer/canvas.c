#include "canvas.h"

#include <string.h>

int pst_canvas_side(int side)
{
    return (side + PST_CANVAS_STEP - 1) / PST_CANVAS_STEP * PST_CANVAS_STEP;
}

/* 0 1 2 3 | 2 1 0 1 2 ... for n = 4 */
static int mirror(int i, int n)
{
    int period = MAX(1, 2 * (n - 1));

    i %= period;
    return i < n ? i : period - i;
}

void pst_canvas_fill(const PstPicture *picture, int first, PstMap *canvas)
{
    for (int y = 0; y < canvas->height; y++) {
        gsize row = (gsize)mirror(first + y, picture->height) * picture->width;
        const float *source = picture->rgb + 3 * row;
        float *target = pst_map_at(canvas, y, 0);
        int inside = MIN(canvas->width, picture->width);

        memcpy(target, source, (gsize)inside * 3 * sizeof(float));
        if (picture->alpha) {
            for (int x = 0; x < 3 * inside; x++) {
                float alpha = picture->alpha[row + x / 3];

                target[x] = 1 + (target[x] - 1) * alpha;
            }
        }
        for (int x = inside; x < canvas->width; x++) {
            memcpy(target + 3 * x, target + 3 * mirror(x, picture->width), 3 * sizeof(float));
        }
    }
}
