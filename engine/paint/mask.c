#include "mask.h"

#include <math.h>
#include <string.h>

#define MOST_POINTS 200000

static void stroke_free(gpointer data)
{
    PstMaskStroke *stroke = data;

    g_array_unref(stroke->points);
    g_free(stroke);
}

PstMask *pst_mask_new(void)
{
    PstMask *mask = g_new0(PstMask, 1);

    g_atomic_ref_count_init(&mask->references);
    mask->strokes = g_ptr_array_new_with_free_func(stroke_free);
    mask->feather = 0.5;
    return mask;
}

PstMask *pst_mask_ref(PstMask *mask)
{
    g_atomic_ref_count_inc(&mask->references);
    return mask;
}

void pst_mask_unref(PstMask *mask)
{
    if (mask && g_atomic_ref_count_dec(&mask->references)) {
        g_ptr_array_unref(mask->strokes);
        g_free(mask);
    }
}

static void append_stroke(PstMask *mask, PstMaskShape shape, gboolean erase, double radius, GArray *points)
{
    PstMaskStroke *stroke = g_new0(PstMaskStroke, 1);

    stroke->shape = shape;
    stroke->erase = erase;
    stroke->radius = (float)radius;
    stroke->points = points;
    g_ptr_array_add(mask->strokes, stroke);
}

PstMask *pst_mask_copy(const PstMask *mask)
{
    PstMask *copy = pst_mask_new();

    copy->feather = mask->feather;
    copy->invert = mask->invert;
    for (guint i = 0; i < mask->strokes->len; i++) {
        const PstMaskStroke *stroke = mask->strokes->pdata[i];

        append_stroke(copy, stroke->shape, stroke->erase, stroke->radius, g_array_copy(stroke->points));
    }
    return copy;
}

void pst_mask_begin(PstMask *mask, PstMaskShape shape, gboolean erase, double radius, PstMaskPoint point)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(PstMaskPoint));

    g_array_append_val(points, point);
    append_stroke(mask, shape, erase, radius, points);
}

void pst_mask_extend(PstMask *mask, PstMaskPoint point)
{
    g_return_if_fail(mask->strokes->len > 0);
    PstMaskStroke *stroke = mask->strokes->pdata[mask->strokes->len - 1];

    g_array_append_val(stroke->points, point);
}

static gboolean stroke_equal(const PstMaskStroke *a, const PstMaskStroke *b)
{
    return a->shape == b->shape && a->erase == b->erase && a->radius == b->radius && a->points->len == b->points->len &&
           memcmp(a->points->data, b->points->data, a->points->len * sizeof(PstMaskPoint)) == 0;
}

gboolean pst_mask_equal(const PstMask *a, const PstMask *b)
{
    if (a == b) {
        return TRUE;
    }
    if (!a || !b || a->feather != b->feather || a->invert != b->invert || a->strokes->len != b->strokes->len) {
        return FALSE;
    }
    for (guint i = 0; i < a->strokes->len; i++) {
        if (!stroke_equal(a->strokes->pdata[i], b->strokes->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The rows being evaluated, in pixels. */
typedef struct {
    int width, first, rows;
    float unit; /* pixels of the longer side */
    float *values;
} Field;

/* Smoothstep from 1 at `inner` to 0 at `outer`. */
static float fall_off(float distance, float inner, float outer)
{
    if (distance <= inner) {
        return 1;
    }
    if (distance >= outer) {
        return 0;
    }
    float t = (outer - distance) / (outer - inner);
    return t * t * (3 - 2 * t);
}

static void mark(float *value, const PstMaskStroke *stroke, float strength)
{
    *value = stroke->erase ? MIN(*value, 1 - strength) : MAX(*value, strength);
}

static void mark_segment(const Field *field, PstMaskPoint a, PstMaskPoint b, const PstMaskStroke *stroke, float inner)
{
    float ax = a.x * field->unit, ay = a.y * field->unit, outer = stroke->radius * field->unit;
    float dx = b.x * field->unit - ax, dy = b.y * field->unit - ay, length = dx * dx + dy * dy;
    int top = MAX(field->first, (int)floorf(MIN(ay, ay + dy) - outer));
    int bottom = MIN(field->first + field->rows - 1, (int)ceilf(MAX(ay, ay + dy) + outer));
    int left = MAX(0, (int)floorf(MIN(ax, ax + dx) - outer));
    int right = MIN(field->width - 1, (int)ceilf(MAX(ax, ax + dx) + outer));

    for (int y = top; y <= bottom; y++) {
        float *row = field->values + (gsize)(y - field->first) * field->width, py = y + 0.5f - ay;

        for (int x = left; x <= right; x++) {
            float px = x + 0.5f - ax, t = length > 0 ? CLAMP((px * dx + py * dy) / length, 0, 1) : 0;
            float ex = px - t * dx, ey = py - t * dy, square = ex * ex + ey * ey;

            if (square >= outer * outer) {
                continue;
            }
            mark(&row[x], stroke, fall_off(sqrtf(square), inner, outer));
        }
    }
}

static void mark_brush(const Field *field, const PstMaskStroke *stroke, double feather)
{
    const PstMaskPoint *points = (const PstMaskPoint *)stroke->points->data;
    /* Even a hard edge fades over one pixel, so that it has no steps. */
    float outer = stroke->radius * field->unit, inner = MIN(outer * (1 - feather), outer - 1);

    for (guint k = 0; k < stroke->points->len; k++) {
        if (k > 0 || stroke->points->len == 1) {
            mark_segment(field, points[k > 0 ? k - 1 : 0], points[k], stroke, MAX(0, inner));
        }
    }
}

/* Of one row of pixels, which are inside of the polygon, and the square of how far the edge is away where that is
 * less than what stands in `square`. */
static void measure_edge(const Field *field, const PstMaskStroke *stroke, float y, float reach, guint8 *inside,
                         float *square)
{
    const PstMaskPoint *points = (const PstMaskPoint *)stroke->points->data;
    float unit = field->unit;

    for (guint i = 0, k = stroke->points->len - 1; i < stroke->points->len; k = i++) {
        float ax = points[k].x * unit, ay = points[k].y * unit, bx = points[i].x * unit, by = points[i].y * unit;
        float dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;

        if ((ay > y) != (by > y)) {
            for (int x = MAX(0, (int)ceilf(ax + (y - ay) / dy * dx - 0.5f)); x < field->width; x++) {
                inside[x] ^= 1;
            }
        }
        if (y < MIN(ay, by) - reach || y > MAX(ay, by) + reach) {
            continue;
        }
        for (int x = MAX(0, (int)(MIN(ax, bx) - reach)); x < field->width && x < MAX(ax, bx) + reach; x++) {
            float px = x + 0.5f - ax, py = y - ay;
            float t = length > 0 ? CLAMP((px * dx + py * dy) / length, 0, 1) : 0;
            float ex = px - t * dx, ey = py - t * dy;

            square[x] = MIN(square[x], ex * ex + ey * ey);
        }
    }
}

static void mark_lasso(const Field *field, const PstMaskStroke *stroke, double feather)
{
    float reach = MAX(0.5f, stroke->radius * field->unit * (float)feather);
    g_autofree guint8 *inside = g_new(guint8, field->width);
    g_autofree float *square = g_new(float, field->width);

    for (int y = field->first; y < field->first + field->rows; y++) {
        float *row = field->values + (gsize)(y - field->first) * field->width;

        memset(inside, 0, field->width);
        for (int x = 0; x < field->width; x++) {
            square[x] = reach * reach;
        }
        measure_edge(field, stroke, y + 0.5f, reach, inside, square);
        for (int x = 0; x < field->width; x++) {
            mark(&row[x], stroke, fall_off(inside[x] ? -sqrtf(square[x]) : sqrtf(square[x]), -reach, reach));
        }
    }
}

static void mark_gradient(const Field *field, const PstMaskStroke *stroke)
{
    const PstMaskPoint *points = (const PstMaskPoint *)stroke->points->data;
    PstMaskPoint from = points[0], to = points[stroke->points->len - 1];
    float ax = from.x * field->unit, ay = from.y * field->unit;
    float dx = to.x * field->unit - ax, dy = to.y * field->unit - ay, length = dx * dx + dy * dy;

    for (int y = field->first; y < field->first + field->rows && length > 0; y++) {
        float *row = field->values + (gsize)(y - field->first) * field->width;

        for (int x = 0; x < field->width; x++) {
            mark(&row[x], stroke, fall_off(((x + 0.5f - ax) * dx + (y + 0.5f - ay) * dy) / length, 0, 1));
        }
    }
}

void pst_mask_fill(const PstMask *mask, int width, int height, int first, int rows, float *values)
{
    Field field = { width, first, rows, MAX(width, height), values };
    gsize count = (gsize)rows * width;

    memset(values, 0, count * sizeof(float));
    for (guint i = 0; i < mask->strokes->len; i++) {
        const PstMaskStroke *stroke = mask->strokes->pdata[i];

        switch (stroke->shape) {
        case PST_MASK_BRUSH:
            mark_brush(&field, stroke, mask->feather);
            break;
        case PST_MASK_LASSO:
            mark_lasso(&field, stroke, mask->feather);
            break;
        case PST_MASK_GRADIENT:
            mark_gradient(&field, stroke);
            break;
        }
    }
    for (gsize i = 0; mask->invert && i < count; i++) {
        values[i] = 1 - values[i];
    }
}

static void append_number(GString *text, double number)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(text, g_ascii_formatd(buffer, sizeof buffer, "%.6g", number));
}

/* Of each shape, to paint and to erase. */
static const char *const letters[] = { "pe", "lL", "gG" };

char *pst_mask_to_text(const PstMask *mask)
{
    GString *text = g_string_new(NULL);

    append_number(text, mask->feather);
    g_string_append(text, mask->invert ? " 1" : " 0");
    for (guint i = 0; i < mask->strokes->len; i++) {
        const PstMaskStroke *stroke = mask->strokes->pdata[i];

        g_string_append_c(text, ';');
        g_string_append_c(text, letters[stroke->shape][stroke->erase ? 1 : 0]);
        g_string_append_c(text, ' ');
        append_number(text, stroke->radius);
        for (guint k = 0; k < stroke->points->len; k++) {
            PstMaskPoint point = g_array_index(stroke->points, PstMaskPoint, k);

            g_string_append_c(text, ' ');
            append_number(text, point.x);
            g_string_append_c(text, ',');
            append_number(text, point.y);
        }
    }
    return g_string_free(text, FALSE);
}

static gboolean read_number(const char **text, double least, double most, double *number)
{
    char *end;

    *number = g_ascii_strtod(*text, &end);
    if (end == *text || !(*number >= least && *number <= most)) {
        return FALSE;
    }
    *text = end;
    return TRUE;
}

static gboolean read_stroke(const char **text, PstMask *mask, guint *points)
{
    PstMaskShape shape = PST_MASK_BRUSH;
    double radius, x, y;
    gboolean erase;

    while (shape < PST_MASK_GRADIENT && (!**text || !strchr(letters[shape], **text))) {
        shape++;
    }
    erase = **text == letters[shape][1];
    if ((!erase && **text != letters[shape][0]) || *++*text != ' ' || !read_number(text, 1e-6, 10, &radius)) {
        return FALSE;
    }
    for (gboolean begun = FALSE; **text == ' '; begun = TRUE) {
        if (!read_number(text, -10, 10, &x) || *(*text)++ != ',' || !read_number(text, -10, 10, &y) ||
            ++*points > MOST_POINTS) {
            return FALSE;
        }
        if (begun) {
            pst_mask_extend(mask, (PstMaskPoint){ x, y });
        } else {
            pst_mask_begin(mask, shape, erase, radius, (PstMaskPoint){ x, y });
        }
    }
    return (*text)[-1] != ' ';
}

PstMask *pst_mask_from_text(const char *text)
{
    g_autoptr(PstMask) mask = pst_mask_new();
    guint points = 0, strokes = 0;
    double invert;

    if (!read_number(&text, 0, 1, &mask->feather) || !read_number(&text, 0, 1, &invert)) {
        return NULL;
    }
    mask->invert = invert != 0;
    while (*text == ';') {
        text++;
        if (!read_stroke(&text, mask, &points) || mask->strokes->len != ++strokes) {
            return NULL;
        }
    }
    return *text ? NULL : g_steal_pointer(&mask);
}
