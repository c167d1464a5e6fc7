#include "tile.h"

#include <string.h>

#include "engine/kernel/pointwise.h"
#include "engine/network/padding.h"

/* Winograd tiles that make a product worth its loads of weights. */
#define PRODUCT_TILES 48
/* Rows that a deep step makes at a time at most, for a quick cancel and small rings. */
#define GROUP_MOST 16
#define REHEARSED  1024 /* rows of the padded picture: more than all steps together reach */

/* The level that a step computes at: below that of its result where it pools. */
static int computed_level(const PstStep *step)
{
    return step->pool ? step->level - 1 : step->level;
}

static PstRange unite(PstRange a, PstRange b)
{
    if (a.begin >= a.end) {
        return b;
    }
    return (PstRange){ MIN(a.begin, b.begin), MAX(a.end, b.end) };
}

/* A range of the padded picture at a level; padded sides are multiples of 8. */
static PstRange at_level(PstRange range, int level, int side)
{
    return (PstRange){ range.begin >> level, MIN(side, range.end) >> level };
}

/* Rows or columns of the results that blocks of 4x4 outputs make. */
static int unit_of(const PstStep *step)
{
    return step->kind == PST_STEP_CONVOLUTION ? step->pool ? 2 : 4 : 1;
}

/* Widens to where such blocks begin and end. */
static PstRange align(const PstStep *step, PstRange range, int side)
{
    int unit = unit_of(step);

    return (PstRange){ range.begin / unit * unit, MIN(side >> step->level, (range.end + unit - 1) / unit * unit) };
}

/* What a step reads of `plus` or, unless it doubles it, of `input` to make `range` of its results. */
static PstRange around(const PstStep *step, PstRange range, int side)
{
    int scale = step->pool ? 2 : 1;

    if (step->kind == PST_STEP_POINTWISE) {
        return range;
    }
    return (PstRange){ MAX(0, scale * range.begin - 1), MIN(side >> computed_level(step), scale * range.end + 1) };
}

static PstRange input_range(const PstStep *step, PstRange range, int side)
{
    range = around(step, range, side);
    if (step->upsample) {
        range = (PstRange){ range.begin / 2, (range.end + 1) / 2 };
    }
    return range;
}

/* Rows that a step makes at a time. */
static int choose_group(const PstStep *step, PstRange columns)
{
    int tiles = MAX(1, (columns.end - columns.begin) * (step->pool ? 2 : 1) / 4);
    int rows = 4;

    /* Powers of two, so that a tile that is made in several goes still has the same groups. */
    while (step->level >= 2 && rows < GROUP_MOST && rows / 4 * tiles < PRODUCT_TILES) {
        rows *= 2;
    }
    return step->pool ? rows / 2 : rows;
}

/* The first row of step `input` that is still to be read. */
static int first_wanted(const PstTile *tile, int input)
{
    int first = G_MAXINT;

    for (int i = input + 1; i < tile->count; i++) {
        const PstStep *step = &tile->steps[i];
        const PstStepState *state = &tile->states[i];
        PstRange next = { state->done, state->done + 1 };

        if (state->done < state->rows.end && step->input == input) {
            first = MIN(first, input_range(step, next, tile->height).begin);
        }
        if (state->done < state->rows.end && step->plus == input) {
            first = MIN(first, around(step, next, tile->height).begin);
        }
    }
    return first;
}

typedef struct {
    PstTile *tile;
    float *scratch; /* of the kernels; NULL: only find out how many rows are held at a time */
    GCancellable *cancellable;
} Walk;

static const float *row_of(const PstTile *tile, int step, int row)
{
    const PstStepState *state = &tile->states[step];

    return pst_map_at(&state->map, row % state->held, 0);
}

static void convolve(const Walk *walk, int i, int first, int rows)
{
    PstTile *tile = walk->tile;
    const PstStep *step = &tile->steps[i];
    PstStepState *state = &tile->states[i], *input = &tile->states[step->input];
    PstStepState *plus = step->plus >= 0 ? &tile->states[step->plus] : NULL;
    PstViews views = { .width = tile->width >> computed_level(step), .x = input->view };
    PstFusion fusion = { .relu = step->relu, .upsample = step->upsample, .views = &views };

    if (plus) {
        fusion.plus = &plus->map;
        views.plus = plus->view;
    }
    if (step->pool) {
        fusion.pooled = &state->map;
        views.pooled = state->view;
        first *= 2;
        rows *= 2;
    } else {
        views.y = state->view;
    }
    pst_convolution_forward(step->convolution, &input->map, step->pool ? NULL : &state->map, first, rows, &fusion,
                            walk->scratch);
}

/* Rows in pieces that neither ring breaks. */
static void multiply(const Walk *walk, int i, int first, int rows)
{
    const PstStep *step = &walk->tile->steps[i];
    PstStepState *state = &walk->tile->states[i], *input = &walk->tile->states[step->input];

    for (int end = first + rows, n; first < end; first += n) {
        PstMap x = input->map, y = state->map;

        n = MIN(end - first, MIN(input->held - first % input->held, state->held - first % state->held));
        x.data = (float *)row_of(walk->tile, step->input, first);
        y.data = (float *)row_of(walk->tile, i, first);
        x.height = y.height = n;
        pst_pointwise(&x, step->weight, step->bias, FALSE, &y, 0, n);
    }
}

static void search(const Walk *walk, int i, int first, int rows)
{
    PstTile *tile = walk->tile;
    const PstStep *step = &tile->steps[i];
    PstRange columns = tile->states[i].columns;
    int left = tile->states[step->input].columns.begin, height = tile->height >> step->level;

    for (int row = first; row < first + rows; row++) {
        const float *around[3];

        for (int k = 0; k < 3; k++) {
            around[k] = row_of(tile, step->input, pst_swap_mirror(row + k - 1, height));
        }
        pst_patch_swap_find(step->swap, around, left, tile->width >> step->level, columns.begin,
                            columns.end - columns.begin, (float *)row_of(tile, i, row), walk->scratch);
    }
}

static void paste(const Walk *walk, int i, int first, int rows)
{
    PstTile *tile = walk->tile;
    const PstStep *step = &tile->steps[i];
    const PstStepState *searched = &tile->states[step->input], *content = &tile->states[step->plus];
    PstRange columns = tile->states[i].columns;
    int height = tile->height >> step->level;
    gsize skipped = (gsize)(columns.begin - content->columns.begin) * step->channels;

    for (int row = first; row < first + rows; row++) {
        const float *found[3];

        for (int k = 0; k < 3; k++) {
            int y = row + k - 1;

            found[k] = y >= 0 && y < height ? row_of(tile, step->input, y) : NULL;
        }
        pst_patch_swap_paste(step->swap, row_of(tile, step->plus, row) + skipped, found, searched->columns.begin,
                             tile->width >> step->level, columns.begin, columns.end - columns.begin,
                             (float *)row_of(tile, i, row));
    }
}

static void read_rows(const Walk *walk, int i, int first, int rows)
{
    const PstStep *step = &walk->tile->steps[i];
    PstStepState *state = &walk->tile->states[i];
    int left = state->columns.begin, count = state->columns.end - left;

    for (int row = first; row < first + rows; row++) {
        float *to = (float *)row_of(walk->tile, i, row);

        if (step->kind == PST_STEP_STRIP) {
            pst_feature_strip_read(step->strip, row, left, count, to);
        } else {
            int y = pst_padding_reflect(row, step->photo->height);

            pst_padded_row(pst_frame_rgb(step->photo, y), pst_frame_alpha(step->photo, y), step->photo->width, left,
                           count, to);
            pst_grain_row(&step->grain, step->photo->top + row, step->photo->left + left, count, to);
        }
    }
}

/* Hands on those of the rows that are the tile's own. */
static void deliver(const PstTile *tile, int i, int first, int rows)
{
    const PstStep *step = &tile->steps[i];
    const PstStepState *state = &tile->states[i];
    PstRange own = at_level(tile->rows, step->level, tile->height);
    PstRange columns = at_level(tile->columns, step->level, tile->width);

    for (int row = MAX(first, own.begin); row < MIN(first + rows, own.end); row++) {
        const float *values = row_of(tile, i, row) + (gsize)(columns.begin - state->columns.begin) * step->channels;

        if (step->keep) {
            pst_feature_strip_write(step->keep, row, columns.begin, columns.end - columns.begin, values);
        }
        if (step->sink) {
            step->sink(step->sink_data, row, columns.begin, columns.end - columns.begin, values);
        }
    }
}

static gboolean is_cancelled(const Walk *walk)
{
    return walk->cancellable && g_cancellable_is_cancelled(walk->cancellable);
}

/* Makes the rows of step i up to `end`, and before them what they need. */
static void advance(const Walk *walk, int i, int end)
{
    PstTile *tile = walk->tile;
    const PstStep *step = &tile->steps[i];
    PstStepState *state = &tile->states[i];

    while (state->done < end && !is_cancelled(walk)) {
        int first = state->done;
        PstRange made = align(step, (PstRange){ first, MIN(end, first + state->group) }, tile->height);
        int rows = made.end - first;

        if (step->input >= 0) {
            advance(walk, step->input, input_range(step, made, tile->height).end);
        }
        if (step->plus >= 0) {
            advance(walk, step->plus, around(step, made, tile->height).end);
        }
        if (is_cancelled(walk)) {
            return; /* what these rows are made of may be missing */
        }
        if (walk->scratch) {
            switch (step->kind) {
            case PST_STEP_CONVOLUTION:
                convolve(walk, i, first, rows);
                break;
            case PST_STEP_POINTWISE:
                multiply(walk, i, first, rows);
                break;
            case PST_STEP_SEARCH:
                search(walk, i, first, rows);
                break;
            case PST_STEP_PASTE:
                paste(walk, i, first, rows);
                break;
            default:
                read_rows(walk, i, first, rows);
            }
            deliver(tile, i, first, rows);
        }
        state->done = first + rows;
        int held = state->done - MIN(first, first_wanted(tile, i));
        if (walk->scratch) {
            g_assert(held <= state->held);
        } else {
            state->held = MAX(state->held, held);
        }
    }
}

static void restart(PstTile *tile)
{
    for (int i = 0; i < tile->count; i++) {
        tile->states[i].done = tile->states[i].rows.begin;
    }
}

/* Which rows and columns each step makes, from the last back to the first. */
static void plan_ranges(PstTile *tile)
{
    for (int i = tile->count - 1; i >= 0; i--) {
        const PstStep *step = &tile->steps[i];
        PstStepState *state = &tile->states[i];

        if (step->keep || step->sink || i == tile->count - 1) {
            state->rows = unite(state->rows, at_level(tile->rows, step->level, tile->height));
            state->columns = unite(state->columns, at_level(tile->columns, step->level, tile->width));
        }
        state->rows = align(step, state->rows, tile->height);
        state->columns = align(step, state->columns, tile->width);
        state->group = choose_group(step, state->columns);
        if (step->input >= 0) {
            PstStepState *input = &tile->states[step->input];

            input->rows = unite(input->rows, input_range(step, state->rows, tile->height));
            input->columns = unite(input->columns, input_range(step, state->columns, tile->width));
        }
        if (step->plus >= 0) {
            PstStepState *plus = &tile->states[step->plus];

            plus->rows = unite(plus->rows, around(step, state->rows, tile->height));
            plus->columns = unite(plus->columns, around(step, state->columns, tile->width));
        }
    }
}

static void plan_rings(PstTile *tile)
{
    for (int i = 0; i < tile->count; i++) {
        const PstStep *step = &tile->steps[i];
        PstStepState *state = &tile->states[i];
        int width = state->columns.end - state->columns.begin;

        state->held = (state->held + 3) / 4 * 4;
        state->offset = tile->rings;
        state->map = (PstMap){ .height = tile->height >> step->level, .width = width, .channels = step->channels };
        state->view = (PstView){ .left = state->columns.begin, .held = state->held };
        tile->rings += ((gsize)state->held * width * step->channels + 15) & ~(gsize)15;
        if (step->convolution) {
            gsize scratch = pst_convolution_scratch(step->convolution, width * (step->pool ? 2 : 1));
            tile->scratch = MAX(tile->scratch, scratch);
        }
        if (step->kind == PST_STEP_SEARCH) {
            tile->scratch = MAX(tile->scratch, pst_patch_swap_scratch(tile->steps[step->input].channels));
        }
    }
}

void pst_tile_reach(PstTile *tile, const PstStep *steps, int count, int width, int height, PstRange rows,
                    PstRange columns)
{
    *tile = (PstTile){
        .steps = steps, .count = count, .width = width, .height = height, .rows = rows, .columns = columns
    };
    plan_ranges(tile);
}

/* Of each step, the rows that are made and still to be read. */
static PstRange unread(const PstTile *tile, int i)
{
    const PstStepState *state = &tile->states[i];

    return (PstRange){ MIN(state->done, first_wanted(tile, i)), state->done };
}

static gsize row_size(const PstTile *tile, int i)
{
    const PstStepState *state = &tile->states[i];

    return (gsize)(state->columns.end - state->columns.begin) * tile->steps[i].channels;
}

static int at_last(const PstTile *tile, int row)
{
    return at_level((PstRange){ 0, row }, tile->steps[tile->count - 1].level, tile->height).end;
}

/* Walks through the tile without making anything, to see what it holds and keeps. After some rows all repeats. */
static void rehearse(PstTile *tile, int step)
{
    gint64 enough = tile->rows.begin + REHEARSED + 4 * (gint64)step;

    for (int row = tile->rows.begin; row < MIN(enough, tile->rows.end);) {
        gsize kept = 0;

        row = MIN(tile->rows.end, row + step);
        advance(&(Walk){ .tile = tile }, tile->count - 1, at_last(tile, row));
        for (int i = 0; i < tile->count; i++) {
            PstRange rows = unread(tile, i);

            kept += (rows.end - rows.begin) * row_size(tile, i);
        }
        tile->kept = MAX(tile->kept, kept);
    }
}

void pst_tile_plan(PstTile *tile, const PstStep *steps, int count, int width, int height, PstRange rows,
                   PstRange columns, int step)
{
    pst_tile_reach(tile, steps, count, width, height, rows, columns);
    restart(tile);
    rehearse(tile, step);
    restart(tile);
    plan_rings(tile);
}

static void copy_unread(PstTile *tile, float *kept, gboolean back)
{
    const float *end = kept + tile->kept;

    for (int i = 0; i < tile->count; i++) {
        PstRange rows = unread(tile, i);
        gsize size = row_size(tile, i);

        g_assert(kept + (rows.end - rows.begin) * size <= end);
        for (int row = rows.begin; row < rows.end; row++, kept += size) {
            float *ring = (float *)row_of(tile, i, row);

            memcpy(back ? ring : kept, back ? kept : ring, size * sizeof(float));
        }
    }
}

void pst_tile_run(PstTile *tile, int end, float *arena, float *kept, PstTileAdvance progress, gpointer data,
                  GCancellable *cancellable)
{
    Walk walk = { tile, arena + tile->rings, cancellable };
    int last = tile->count - 1;
    PstStepState *state = &tile->states[last];

    for (int i = 0; i < tile->count; i++) {
        tile->states[i].map.data = arena + tile->states[i].offset;
    }
    if (kept) {
        copy_unread(tile, kept, TRUE);
    }
    end = at_last(tile, end);
    while (state->done < end && !is_cancelled(&walk)) {
        int before = state->done;

        advance(&walk, last, MIN(end, before + state->group));
        progress(state->done - before, data);
    }
    /* In the middle of a step more rows are unread than there is room for; and nothing goes on from there. */
    if (kept && !is_cancelled(&walk)) {
        copy_unread(tile, kept, FALSE);
    }
}
