#include "area_average.h"

#include <string.h>

#include "engine/base/wide_loop.h"

/* Red, green and blue times alpha, and alpha. */
#define CHANNELS 4

#define BAND 16 /* rows that are averaged across at once */

struct PstAreaAverage {
    PstThreadPool *pool;
    int width, height, row;
    PstPicture *small;
    int *first;    /* [small width + 1]: which of the shares below are a pixel's */
    int *columns;  /* what each is a share of, */
    double *share; /* and how much of the pixel it is */
    float *narrow; /* [BAND][small width][CHANNELS]: rows, averaged across */
    double *sums;  /* the same of the rows of the copy's row at hand */
    int at;        /* that row */
};

/* Pixel i of n shows what lies from i * width / n to (i + 1) * width / n. */
static void share_columns(PstAreaAverage *a)
{
    int n = a->small->width, count = 0;
    double scale = (double)a->width / n;

    a->first = g_new(int, n + 1);
    a->columns = g_new(int, a->width + 2 * (gsize)n);
    a->share = g_new(double, a->width + 2 * (gsize)n);
    for (int i = 0; i < n; i++) {
        double from = i * scale, end = (i + 1) * scale;

        a->first[i] = count;
        for (int x = (int)from; x < a->width && x < end; x++) {
            a->columns[count] = x;
            a->share[count++] = (MIN(end, x + 1) - MAX(from, x)) / scale;
        }
    }
    a->first[n] = count;
}

PstAreaAverage *pst_area_average_new(PstThreadPool *pool, int width, int height, gboolean alpha, int small_width,
                                     int small_height, GError **error)
{
    PstAreaAverage *a = g_new0(PstAreaAverage, 1);

    a->pool = pool;
    a->width = width;
    a->height = height;
    a->small = pst_picture_new(small_width, small_height, alpha, error);
    if (!a->small) {
        g_clear_pointer(&a, pst_area_average_free);
        return NULL;
    }
    share_columns(a);
    a->narrow = g_new(float, (gsize)BAND *CHANNELS *small_width);
    a->sums = g_new0(double, (gsize)CHANNELS *small_width);
    return a;
}

void pst_area_average_free(PstAreaAverage *a)
{
    if (a) {
        pst_picture_free(a->small);
        g_free(a->first);
        g_free(a->columns);
        g_free(a->share);
        g_free(a->narrow);
        g_free(a->sums);
        g_free(a);
    }
}

/* Averages the row across. */
static void narrow(const PstAreaAverage *a, const float *rgb, const float *alpha, float *to)
{
    for (int i = 0; i < a->small->width; i++) {
        double sums[CHANNELS] = { 0 };

        for (int k = a->first[i]; k < a->first[i + 1]; k++) {
            int x = a->columns[k];
            double opaque = a->share[k] * (alpha ? alpha[x] : 1);

            for (int c = 0; c < 3; c++) {
                sums[c] += opaque * rgb[3 * x + c];
            }
            sums[3] += opaque;
        }
        for (int c = 0; c < CHANNELS; c++) {
            to[CHANNELS * i + c] = (float)sums[c];
        }
    }
}

static void finish_row(PstAreaAverage *a)
{
    PstPicture *small = a->small;
    float *rgb = small->rgb + (gsize)3 * a->at * small->width;

    for (int x = 0; x < small->width; x++) {
        const double *sums = a->sums + CHANNELS * x;

        for (int c = 0; c < 3; c++) {
            rgb[3 * x + c] = sums[3] > 0 ? CLAMP((float)(sums[c] / sums[3]), 0, 1) : 0;
        }
        if (small->alpha) {
            small->alpha[(gsize)a->at * small->width + x] = CLAMP((float)sums[3], 0, 1);
        }
    }
    memset(a->sums, 0, CHANNELS * small->width * sizeof *a->sums);
    a->at++;
}

PST_WIDE_LOOP static void add_scaled(double *sums, const float *values, int count, double scale)
{
    for (int i = 0; i < count; i++) {
        sums[i] += scale * values[i];
    }
}

static void add_narrow(PstAreaAverage *a, const float *narrow)
{
    double scale = (double)a->height / a->small->height, top = a->row, bottom = ++a->row;

    /* A row may be part of two of the copy's. */
    while (top < bottom && a->at < a->small->height) {
        double end = a->row == a->height ? bottom : MIN(bottom, (a->at + 1) * scale);

        add_scaled(a->sums, narrow, CHANNELS * a->small->width, (end - top) / scale);
        if (end >= (a->at + 1) * scale || a->row == a->height) {
            finish_row(a);
        }
        top = end;
    }
}

typedef struct {
    const PstAreaAverage *average;
    const float *rgb, *alpha;
} Rows;

static void narrow_row(int row, int worker, gpointer data)
{
    const Rows *rows = data;
    const PstAreaAverage *a = rows->average;

    narrow(a, rows->rgb + (gsize)3 * row * a->width, rows->alpha ? rows->alpha + (gsize)row * a->width : NULL,
           a->narrow + (gsize)CHANNELS * row * a->small->width);
}

void pst_area_average_add(PstAreaAverage *a, int count, const float *rgb, const float *alpha)
{
    for (int first = 0; first < count; first += BAND) {
        gsize before = (gsize)first * a->width;
        Rows rows = { a, rgb + 3 * before, alpha ? alpha + before : NULL };
        int band = MIN(BAND, count - first);

        pst_thread_pool_run(a->pool, band, narrow_row, &rows);
        for (int row = 0; row < band; row++) {
            add_narrow(a, a->narrow + (gsize)CHANNELS * row * a->small->width);
        }
    }
}

int pst_area_average_rows(const PstAreaAverage *a)
{
    return a->at;
}

const PstPicture *pst_area_average_copy(const PstAreaAverage *a)
{
    return a->small;
}

PstPicture *pst_area_average_finish(PstAreaAverage *a)
{
    return g_steal_pointer(&a->small);
}

PstPicture *pst_area_average_read(PstThreadPool *pool, const PstRowSource *source, int small_width, int small_height,
                                  GCancellable *cancellable, GError **error)
{
    gsize row = source->width;
    g_autoptr(PstAreaAverage) average = pst_area_average_new(pool, source->width, source->height, source->alpha,
                                                             small_width, small_height, error);
    const PstPicture *whole = source->picture;
    g_autofree float *rgb = whole ? NULL : g_new(float, 3 * row * BAND);
    g_autofree float *alpha = whole || !source->alpha ? NULL : g_new(float, row *BAND);

    if (!average || (!whole && !source->rewind(source->data, error))) {
        return NULL;
    }
    for (int y = 0; y < source->height; y += BAND) {
        int rows = MIN(BAND, source->height - y);
        const float *colours = whole ? whole->rgb + 3 * row * y : rgb;
        const float *opaque = !source->alpha ? NULL : whole ? whole->alpha + row * y : alpha;

        if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
            (!whole && !source->read(source->data, rows, rgb, alpha, error))) {
            return NULL;
        }
        pst_area_average_add(average, rows, colours, opaque);
    }
    return pst_area_average_finish(average);
}
