#include "column_loss.h"

#include "engine/kernel/neighbours.h"

#include <math.h>
#include <string.h>

#define BLOCK 66 /* places of one task */

struct PstColumnLoss {
    const PstPaletteOctave *octave;
    PstHypercolumns *columns;
    int count;     /* places */
    int *target;   /* [count]: which column of the octave */
    float *length; /* [octave->count] */
    float *mean;   /* of what targets are looked for with, [PST_FEATURE_CHANNELS] */
    double *sums;  /* of each block, its distances */
    PstExecutor *executor;
};

static void find_rows(int first, int rows, float *scratch, gpointer data)
{
    PstColumnLoss *l = data;
    float *column = scratch, *similarity = scratch + (gsize)BLOCK * PST_FEATURE_CHANNELS, *search = similarity + BLOCK;

    for (int k = 0; k < rows; k++) {
        pst_hypercolumns_copy(l->columns, first + k, column + (gsize)k * PST_FEATURE_CHANNELS);
    }
    pst_neighbours_unit(column, NULL, rows, PST_FEATURE_CHANNELS, l->mean, column, NULL);
    pst_neighbours_find(column, rows, l->octave->unit, l->octave->count, PST_FEATURE_CHANNELS,
                        &(PstNeighbours){ l->target + first, similarity }, NULL, search);
}

static void find_mean(PstColumnLoss *l)
{
    float *mean = l->mean, deviation[PST_FEATURE_WIDEST];

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        const PstMap *part = &l->columns->part[i];
        g_autoptr(PstMoments) moments = pst_moments_new(part->channels);

        pst_executor_gather(l->executor, part, 0, part->height, moments);
        pst_moments_get(moments, PST_EPSILON, mean, deviation);
        mean += part->channels;
    }
}

PstColumnLoss *pst_column_loss_new(const PstPaletteOctave *octave, PstExecutor *executor,
                                   const PstFeatureMaps *features)
{
    PstColumnLoss *l = g_new0(PstColumnLoss, 1);

    l->octave = octave;
    l->executor = executor;
    l->columns = pst_hypercolumns_new(features);
    l->count = l->columns->height * l->columns->width;
    l->target = g_new0(int, l->count);
    l->length = g_new(float, octave->count);
    l->mean = g_new(float, PST_FEATURE_CHANNELS);
    l->sums = g_new(double, (l->count + BLOCK - 1) / BLOCK);
    pst_hypercolumns_gather(l->columns, executor, features);
    find_mean(l);
    pst_executor_scratch_rows(executor, l->count, BLOCK,
                              (gsize)BLOCK * (PST_FEATURE_CHANNELS + 1) + pst_neighbours_scratch(), find_rows, l);
    for (int k = 0; k < octave->count; k++) {
        const float *column = octave->column + (gsize)k * PST_FEATURE_CHANNELS;
        double squares = 0;

        for (int c = 0; c < PST_FEATURE_CHANNELS; c++) {
            squares += column[c] * (double)column[c];
        }
        l->length[k] = (float)sqrt(squares);
    }
    return l;
}

void pst_column_loss_free(PstColumnLoss *l)
{
    if (!l) {
        return;
    }
    pst_hypercolumns_free(l->columns);
    g_free(l->target);
    g_free(l->length);
    g_free(l->mean);
    g_free(l->sums);
    g_free(l);
}

/* Columns become the gradient with respect to them. */
static double turn_into_gradient(PstColumnLoss *l, int place)
{
    const float *target = l->octave->column + (gsize)l->target[place] * PST_FEATURE_CHANNELS, *t = target;
    float squares = 0, product = 0, of_target, length, cosine;

    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        int channels = l->columns->part[i].channels;
        const float *h = l->columns->part[i].data + (gsize)place * channels;

        for (int c = 0; c < channels; c++) {
            squares += h[c] * h[c];
            product += h[c] * t[c];
        }
        t += channels;
    }
    length = MAX(sqrtf(squares), PST_NEIGHBOURS_SHORTEST);
    of_target = MAX(l->length[l->target[place]], PST_NEIGHBOURS_SHORTEST);
    cosine = product / (length * of_target);
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        int channels = l->columns->part[i].channels;
        float *h = l->columns->part[i].data + (gsize)place * channels;
        float along = cosine / (length * length * l->count), across = 1 / (length * of_target * l->count);

        for (int c = 0; c < channels; c++) {
            h[c] = along * h[c] - across * target[c];
        }
        target += channels;
    }
    return 1 - cosine;
}

static void gradient_rows(int first, int rows, gpointer data)
{
    PstColumnLoss *l = data;
    double sum = 0;

    for (int place = first; place < first + rows; place++) {
        sum += turn_into_gradient(l, place);
    }
    l->sums[first / BLOCK] = sum;
}

static void add_gradient(int layer, PstMap *gradient, gpointer data)
{
    PstColumnLoss *l = data;

    pst_hypercolumns_gradient(l->columns, l->executor, layer, gradient);
}

double pst_column_loss(PstColumnLoss *l, const PstFeatureNetwork *network, PstExecutor *executor, const PstMap *rgb,
                       PstFeatureMaps *features, PstMap *drgb)
{
    double sum = 0;

    l->executor = executor;
    pst_feature_maps_see(features, network, executor, rgb);
    pst_hypercolumns_gather(l->columns, executor, features);
    pst_executor_rows(executor, l->count, BLOCK, gradient_rows, l);
    for (int i = 0; i * BLOCK < l->count; i++) {
        sum += l->sums[i];
    }
    pst_feature_maps_gradient(features, network, executor, add_gradient, l, drgb);
    return sum / l->count;
}
