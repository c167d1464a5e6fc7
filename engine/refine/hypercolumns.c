#include "hypercolumns.h"

#include "pyramid.h"

#include <string.h>

/* Pixels of a layer beside a column; 0: half a pixel. */
static int pixels_of(const PstHypercolumns *columns, const PstMap *layer)
{
    return layer->width < columns->width ? 0 : layer->width / columns->width;
}

PstHypercolumns *pst_hypercolumns_new(const PstFeatureMaps *features)
{
    enum { LIKE = 4, COARSE = PST_FEATURE_LAYERS - 1 }; /* conv3_1, conv4_4 */
    PstHypercolumns *columns = g_new0(PstHypercolumns, 1);
    const PstMap *coarse = &features->layers[COARSE];

    columns->height = features->layers[LIKE].height;
    columns->width = features->layers[LIKE].width;
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        columns->part[i] = pst_map_new(columns->height, columns->width, features->layers[i].channels);
    }
    columns->spare = pst_map_new(coarse->height, coarse->width, coarse->channels);
    return columns;
}

void pst_hypercolumns_free(PstHypercolumns *columns)
{
    if (!columns) {
        return;
    }
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        pst_map_clear(&columns->part[i]);
    }
    pst_map_clear(&columns->spare);
    g_free(columns);
}

typedef struct {
    const PstMap *from;
    PstMap *to;
    int pixels;
} Blocks;

static void mean_rows(int first, int rows, gpointer data)
{
    const Blocks *b = data;
    int n = b->pixels, channels = b->to->channels;
    float share = 1.0f / (n * n);

    for (int row = first; row < first + rows; row++) {
        float *to = pst_map_at(b->to, row, 0);

        for (int column = 0; column < b->to->width; column++, to += channels) {
            memset(to, 0, channels * sizeof *to);
            for (int i = 0; i < n * n; i++) {
                const float *from = pst_map_at(b->from, n * row + i / n, n * column + i % n);

                for (int c = 0; c < channels; c++) {
                    to[c] += share * from[c];
                }
            }
        }
    }
}

static void spread_rows(int first, int rows, gpointer data)
{
    const Blocks *b = data;
    int n = b->pixels, channels = b->from->channels;
    float share = 1.0f / (n * n);

    for (int row = first; row < first + rows; row++) {
        const float *from = pst_map_at(b->from, row, 0);

        for (int column = 0; column < b->from->width; column++, from += channels) {
            for (int i = 0; i < n * n; i++) {
                float *to = pst_map_at(b->to, n * row + i / n, n * column + i % n);

                for (int c = 0; c < channels; c++) {
                    to[c] += share * from[c];
                }
            }
        }
    }
}

void pst_hypercolumns_gather(PstHypercolumns *columns, PstExecutor *executor, const PstFeatureMaps *features)
{
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        const PstMap *layer = &features->layers[i];
        Blocks b = { layer, &columns->part[i], pixels_of(columns, layer) };

        if (b.pixels == 0) {
            pst_double(executor, layer, FALSE, b.to);
        } else {
            pst_executor_rows(executor, columns->height,
                              pst_executor_share(columns->height, columns->width, layer->channels), mean_rows, &b);
        }
    }
}

void pst_hypercolumns_copy(const PstHypercolumns *columns, gsize place, float *column)
{
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        int channels = columns->part[i].channels;

        memcpy(column, columns->part[i].data + place * channels, channels * sizeof *column);
        column += channels;
    }
}

static void add_rows(int first, int rows, gpointer data)
{
    const Blocks *b = data;
    gsize row = (gsize)b->to->width * b->to->channels;

    for (gsize i = first * row; i < (first + rows) * row; i++) {
        b->to->data[i] += b->from->data[i];
    }
}

void pst_hypercolumns_gradient(PstHypercolumns *columns, PstExecutor *executor, int layer, PstMap *gradient)
{
    Blocks b = { &columns->part[layer], gradient, pixels_of(columns, gradient) };

    if (b.pixels == 0) {
        pst_double_gradient(executor, b.from, &columns->spare);
        b.from = &columns->spare;
        pst_executor_rows(executor, gradient->height, 4, add_rows, &b);
    } else {
        pst_executor_rows(executor, columns->height,
                          pst_executor_share(columns->height, columns->width, gradient->channels), spread_rows, &b);
    }
}
