#include "large_strokes.h"

#include "area_average.h"

#include <math.h>
#include <string.h>

struct PstLargeStrokes {
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
    strokes->source = *source;
    strokes->small = pst_area_average_read(source, MAX(1, (int)(source->width / options->stroke + 0.5)),
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

typedef struct {
    const PstRowSource *source;
    const PstRowSink *sink;
    const PstPicture *coarse; /* the copy's painting */
    PstPicture *result;       /* or NULL: it goes by rows */
    PstAreaAverage *average;  /* of the photograph's painting */
    float *rgb, *alpha;       /* of it: rows that are not written yet, the first of which is `first` */
    int first, rows, room;
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

/* Adds to a row what the copy's painting has and the average of the photograph's has not. */
static void merge_row(const Merging *m, int y, float *rgb)
{
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
        int left, right;
        float along = (float)between(x, m->source->width, coarse->width, &left, &right);

        for (int c = 0; c < 3; c++) {
            float value = added[3 * left + c] + along * (added[3 * right + c] - added[3 * left + c]);

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

    for (int i = 0; i < rows; i++) {
        merge_row(m, m->first + i, m->rgb + 3 * row * i);
    }
    if (m->result) {
        memcpy(m->result->rgb + 3 * row * m->first, m->rgb, 3 * values * sizeof(float));
        if (m->alpha) {
            memcpy(m->result->alpha + row * m->first, m->alpha, values * sizeof(float));
        }
        if (m->sink->finished) {
            m->sink->finished(m->result, m->first, rows, m->sink->data);
        }
    } else {
        done = m->sink->write(m->sink->data, rows, m->rgb, m->alpha, error);
    }
    m->first += rows;
    m->rows -= rows;
    memmove(m->rgb, m->rgb + 3 * values, 3 * row * m->rows * sizeof(float));
    if (m->alpha) {
        memmove(m->alpha, m->alpha + values, row * m->rows * sizeof(float));
    }
    return done;
}

static gboolean take_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Merging *m = data;
    gsize row = m->source->width;

    if (m->rows + rows > m->room) {
        m->room = m->rows + rows;
        if (!pst_rows_grow(&m->rgb, alpha ? &m->alpha : NULL, row, m->room, error)) {
            return FALSE;
        }
    }
    memcpy(m->rgb + 3 * row * m->rows, rgb, 3 * row * rows * sizeof(float));
    if (alpha) {
        memcpy(m->alpha + row * m->rows, alpha, row * rows * sizeof(float));
    }
    for (int i = 0; i < rows; i++) {
        pst_area_average_add(m->average, rgb + 3 * row * i, alpha ? alpha + row * i : NULL);
    }
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

    m->average = pst_area_average_new(source->width, source->height, source->alpha, coarse->width, coarse->height,
                                      error);
    if (!m->average) {
        return FALSE;
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
    Merging m = {
        .source = &strokes->source, .sink = sink, .progress = progress, .data = data, .before = copy / (copy + photo)
    };
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
    pst_picture_free(m.result);
    g_free(m.rgb);
    g_free(m.alpha);
    return done;
}
