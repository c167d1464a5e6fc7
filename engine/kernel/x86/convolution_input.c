#include "convolution_input.h"

enum {
    BEYOND = 16 /* columns past the last that tables reach: two of padding, and a patch of a clipped
                   tile */
};

/* The input's row or column that stands at i, or -1 for zeros. */
static int locate(int i, int size, bool reflect)
{
    if (reflect)
        /* Patches of clipped tiles reach beyond the reflection. What they read there is never used. */
        return CLAMP(pst_reflect(MIN(i, size), size), 0, size - 1);
    return i < 0 || i >= size ? -1 : i;
}

gsize PST_ISA(pst_input_size)(int width)
{
    return 2 * (((gsize)width + 2 * BEYOND) & ~(gsize)(BEYOND - 1));
}

static gint32 column_offset(int i, const Input *input, const PstMap *map, int left, bool upsample)
{
    int column = locate(input->left + i - input->pad, input->whole, input->reflect);
    if (column < 0)
        return -1;
    column = (upsample ? MIN(column / 2, left + map->width - 1) : column) - left;
    /* What is read beyond a view is never used, as beyond the reflection. */
    return CLAMP(column, 0, map->width - 1) * map->channels;
}

static void fill(gint32 *columns, int count, const Input *input, const PstMap *map, int left, bool upsample)
{
    /* No branches between the edges of the map, and of the part that it is. */
    int scale = upsample ? 2 : 1, shift = input->left - input->pad;
    int begin = MAX(0, scale * left) - shift;
    int end = MIN(input->whole, scale * (left + map->width)) - shift;
    begin = CLAMP(begin, 0, count);
    end = CLAMP(end, begin, count);

    for (int i = 0; i < begin; i++)
        columns[i] = column_offset(i, input, map, left, upsample);
    if (upsample)
        for (int i = begin; i < end; i++)
            columns[i] = ((int)((unsigned)(shift + i) / 2) - left) * map->channels;
    else
        for (int i = begin; i < end; i++)
            columns[i] = (shift + i - left) * map->channels;
    for (int i = end; i < count; i++)
        columns[i] = column_offset(i, input, map, left, upsample);
}

static void fill_both(Input *input, float *scratch)
{
    int count = (int)(PST_ISA(pst_input_size)(input->width) / 2);
    gint32 *columns = (gint32 *)scratch, *other_columns = columns + count;

    fill(columns, count, input, input->map, input->view.left, input->upsample);
    if (input->other != NULL)
        fill(other_columns, count, input, input->other, input->other_view.left, false);
    input->columns = columns;
    input->other_columns = other_columns;
}

Input PST_ISA(pst_input_forward)(const PstMap *x, const PstFusion *fusion, const PstExtent *extent, float *scratch)
{
    Input input = { .map = x,
                    .other = fusion->plus,
                    .view = extent->views.x,
                    .other_view = extent->views.plus,
                    .height = extent->height,
                    .whole = extent->whole,
                    .left = extent->left,
                    .width = extent->width,
                    .pad = 1,
                    .reflect = true,
                    .upsample = fusion->upsample };
    fill_both(&input, scratch);
    return input;
}

Input PST_ISA(pst_input_gradient)(const PstMap *dy, const PstMap *y, int pad, float *scratch)
{
    Input input = { .map = dy, .other = y, .height = dy->height, .whole = dy->width, .width = dy->width, .pad = pad };
    fill_both(&input, scratch);
    return input;
}

const float *PST_ISA(pst_input_row)(const Input *input, int row)
{
    row = locate(row, input->height, input->reflect);
    if (row < 0)
        return NULL;
    return pst_view_row(input->map, &input->view, input->upsample ? MIN(row / 2, input->map->height - 1) : row);
}

const float *PST_ISA(pst_input_other_row)(const Input *input, int row)
{
    row = locate(row, input->height, input->reflect);
    return input->other == NULL || row < 0 ? NULL : pst_view_row(input->other, &input->other_view, row);
}
