#include "large_strokes.h"

#include "area_average.h"

#include <math.h>
#include <string.h>

struct PstLargeStrokes {
    PstThreadPool *pool;
    PstRowSource source;
    PstPicture *small;    /* the copy */
    PstPainter *of_small; /* painters of both */
    PstPainter *of_photo;
};

PstLargeStrokes *pst_large_strokes_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                                       const PstPainterOptions *options, GCancellable *cancellable, GError **error)
{
    PstLargeStrokes *strokes = g_new0(PstLargeStrokes, 1);
    PstPainterOptions own = *options;

    own.stroke = 1;
    strokes->pool = pool;
    strokes->source = *source;
    strokes->small = pst_area_average_read(pool, source, MAX(1, (int)(source->width / options->stroke + 0.5)),
                                           MAX(1, (int)(source->height / options->stroke + 0.5)), cancellable, error);
    if (strokes->small) {
        const PstRowSource small = pst_row_source(strokes->small);

        strokes->of_small = pst_painter_new(model, pool, &small, &own, cancellable, error);
    }
    if (strokes->of_small) {
        strokes->of_photo = pst_painter_new(model, pool, source, &own, cancellable, error);
    }
    if (!strokes->of_photo) {
        g_clear_pointer(&strokes, pst_large_strokes_free);
    }
    return strokes;
}

void pst_large_strokes_free(PstLargeStrokes *strokes)
{
    if (strokes) {
        pst_painter_free(strokes->of_small);
        pst_painter_free(strokes->of_photo);
        pst_picture_free(strokes->small);
        g_free(strokes);
    }
}

/* ---- both together ---------------------------------------------------------------------------- */

/* Of a column: the copy's columns around it, and how far from the left one it is. */
typedef struct {
    int left, right;
    float along;
} Column;

typedef struct {
    PstThreadPool *pool;
    const PstRowSource *source;
    const PstRowSink *sink;
    const PstPicture *coarse; /* the copy's painting */
    PstPicture *result;       /* holds the rows at hand; or NULL: they go on by themselves */
    PstAreaAverage *average;  /* of the photograph's painting */
    Column *columns;
    float *rgb, *alpha;    /* without a result: the rows at hand */
    int first, rows, room; /* those that are not merged yet: the first, how many, and for how many there is room */
    PstPaintProgress progress;
    gpointer data;
    double before; /* share of the work that painting the copy is */
} Merging;

/* Where pixel i of n is between those of m: the first one, the next, and how far from the first. */
static double between(int i, int n, int m, int *first, int *next)
{
    double at = CLAMP((i + 0.5) * m / n - 0.5, 0, m - 1);

    *first = (int)at;
    *next = MIN(*first + 1, m - 1);
    return at - *first;
}

static float *colours_at_hand(const Merging *m)
{
    return m->result ? m->result->rgb + (gsize)3 * m->source->width * m->first : m->rgb;
}

static float *alpha_at_hand(const Merging *m)
{
    return m->result && m->result->alpha ? m->result->alpha + (gsize)m->source->width * m->first : m->alpha;
}

/* Adds to a row what the copy's painting has and the average of the photograph's has not. */
static void merge_row(int row, int worker, gpointer data)
{
    const Merging *m = data;
    int y = m->first + row;
    float *rgb = colours_at_hand(m) + (gsize)3 * row * m->source->width;
    const PstPicture *coarse = m->coarse, *average = pst_area_average_copy(m->average);
    gsize stride = (gsize)3 * coarse->width;
    int top, bottom;
    float down = (float)between(y, m->source->height, coarse->height, &top, &bottom);
    g_autofree float *added = g_new(float, stride);

    for (gsize i = 0; i < stride; i++) {
        float above = coarse->rgb[top * stride + i] - average->rgb[top * stride + i];
        float below = coarse->rgb[bottom * stride + i] - average->rgb[bottom * stride + i];

        added[i] = above + down * (below - above);
    }
    for (int x = 0; x < m->source->width; x++) {
        const Column *column = m->columns + x;
        const float *left = added + 3 * column->left, *right = added + 3 * column->right;

        for (int c = 0; c < 3; c++) {
            float value = left[c] + column->along * (right[c] - left[c]);

            rgb[3 * x + c] = CLAMP(rgb[3 * x + c] + value, 0, 1);
        }
    }
}

/* How many of the rows at hand the average is ready for. */
static int ready(const Merging *m)
{
    int rows = 0, done = pst_area_average_rows(m->average);

    while (rows < m->rows) {
        int top, bottom;

        between(m->first + rows, m->source->height, m->coarse->height, &top, &bottom);
        if (bottom >= done) {
            break;
        }
        rows++;
    }
    return rows;
}

static gboolean pass_on(Merging *m, int rows, GError **error)
{
    gsize row = m->source->width, values = row * rows;
    gboolean done = TRUE;

    pst_thread_pool_run(m->pool, rows, merge_row, m);
    if (m->result) {
        if (m->sink->finished) {
            m->sink->finished(m->result, m->first, rows, m->sink->data);
        }
    } else {
        done = m->sink->write(m->sink->data, rows, m->rgb, m->alpha, error);
    }
    m->first += rows;
    m->rows -= rows;
    if (m->rgb) {
        memmove(m->rgb, m->rgb + 3 * values, 3 * row * m->rows * sizeof(float));
    }
    if (m->alpha) {
        memmove(m->alpha, m->alpha + values, row * m->rows * sizeof(float));
    }
    return done;
}

static gboolean take_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Merging *m = data;
    gsize row = m->source->width;

    if (!m->result && m->rows + rows > m->room) {
        m->room = m->rows + rows;
        if (!pst_rows_grow(&m->rgb, alpha ? &m->alpha : NULL, row, m->room, error)) {
            return FALSE;
        }
    }
    memcpy(colours_at_hand(m) + 3 * row * m->rows, rgb, 3 * row * rows * sizeof(float));
    if (alpha) {
        memcpy(alpha_at_hand(m) + row * m->rows, alpha, row * rows * sizeof(float));
    }
    pst_area_average_add(m->average, rows, rgb, alpha);
    m->rows += rows;
    rows = ready(m);
    return rows == 0 || pass_on(m, rows, error);
}

static void first_progress(double share, gpointer data)
{
    const Merging *m = data;

    m->progress(share * m->before, m->data);
}

static void second_progress(double share, gpointer data)
{
    const Merging *m = data;

    m->progress(m->before + share * (1 - m->before), m->data);
}

static gboolean begin(Merging *m, GError **error)
{
    const PstRowSource *source = m->source;
    const PstPicture *coarse = m->coarse;

    m->average = pst_area_average_new(m->pool, source->width, source->height, source->alpha, coarse->width,
                                      coarse->height, error);
    if (!m->average) {
        return FALSE;
    }
    m->columns = g_new(Column, source->width);
    for (int x = 0; x < source->width; x++) {
        Column *column = m->columns + x;

        column->along = (float)between(x, source->width, coarse->width, &column->left, &column->right);
    }
    if (m->sink->picture) {
        m->result = pst_picture_new(source->width, source->height, source->alpha, error);
        if (m->result && source->picture) {
            pst_picture_info_copy(&source->picture->info, &m->result->info);
        }
        return m->result != NULL;
    }
    return TRUE;
}

gboolean pst_large_strokes_sample(PstLargeStrokes *strokes, const PstPaintLayers *layers, GCancellable *cancellable,
                                  GError **error)
{
    return pst_painter_sample(strokes->of_small, layers, cancellable, error) &&
           pst_painter_sample(strokes->of_photo, layers, cancellable, error);
}

gboolean pst_large_strokes_paint(PstLargeStrokes *strokes, const PstPaintLayers *layers, const PstRowSink *sink,
                                 PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error)
{
    double photo = (double)strokes->source.width * strokes->source.height;
    double copy = (double)strokes->small->width * strokes->small->height;
    Merging m = { .pool = strokes->pool,
                  .source = &strokes->source,
                  .sink = sink,
                  .progress = progress,
                  .data = data,
                  .before = copy / (copy + photo) };
    g_autoptr(PstPicture) coarse = NULL;
    const PstRowSink small = { .picture = &coarse }, rows = { .write = take_rows, .data = &m };
    gboolean done = pst_painter_paint(strokes->of_small, layers, &small, progress ? first_progress : NULL, &m,
                                      cancellable, error);

    m.coarse = coarse;
    done = done && begin(&m, error) &&
           pst_painter_paint(strokes->of_photo, layers, &rows, progress ? second_progress : NULL, &m, cancellable,
                             error);
    if (done && m.result) {
        *sink->picture = g_steal_pointer(&m.result);
    }
    pst_area_average_free(m.average);
    g_free(m.columns);
    pst_picture_free(m.result);
    g_free(m.rgb);
    g_free(m.alpha);
    return done;
}
