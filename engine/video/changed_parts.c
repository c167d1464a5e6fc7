#include "changed_parts.h"

#include <math.h>

#define CELL  128   /* pixels of the sides of a square */
#define BLOCK 8     /* and of a block, in the smaller picture */
#define OTHER 0.5f  /* of the contrast of a block: such a change is another thing, not another place between pixels */
#define MUCH  30.0f /* of 255: a greater difference does not say more */

struct PstChangedParts {
    int width, height, step;
    int small_width, small_height;
    int count;
    PstRange *rows, *columns; /* room for all squares */
};

PstChangedParts *pst_changed_parts_new(int width, int height, int step)
{
    PstChangedParts *parts = g_new0(PstChangedParts, 1);
    gsize cells = (gsize)(width / CELL + 1) * (height / CELL + 1);

    parts->width = width;
    parts->height = height;
    parts->step = step;
    parts->small_width = width / step;
    parts->small_height = height / step;
    parts->rows = g_new(PstRange, cells);
    parts->columns = g_new(PstRange, cells);
    return parts;
}

void pst_changed_parts_free(PstChangedParts *parts)
{
    if (parts) {
        g_free(parts->rows);
        g_free(parts->columns);
        g_free(parts);
    }
}

/* Whether a block shows something else than before: what changed is much, and no small part of what is seen there. Fine
 * texture that moved between pixels differs, too, but less than it varies. */
static gboolean is_new_block(const PstChangedParts *parts, const float *now, const float *change, int left, int top)
{
    gsize width = parts->small_width, plane = width * parts->small_height;
    float changed = 0, means[3] = { 0 }, contrast = 0;

    for (int y = top; y < top + BLOCK; y++) {
        for (int x = left; x < left + BLOCK; x++) {
            gsize i = y * width + x;

            changed += MIN(change[i], MUCH) / (BLOCK * BLOCK);
            for (int p = 0; p < 3; p++) {
                means[p] += now[p * plane + i] / (BLOCK * BLOCK);
            }
        }
    }
    for (int y = top; y < top + BLOCK && changed > PST_CHANGED; y++) {
        for (int x = left; x < left + BLOCK; x++) {
            for (int p = 0; p < 3; p++) {
                contrast += fabsf(now[p * plane + y * width + x] - means[p]) / (BLOCK * BLOCK);
            }
        }
    }
    return changed > PST_CHANGED && changed > OTHER * contrast;
}

static gboolean is_changed(const PstChangedParts *parts, const float *now, const float *change, int column, int row)
{
    int cell = CELL / parts->step;
    int right = MIN(parts->small_width, (column + 1) * cell) - BLOCK;
    int bottom = MIN(parts->small_height, (row + 1) * cell) - BLOCK;

    for (int top = row * cell; top <= bottom; top += BLOCK) {
        for (int left = column * cell; left <= right; left += BLOCK) {
            if (is_new_block(parts, now, change, left, top)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* Adds squares of a row beside each other; below others that are alike they make one part with them. */
static void add(PstChangedParts *parts, PstRange rows, PstRange columns)
{
    for (int i = 0; i < parts->count; i++) {
        const PstRange *above = parts->columns + i;

        if (parts->rows[i].end == rows.begin && above->begin == columns.begin && above->end == columns.end) {
            parts->rows[i].end = rows.end;
            return;
        }
    }
    parts->rows[parts->count] = rows;
    parts->columns[parts->count++] = columns;
}

double pst_changed_parts_find(PstChangedParts *parts, const float *now, const float *change)
{
    double sum = 0;

    parts->count = 0;
    for (int row = 0; row * CELL < parts->height; row++) {
        PstRange rows = { row * CELL, MIN(parts->height, (row + 1) * CELL) };

        for (int first = 0, end; first * CELL < parts->width; first = end + 1) {
            for (end = first; end * CELL < parts->width && is_changed(parts, now, change, end, row); end++) {
            }
            if (end > first) {
                PstRange columns = { first * CELL, MIN(parts->width, end * CELL) };

                add(parts, rows, columns);
                sum += (double)(rows.end - rows.begin) * (columns.end - columns.begin);
            }
        }
    }
    return sum / ((double)parts->width * parts->height);
}

int pst_changed_parts(const PstChangedParts *parts, const PstRange **rows, const PstRange **columns)
{
    *rows = parts->rows;
    *columns = parts->columns;
    return parts->count;
}
