#include "motion.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK       PST_MOTION_BLOCK
#define LEVELS      4
#define REACH       7    /* pixels at the coarsest size, in each direction */
#define STEPS       2    /* of improvement at each size */
#define STIFFNESS   0.2f /* a vector that differs by a pixel from what is expected has to be better by this, a pixel, */
#define BETTER      0.85f /* of the difference without a step: what one between pixels has to reach */
#define SLOPE       1.0f  /* of luma in a pixel, above noise, where a block says where it was */
#define MARGIN      4     /* pixels around a block whose slopes are looked at, too */
#define REFINEMENTS 2
#define NEAR        1    /* blocks around a firm one that have a say in its vector */
#define AROUND      3    /* and around one that says nothing itself */
#define ALIKE       1.0f /* pixels by which vectors of one motion differ, at most */
#define GIVES       2.0f /* up to so many pixels: what is expected may be wrong */

typedef struct {
    float x, y;
} Vector;

typedef struct {
    int width, height;
    int columns, rows;   /* of blocks */
    float *now, *before; /* owned, but of the finest */
    Vector *vectors;
} Level;

/* Whether what a block shows says where it was, across and down. */
typedef struct {
    gboolean x, y;
} Firm;

struct PstMotion {
    Level levels[LEVELS]; /* the finest first */
    int count;
    Firm *firm;      /* of the finest blocks */
    Vector *settled; /* what is found in the end */
};

PstMotion *pst_motion_new(int width, int height)
{
    PstMotion *motion = g_new0(PstMotion, 1);

    while (motion->count == 0 || (motion->count < LEVELS && MIN(width, height) >= 4 * BLOCK)) {
        Level *level = &motion->levels[motion->count];
        gsize size = (gsize)width * height;

        level->width = width;
        level->height = height;
        level->columns = (width + BLOCK - 1) / BLOCK;
        level->rows = (height + BLOCK - 1) / BLOCK;
        level->vectors = g_new0(Vector, (gsize)level->columns * level->rows);
        level->now = motion->count > 0 ? g_new(float, size) : NULL;
        level->before = motion->count > 0 ? g_new(float, size) : NULL;
        motion->count++;
        width /= 2;
        height /= 2;
    }
    motion->firm = g_new0(Firm, (gsize)motion->levels[0].columns * motion->levels[0].rows);
    motion->settled = g_new0(Vector, (gsize)motion->levels[0].columns * motion->levels[0].rows);
    return motion;
}

void pst_motion_free(PstMotion *motion)
{
    if (!motion) {
        return;
    }
    for (int i = 0; i < motion->count; i++) {
        g_free(motion->levels[i].vectors);
        if (i > 0) {
            g_free(motion->levels[i].now);
            g_free(motion->levels[i].before);
        }
    }
    g_free(motion->firm);
    g_free(motion->settled);
    g_free(motion);
}

static void halve(const float *from, int width, float *to, int to_width, int to_height)
{
    for (int y = 0; y < to_height; y++) {
        const float *row = from + (gsize)2 * y * width;

        for (int x = 0; x < to_width; x++) {
            to[(gsize)y * to_width + x] = 0.25f *
                                          (row[2 * x] + row[2 * x + 1] + row[width + 2 * x] + row[width + 2 * x + 1]);
        }
    }
}

/* Mean difference of a block, displaced by whole pixels; pixels beyond the picture are those of its edge. */
static float difference(const Level *level, int left, int top, int dx, int dy)
{
    int width = MIN(BLOCK, level->width - left), height = MIN(BLOCK, level->height - top);
    gboolean inside = left + dx >= 0 && top + dy >= 0 && left + dx + width <= level->width &&
                      top + dy + height <= level->height;
    float sum = 0;

    for (int y = 0; y < height; y++) {
        const float *now = level->now + (gsize)(top + y) * level->width + left;
        const float *before = level->before + (gsize)CLAMP(top + y + dy, 0, level->height - 1) * level->width;

        if (inside) {
            const float *there = before + left + dx;

            for (int x = 0; x < width; x++) {
                sum += fabsf(now[x] - there[x]);
            }
        } else {
            for (int x = 0; x < width; x++) {
                sum += fabsf(now[x] - before[CLAMP(left + x + dx, 0, level->width - 1)]);
            }
        }
    }
    return sum / (float)(width * height);
}

/* The best so far. */
typedef struct {
    int x, y;
    float cost;
} Best;

static void try_at(const Level *level, int left, int top, int dx, int dy, const Vector *expected, Best *best)
{
    float far = fabsf((float)dx - expected->x) + fabsf((float)dy - expected->y);
    float cost = difference(level, left, top, dx, dy) + STIFFNESS * MIN(far, GIVES);

    if (cost < best->cost) {
        *best = (Best){ dx, dy, cost };
    }
}

static void search_all(const Level *level, int left, int top, Best *best)
{
    const Vector still = { 0, 0 };

    for (int dy = -REACH; dy <= REACH; dy++) {
        for (int dx = -REACH; dx <= REACH; dx++) {
            try_at(level, left, top, dx, dy, &still, best);
        }
    }
}

/* Goes on from a place while that gets better. */
static void improve(const Level *level, int left, int top, const Vector *expected, Best *best)
{
    for (int step = 0; step < STEPS; step++) {
        Best middle = *best;

        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                try_at(level, left, top, middle.x + dx, middle.y + dy, expected, best);
            }
        }
    }
}

/* Around twice the vectors of the coarser block that this one lies in, and of those around it; and around no motion,
 * should they all be mistaken. */
static void search_near(const Level *level, const Level *coarse, int column, int row, Best *best)
{
    static const int around[][2] = { { 0, 0 }, { -1, 0 }, { 1, 0 }, { 0, -1 }, { 0, 1 } };
    int left = column * BLOCK, top = row * BLOCK;
    Vector expected = { 0, 0 };
    Best still = { 0, 0, G_MAXFLOAT };

    for (gsize i = 0; i < G_N_ELEMENTS(around); i++) {
        int c = CLAMP(column / 2 + around[i][0], 0, coarse->columns - 1);
        int r = CLAMP(row / 2 + around[i][1], 0, coarse->rows - 1);
        const Vector *vector = &coarse->vectors[r * coarse->columns + c];

        if (i == 0) {
            expected = (Vector){ 2 * vector->x, 2 * vector->y };
        }
        try_at(level, left, top, (int)lrintf(2 * vector->x), (int)lrintf(2 * vector->y), &expected, best);
    }
    improve(level, left, top, &expected, best);
    improve(level, left, top, &expected, &still);
    if (still.cost < best->cost) {
        *best = still;
    }
}

/* Mean difference of a block, displaced by parts of pixels. */
static float difference_between(const Level *level, int left, int top, const Vector *step)
{
    int width = MIN(BLOCK, level->width - left), height = MIN(BLOCK, level->height - top);
    int dx = (int)floorf(step->x), dy = (int)floorf(step->y);
    float right = step->x - (float)dx, below = step->y - (float)dy, sum = 0;

    for (int y = 0; y < height; y++) {
        const float *now = level->now + (gsize)(top + y) * level->width + left;
        const float *first = level->before + (gsize)CLAMP(top + y + dy, 0, level->height - 1) * level->width;
        const float *second = level->before + (gsize)CLAMP(top + y + dy + 1, 0, level->height - 1) * level->width;

        for (int x = 0; x < width; x++) {
            int a = CLAMP(left + x + dx, 0, level->width - 1), b = CLAMP(left + x + dx + 1, 0, level->width - 1);
            float upper = first[a] + right * (first[b] - first[a]), lower = second[a] + right * (second[b] - second[a]);

            sum += fabsf(now[x] - upper - below * (lower - upper));
        }
    }
    return sum / (float)(width * height);
}

/* A pixel, and those of the edge beyond it. */
static float at(const float *plane, const Level *level, int x, int y)
{
    return plane[(gsize)CLAMP(y, 0, level->height - 1) * level->width + CLAMP(x, 0, level->width - 1)];
}

static float between(float a, float b, float share)
{
    return a + share * (b - a);
}

static float before_at(const Level *level, float x, float y)
{
    int left = (int)floorf(x), top = (int)floorf(y);
    float right = x - (float)left;

    return between(between(at(level->before, level, left, top), at(level->before, level, left + 1, top), right),
                   between(at(level->before, level, left, top + 1), at(level->before, level, left + 1, top + 1), right),
                   y - (float)top);
}

/* Sums over the pixels of a block and those around it: products of slopes, and of slopes and differences. */
typedef struct {
    float xx, xy, yy, x, y;
    int count;
} Slopes;

static Slopes sum_slopes(const Level *level, int left, int top, const Vector *step)
{
    Slopes s = { 0 };

    for (int y = MAX(0, top - MARGIN); y < MIN(level->height, top + BLOCK + MARGIN); y++) {
        for (int x = MAX(0, left - MARGIN); x < MIN(level->width, left + BLOCK + MARGIN); x++) {
            float across = (at(level->now, level, x + 1, y) - at(level->now, level, x - 1, y)) / 2;
            float down = (at(level->now, level, x, y + 1) - at(level->now, level, x, y - 1)) / 2;
            float rest = at(level->now, level, x, y) - before_at(level, (float)x + step->x, (float)y + step->y);

            s.xx += across * across;
            s.xy += across * down;
            s.yy += down * down;
            s.x += across * rest;
            s.y += down * rest;
            s.count++;
        }
    }
    return s;
}

/* What slopes say of one direction, after the other is as it fits best: along an edge nothing. */
static gboolean is_firm(float own, float both, float other, int count)
{
    return own - (other > 0 ? both * both / other : 0) > SLOPE * SLOPE * (float)count;
}

/* Goes on to parts of a pixel by slopes (Lucas and Kanade, "An iterative image registration technique", 1981), in the
 * directions in which they say something. Noise makes small steps of none, so the first one has to be better by
 * itself. */
static Vector refine(const Level *level, int left, int top, const Best *best, Firm *firm)
{
    const Vector whole = { (float)best->x, (float)best->y };
    Vector step = whole;

    for (int i = 0; i < REFINEMENTS; i++) {
        Slopes s = sum_slopes(level, left, top, &step);
        float rest = s.xx * s.yy - s.xy * s.xy;

        *firm = (Firm){ is_firm(s.xx, s.xy, s.yy, s.count), is_firm(s.yy, s.xy, s.xx, s.count) };
        if (firm->x && firm->y) {
            step.x += (s.yy * s.x - s.xy * s.y) / rest;
            step.y += (s.xx * s.y - s.xy * s.x) / rest;
        } else if (firm->x) {
            step.x += s.x / s.xx;
        } else if (firm->y) {
            step.y += s.y / s.yy;
        }
        step.x = CLAMP(step.x, whole.x - 1, whole.x + 1);
        step.y = CLAMP(step.y, whole.y - 1, whole.y + 1);
    }
    if (best->x == 0 && best->y == 0 &&
        difference_between(level, left, top, &step) >= BETTER * difference(level, left, top, 0, 0)) {
        return whole;
    }
    return step;
}

typedef struct {
    const PstMotion *motion;
    int level;
} Search;

static void search_row(int row, int worker, gpointer data)
{
    const Search *search = data;
    const Level *level = &search->motion->levels[search->level];

    for (int column = 0; column < level->columns; column++) {
        int left = column * BLOCK, top = row * BLOCK, i = row * level->columns + column;
        Best best = { 0, 0, G_MAXFLOAT };

        if (search->level == search->motion->count - 1) {
            search_all(level, left, top, &best);
        } else {
            search_near(level, level + 1, column, row, &best);
        }
        if (search->level == 0) {
            level->vectors[i] = refine(level, left, top, &best, &search->motion->firm[i]);
        } else {
            level->vectors[i] = (Vector){ (float)best.x, (float)best.y };
        }
    }
}

static int compare(gconstpointer a, gconstpointer b)
{
    float first = *(const float *)a, second = *(const float *)b;

    return first < second ? -1 : first > second;
}

static float median(float *values, int count)
{
    qsort(values, (gsize)count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The blocks around one, as far as they move as it does: noise gives each a step of its own, and a block that says
 * nothing moves as its surroundings. */
static float settle(const PstMotion *motion, int column, int row, gboolean across)
{
    const Level *level = &motion->levels[0];
    int own = row * level->columns + column, count = 0;
    int reach = (across ? motion->firm[own].x : motion->firm[own].y) ? NEAR : AROUND;
    float values[(2 * AROUND + 1) * (2 * AROUND + 1)];

    for (int r = MAX(0, row - reach); r <= MIN(level->rows - 1, row + reach); r++) {
        for (int c = MAX(0, column - reach); c <= MIN(level->columns - 1, column + reach); c++) {
            int i = r * level->columns + c;

            if ((across ? motion->firm[i].x : motion->firm[i].y) &&
                fabsf(level->vectors[i].x - level->vectors[own].x) < ALIKE &&
                fabsf(level->vectors[i].y - level->vectors[own].y) < ALIKE) {
                values[count++] = across ? level->vectors[i].x : level->vectors[i].y;
            }
        }
    }
    return count > 0 ? median(values, count) : across ? level->vectors[own].x : level->vectors[own].y;
}

static void settle_row(int row, int worker, gpointer data)
{
    const PstMotion *motion = data;
    int columns = motion->levels[0].columns;

    for (int column = 0; column < columns; column++) {
        motion->settled[row * columns + column] = (Vector){ settle(motion, column, row, TRUE),
                                                            settle(motion, column, row, FALSE) };
    }
}

void pst_motion_find(PstMotion *motion, const float *now, const float *before, PstThreadPool *pool)
{
    motion->levels[0].now = (float *)now;
    motion->levels[0].before = (float *)before;
    for (int i = 1; i < motion->count; i++) {
        Level *level = &motion->levels[i];

        halve(level[-1].now, level[-1].width, level->now, level->width, level->height);
        halve(level[-1].before, level[-1].width, level->before, level->width, level->height);
    }
    for (int i = motion->count - 1; i >= 0; i--) {
        Search search = { motion, i };

        pst_thread_pool_run(pool, motion->levels[i].rows, search_row, &search);
    }
    pst_thread_pool_run(pool, motion->levels[0].rows, settle_row, motion);
}

void pst_motion_of_block(const PstMotion *motion, int x, int y, float *dx, float *dy)
{
    const Level *level = &motion->levels[0];
    const Vector *vector = &motion->settled[y / BLOCK * level->columns + x / BLOCK];

    *dx = vector->x;
    *dy = vector->y;
}

void pst_motion_at(const PstMotion *motion, float x, float y, float *dx, float *dy)
{
    const Level *level = &motion->levels[0];
    float column = CLAMP((x + 0.5f) / BLOCK - 0.5f, 0, (float)(level->columns - 1));
    float row = CLAMP((y + 0.5f) / BLOCK - 0.5f, 0, (float)(level->rows - 1));
    int c = (int)column, r = (int)row, right = c + 1 < level->columns, below = r + 1 < level->rows;
    const Vector *top = &motion->settled[r * level->columns + c], *bottom = top + (below ? level->columns : 0);

    column -= (float)c;
    row -= (float)r;
    *dx = between(between(top->x, top[right].x, column), between(bottom->x, bottom[right].x, column), row);
    *dy = between(between(top->y, top[right].y, column), between(bottom->y, bottom[right].y, column), row);
}
