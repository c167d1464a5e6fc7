#include "padding.h"

#include <string.h>

int pst_padded_side(int side)
{
    return (side + PST_PADDING_STEP - 1) / PST_PADDING_STEP * PST_PADDING_STEP;
}

/* 0 1 2 3 | 2 1 0 1 2 ... for n = 4 */
int pst_padding_reflect(int i, int n)
{
    int period = MAX(1, 2 * (n - 1));

    if (i < n) {
        return i;
    }
    i %= period;
    return i < n ? i : period - i;
}

void pst_padded_row(const float *rgb, const float *alpha, int width, int left, int count, float *padded)
{
    int inside = alpha ? 0 : CLAMP(width - left, 0, count);

    memcpy(padded, rgb + (gsize)3 * left, (gsize)inside * 3 * sizeof(float));
    for (int i = inside; i < count; i++) {
        int x = pst_padding_reflect(left + i, width);

        for (int c = 0; c < 3; c++) {
            float value = rgb[(gsize)3 * x + c];

            padded[3 * i + c] = alpha ? 1 + (value - 1) * alpha[x] : value;
        }
    }
}

void pst_padded_fill(const PstPicture *picture, int first, PstMap *padded)
{
    for (int y = 0; y < padded->height; y++) {
        gsize row = (gsize)pst_padding_reflect(first + y, picture->height) * picture->width;

        pst_padded_row(picture->rgb + 3 * row, picture->alpha ? picture->alpha + row : NULL, picture->width, 0,
                       padded->width, pst_map_at(padded, y, 0));
    }
}
