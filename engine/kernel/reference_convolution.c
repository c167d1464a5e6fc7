#include "reference.h"

#include <string.h>

PstExtent pst_convolution_extent(const PstMap *x, const PstMap *y, const PstFusion *fusion)
{
    PstExtent extent = { 0 };

    if (fusion->views != NULL) {
        extent.views = *fusion->views;
        extent.whole = extent.views.width;
        extent.height = fusion->upsample ? 2 * x->height : x->height;
        extent.left = y != NULL ? extent.views.y.left : 2 * extent.views.pooled.left;
        extent.width = y != NULL ? y->width : 2 * fusion->pooled->width;
    } else {
        const PstMap *like = y != NULL ? y : fusion->plus;
        int scale = like == NULL && fusion->upsample ? 2 : 1;
        extent.height = scale * (like != NULL ? like : x)->height;
        extent.whole = extent.width = scale * (like != NULL ? like : x)->width;
    }
    return extent;
}

/* The convolution's input at any row and column of the output's size, and one beyond. */
static float input_at(const PstMap *x, const PstFusion *fusion, const PstExtent *extent, int row, int column,
                      int channel)
{
    const PstViews *views = &extent->views;
    int scale = fusion->upsample ? 2 : 1;
    row = pst_reflect(row, extent->height);
    column = pst_reflect(column, extent->whole);
    const float *from = pst_view_row(x, &views->x, MIN(row / scale, x->height - 1));
    float value = from[(MIN(column / scale - views->x.left, x->width - 1)) * x->channels + channel];
    if (fusion->plus == NULL)
        return value;
    from = pst_view_row(fusion->plus, &views->plus, row);
    return value + from[(column - views->plus.left) * x->channels + channel];
}

void pst_reference_forward(const float *weight, const float *bias, int in, int out, const PstMap *x, PstMap *y,
                           int first, int rows, const PstFusion *fusion)
{
    static const PstFusion none = { 0 };

    fusion = fusion != NULL ? fusion : &none;
    PstExtent extent = pst_convolution_extent(x, y, fusion);
    for (int row = first; row < first + rows; row++) {
        for (int column = 0; column < extent.width; column++) {
            for (int o = 0; o < out; o++) {
                double sum = bias != NULL ? bias[o] : 0;
                for (int i = 0; i < in; i++)
                    for (int tap = 0; tap < 9; tap++)
                        sum += (double)weight[(o * in + i) * 9 + tap] *
                               input_at(x, fusion, &extent, row + tap / 3 - 1, extent.left + column + tap % 3 - 1, i);
                float value = fusion->relu && sum < 0 ? 0 : (float)sum;
                if (y != NULL)
                    pst_view_row(y, &extent.views.y, row)[column * out + o] = value;
                PstMap *pooled = fusion->pooled;
                if (pooled != NULL && row / 2 < pooled->height && column / 2 < pooled->width) {
                    float *maximum = pst_view_row(pooled, &extent.views.pooled, row / 2) + column / 2 * out + o;
                    gboolean begins = row % 2 == 0 && column % 2 == 0;
                    *maximum = begins ? value : MAX(*maximum, value);
                }
            }
        }
    }
}

static float masked(const PstMap *dy, const PstMap *y, int row, int column, int channel)
{
    if (y != NULL && !(pst_map_at(y, row, column)[channel] > 0))
        return 0;
    return pst_map_at(dy, row, column)[channel];
}

void pst_reference_backward_input(const float *weight, int in, int out, const PstMap *dy, const PstMap *y, PstMap *dx,
                                  int first, int rows)
{
    memset(pst_map_at(dx, first, 0), 0, (gsize)rows * dx->width * dx->channels * sizeof(float));
    for (int row = 0; row < dy->height; row++)
        for (int column = 0; column < dy->width; column++)
            for (int o = 0; o < out; o++) {
                float gradient = masked(dy, y, row, column, o);
                for (int tap = 0; tap < 9; tap++) {
                    int to = pst_reflect(row + tap / 3 - 1, dx->height);
                    float *target = pst_map_at(dx, to, pst_reflect(column + tap % 3 - 1, dx->width));
                    for (int i = 0; i < in && to >= first && to < first + rows; i++)
                        target[i] += gradient * weight[(o * in + i) * 9 + tap];
                }
            }
}

void pst_reference_backward_weights(int in, int out, const PstMap *x, const PstMap *dy, const PstMap *y, float *dweight,
                                    float *dbias)
{
    for (int o = 0; o < out; o++) {
        double bias = 0;
        for (int row = 0; row < dy->height; row++)
            for (int column = 0; column < dy->width; column++)
                bias += masked(dy, y, row, column, o);
        dbias[o] += (float)bias;
        for (int i = 0; i < in; i++)
            for (int tap = 0; tap < 9; tap++) {
                double sum = 0;
                for (int row = 0; row < dy->height; row++)
                    for (int column = 0; column < dy->width; column++)
                        sum += (double)masked(dy, y, row, column, o) *
                               pst_map_at(x, pst_reflect(row + tap / 3 - 1, x->height),
                                          pst_reflect(column + tap % 3 - 1, x->width))[i];
                dweight[(o * in + i) * 9 + tap] += (float)sum;
            }
    }
}
