#include "canvas.h"

#include <string.h>

int pst_canvas_side(int side)
{
    return (side + PST_CANVAS_STEP - 1) / PST_CANVAS_STEP * PST_CANVAS_STEP;
}

/* 0 1 2 3 | 2 1 0 1 2 ... for n = 4 */
int pst_canvas_mirror(int i, int n)
{
    int period = MAX(1, 2 * (n - 1));

    if (i < n) {
        return i;
    }
    i %= period;
    return i < n ? i : period - i;
}

void pst_canvas_row(const float *rgb, const float *alpha, int width, int left, int count, float *canvas)
{
    int inside = alpha ? 0 : CLAMP(width - left, 0, count);

    memcpy(canvas, rgb + (gsize)3 * left, (gsize)inside * 3 * sizeof(float));
    for (int i = inside; i < count; i++) {
        int x = pst_canvas_mirror(left + i, width);

        for (int c = 0; c < 3; c++) {
            float value = rgb[(gsize)3 * x + c];

            canvas[3 * i + c] = alpha ? 1 + (value - 1) * alpha[x] : value;
        }
    }
}

void pst_canvas_fill(const PstPicture *picture, int first, PstMap *canvas)
{
    for (int y = 0; y < canvas->height; y++) {
        gsize row = (gsize)pst_canvas_mirror(first + y, picture->height) * picture->width;

        pst_canvas_row(picture->rgb + 3 * row, picture->alpha ? picture->alpha + row : NULL, picture->width, 0,
                       canvas->width, pst_map_at(canvas, y, 0));
    }
}
