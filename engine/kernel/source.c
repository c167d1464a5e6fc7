#include "source.h"

#include "reference.h"

enum {
    BEYOND = 16 /* columns past the last that tables reach: two of padding, and a patch of a clipped
                   tile */
};

/* The input's row or column that stands at i, or -1 for zeros. */
static int locate(int i, int size, bool reflect)
{
    if (reflect)
        /* Patches of clipped tiles reach beyond the reflection: what they read is never used. */
        return CLAMP(pst_reflect(MIN(i, size), size), 0, size - 1);
    return i < 0 || i >= size ? -1 : i;
}

gsize PST_ISA(pst_source_size)(int width)
{
    return 2 * (((gsize)width + 2 * BEYOND) & ~(gsize)(BEYOND - 1));
}

static void fill(gint32 *columns, int count, const Source *source, const PstMap *map, bool upsample)
{
    for (int i = 0; i < count; i++) {
        int column = locate(i - source->pad, source->width, source->reflect);
        if (upsample)
            column = MIN(column / 2, map->width - 1);
        columns[i] = column < 0 ? -1 : column * map->channels;
    }
}

static void fill_both(Source *source, float *scratch)
{
    int count = (int)(PST_ISA(pst_source_size)(source->width) / 2);
    gint32 *columns = (gint32 *)scratch, *other_columns = columns + count;

    fill(columns, count, source, source->map, source->upsample);
    if (source->other != NULL)
        fill(other_columns, count, source, source->other, false);
    source->columns = columns;
    source->other_columns = other_columns;
}

Source PST_ISA(pst_source_forward)(const PstMap *x, const PstFusion *fusion, int height, int width,
                                   float *scratch)
{
    Source source = {.map = x,
                     .other = fusion->plus,
                     .height = height,
                     .width = width,
                     .pad = 1,
                     .reflect = true,
                     .upsample = fusion->upsample};
    fill_both(&source, scratch);
    return source;
}

Source PST_ISA(pst_source_gradient)(const PstMap *dy, const PstMap *y, int pad, float *scratch)
{
    Source source = {.map = dy, .other = y, .height = dy->height, .width = dy->width, .pad = pad};
    fill_both(&source, scratch);
    return source;
}

const float *PST_ISA(pst_source_row)(const Source *source, int row)
{
    row = locate(row, source->height, source->reflect);
    if (row < 0)
        return NULL;
    return pst_map_at(source->map, source->upsample ? MIN(row / 2, source->map->height - 1) : row,
                      0);
}

const float *PST_ISA(pst_source_other_row)(const Source *source, int row)
{
    row = locate(row, source->height, source->reflect);
    return source->other == NULL || row < 0 ? NULL : pst_map_at(source->other, row, 0);
}
