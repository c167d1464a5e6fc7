#include "large_strokes.h"

#include "area_average.h"
#include "engine/base/wide_loop.h"

#include <math.h>
#include <string.h>

#define AROUND 32 /* pixels that a part of the photograph is painted with: what shows of those further away is faint */

struct PstLargeStrokes {
    const PstModel *model;
    PstThreadPool *pool;
    PstPainterOptions options; /* of painters of parts */
    const PstCarried *carried; /* or NULL */
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
    own.carried = NULL;
    strokes->model = model;
    strokes->pool = pool;
    strokes->options = own;
    strokes->carried = options->carried;
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
    const PstPicture *fine;   /* what the rows at hand are made of; or NULL: of themselves */
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
PST_WIDE_LOOP static void merge_row(int row, int worker, gpointer data)
{
    const Merging *m = data;
    int y = m->first + row;
    float *rgb = colours_at_hand(m) + (gsize)3 * row * m->source->width;
    const float *fine = m->fine ? m->fine->rgb + (gsize)3 * y * m->source->width : rgb;
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

            rgb[3 * x + c] = CLAMP(fine[3 * x + c] + value, 0, 1);
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

/* What was added to the average goes on as far as that lets it. */
static gboolean go_on(Merging *m, int rows, GError **error)
{
    m->rows += rows;
    rows = ready(m);
    return rows == 0 || pass_on(m, rows, error);
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
    return go_on(m, rows, error);
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
        m->result = pst_picture_new_unset(source->width, source->height, source->alpha, error);
        if (m->result && source->picture) {
            pst_picture_info_copy(&source->picture->info, &m->result->info);
        }
        return m->result != NULL;
    }
    return TRUE;
}

/* ---- what the frame before has --------------------------------------------------------------- */

static void copy_part(const PstPicture *from, int left, int top, PstPicture *to, int to_left, int to_top, int width,
                      int height)
{
    for (int y = 0; y < height; y++) {
        memcpy(to->rgb + 3 * ((gsize)(to_top + y) * to->width + to_left),
               from->rgb + 3 * ((gsize)(top + y) * from->width + left), 3 * (gsize)width * sizeof(float));
    }
}

static PstRange widen(PstRange range, int side)
{
    return (PstRange){ MAX(0, range.begin - AROUND), MIN(side, range.end + AROUND) };
}

/* Paints a part of the photograph, and puts its middle into the painting. */
static gboolean paint_part(const PstLargeStrokes *strokes, const PstPaintLayers *layers, PstRange rows,
                           PstRange columns, PstPicture *painting, GCancellable *cancellable, GError **error)
{
    const PstPicture *photo = strokes->source.picture;
    PstRange wide_rows = widen(rows, photo->height), wide_columns = widen(columns, photo->width);
    int width = wide_columns.end - wide_columns.begin, height = wide_rows.end - wide_rows.begin;
    g_autoptr(PstPicture) part = pst_picture_new_unset(width, height, FALSE, error), result = NULL;
    PstPainterOptions options = strokes->options;
    const PstRowSink sink = { .picture = &result };
    g_autoptr(PstPainter) painter = NULL;
    PstRowSource source;

    if (!part) {
        return FALSE;
    }
    copy_part(photo, wide_columns.begin, wide_rows.begin, part, 0, 0, width, height);
    source = pst_row_source(part);
    options.part = (PstFramePart){ wide_columns.begin, wide_rows.begin, photo->width, photo->height };
    painter = pst_painter_new(strokes->model, strokes->pool, &source, &options, cancellable, error);
    if (!painter || !pst_painter_paint(painter, layers, &sink, NULL, NULL, cancellable, error)) {
        return FALSE;
    }
    copy_part(result, columns.begin - wide_columns.begin, rows.begin - wide_rows.begin, painting, columns.begin,
              rows.begin, columns.end - columns.begin, rows.end - rows.begin);
    return TRUE;
}

typedef struct {
    const PstPicture *from;
    PstPicture *to;
} Copy;

static void copy_row(int y, int worker, gpointer data)
{
    const Copy *copy = data;

    copy_part(copy->from, 0, y, copy->to, 0, y, copy->to->width, 1);
}

/* The painting of the photograph, from that of the frame before, which the caller still needs as it is. */
static gboolean carry(const PstLargeStrokes *strokes, const PstPaintLayers *layers, Merging *m,
                      GCancellable *cancellable, GError **error)
{
    const PstCarried *carried = strokes->carried;
    Copy copy = { carried->painting, m->result };

    m->fine = carried->painting;
    if (carried->count > 0) {
        pst_thread_pool_run(strokes->pool, m->result->height, copy_row, &copy);
        m->fine = m->result;
    }
    for (int i = 0; i < carried->count; i++) {
        if (!paint_part(strokes, layers, carried->rows[i], carried->columns[i], m->result, cancellable, error)) {
            return FALSE;
        }
    }
    pst_area_average_add(m->average, m->fine->height, m->fine->rgb, NULL);
    return go_on(m, m->result->height, error);
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
           (strokes->carried ? carry(strokes, layers, &m, cancellable, error)
                             : pst_painter_paint(strokes->of_photo, layers, &rows, progress ? second_progress : NULL,
                                                 &m, cancellable, error));
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
