#include "reference.h"

#include <string.h>

void pst_convolution_size(const PstMap *x, const PstMap *y, const PstFusion *fusion, int *height,
                          int *width)
{
    const PstMap *like = y != NULL ? y : fusion != NULL ? fusion->plus : NULL;
    int scale = like == NULL && fusion != NULL && fusion->upsample ? 2 : 1;
    *height = scale * (like != NULL ? like : x)->height;
    *width = scale * (like != NULL ? like : x)->width;
}

/* The convolution's input at any row and column of the output's size, and one beyond. */
static float input_at(const PstMap *x, const PstFusion *fusion, int height, int width, int row,
                      int column, int channel)
{
    row = pst_reflect(row, height);
    column = pst_reflect(column, width);
    float value = fusion->upsample ? pst_map_at(x, MIN(row / 2, x->height - 1),
                                                MIN(column / 2, x->width - 1))[channel]
                                   : pst_map_at(x, row, column)[channel];
    return fusion->plus != NULL ? value + pst_map_at(fusion->plus, row, column)[channel] : value;
}

void pst_reference_forward(const float *weight, const float *bias, int in, int out, const PstMap *x,
                           PstMap *y, int first, int rows, const PstFusion *fusion)
{
    static const PstFusion none = {0};
    int height, width;

    fusion = fusion != NULL ? fusion : &none;
    pst_convolution_size(x, y, fusion, &height, &width);
    for (int row = first; row < first + rows; row++) {
        for (int column = 0; column < width; column++) {
            for (int o = 0; o < out; o++) {
                double sum = bias != NULL ? bias[o] : 0;
                for (int i = 0; i < in; i++)
                    for (int tap = 0; tap < 9; tap++)
                        sum += (double)weight[(o * in + i) * 9 + tap] *
                               input_at(x, fusion, height, width, row + tap / 3 - 1,
                                        column + tap % 3 - 1, i);
                float value = fusion->relu && sum < 0 ? 0 : (float)sum;
                if (y != NULL)
                    pst_map_at(y, row, column)[o] = value;
                PstMap *pooled = fusion->pooled;
                if (pooled != NULL && row / 2 < pooled->height && column / 2 < pooled->width) {
                    float *maximum = pst_map_at(pooled, row / 2, column / 2) + o;
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

void pst_reference_backward_input(const float *weight, int in, int out, const PstMap *dy,
                                  const PstMap *y, PstMap *dx)
{
    memset(dx->data, 0, pst_map_size(dx) * sizeof(float));
    for (int row = 0; row < dy->height; row++)
        for (int column = 0; column < dy->width; column++)
            for (int o = 0; o < out; o++) {
                float gradient = masked(dy, y, row, column, o);
                for (int tap = 0; tap < 9; tap++) {
                    float *target = pst_map_at(dx, pst_reflect(row + tap / 3 - 1, dx->height),
                                               pst_reflect(column + tap % 3 - 1, dx->width));
                    for (int i = 0; i < in; i++)
                        target[i] += gradient * weight[(o * in + i) * 9 + tap];
                }
            }
}

void pst_reference_backward_weights(int in, int out, const PstMap *x, const PstMap *dy,
                                    const PstMap *y, float *dweight, float *dbias)
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
