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

static void append_stroke(PstMask *mask, gboolean erase, double radius, GArray *points)
{
    PstMaskStroke *stroke = g_new0(PstMaskStroke, 1);

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

        append_stroke(copy, stroke->erase, stroke->radius, g_array_copy(stroke->points));
    }
    return copy;
}

void pst_mask_begin(PstMask *mask, gboolean erase, double radius, PstMaskPoint point)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(PstMaskPoint));

    g_array_append_val(points, point);
    append_stroke(mask, erase, radius, points);
}

void pst_mask_extend(PstMask *mask, PstMaskPoint point)
{
    g_return_if_fail(mask->strokes->len > 0);
    PstMaskStroke *stroke = mask->strokes->pdata[mask->strokes->len - 1];

    g_array_append_val(stroke->points, point);
}

static gboolean stroke_equal(const PstMaskStroke *a, const PstMaskStroke *b)
{
    return a->erase == b->erase && a->radius == b->radius && a->points->len == b->points->len &&
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
            float value = fall_off(sqrtf(square), inner, outer);
            row[x] = stroke->erase ? MIN(row[x], 1 - value) : MAX(row[x], value);
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
        const PstMaskPoint *points = (const PstMaskPoint *)stroke->points->data;
        /* Even a hard edge fades over one pixel, so that it has no steps. */
        float outer = stroke->radius * field.unit, inner = MIN(outer * (1 - mask->feather), outer - 1);

        for (guint k = 0; k < stroke->points->len; k++) {
            if (k > 0 || stroke->points->len == 1) {
                mark_segment(&field, points[k > 0 ? k - 1 : 0], points[k], stroke, MAX(0, inner));
            }
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

char *pst_mask_to_text(const PstMask *mask)
{
    GString *text = g_string_new(NULL);

    append_number(text, mask->feather);
    g_string_append(text, mask->invert ? " 1" : " 0");
    for (guint i = 0; i < mask->strokes->len; i++) {
        const PstMaskStroke *stroke = mask->strokes->pdata[i];

        g_string_append(text, stroke->erase ? ";e " : ";p ");
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
    gboolean erase = **text == 'e';
    double radius, x, y;

    if ((**text != 'p' && **text != 'e') || *++*text != ' ' || !read_number(text, 1e-6, 10, &radius)) {
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
            pst_mask_begin(mask, erase, radius, (PstMaskPoint){ x, y });
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
