#include "motion.h"

#include <math.h>
#include <string.h>

#define BLOCK     PST_MOTION_BLOCK
#define LEVELS    4
#define REACH     7     /* pixels at the coarsest size, in each direction */
#define STEPS     2     /* of improvement at each size */
#define STIFFNESS 0.2f  /* a vector that differs by a pixel from what is expected has to be better by this, a pixel, */
#define BETTER    0.85f /* of the difference at a whole step: what one between pixels has to reach */
#define GIVES     2.0f  /* up to so many pixels: what is expected may be wrong */

typedef struct {
    float x, y;
} Vector;

typedef struct {
    int width, height;
    int columns, rows;   /* of blocks */
    float *now, *before; /* owned, but of the finest */
    Vector *vectors;
} Level;

struct PstMotion {
    Level levels[LEVELS]; /* the finest first */
    int count;
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

/* The lowest place of a V through three values at -1, 0, 1, the middle one the least: sums of absolute differences
 * rise evenly on both sides. */
static float lowest(float before, float middle, float after)
{
    float rise = MAX(before, after) - middle;

    return rise > 0 ? CLAMP((before - after) / (2 * rise), -0.5f, 0.5f) : 0;
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

/* Whether the middle one of three differences is hardly less than one beside it: either the step lies between both,
 * or what lies there is as even. */
static gboolean is_even(const float d[3])
{
    return MIN(d[0], d[2]) - d[1] < 0.1f * (MAX(d[0], d[2]) - d[1]);
}

/* A step into what is even costs nothing and gains nothing, and noise makes small steps of none: such steps have to be
 * better by themselves. */
static Vector refine(const Level *level, int left, int top, const Best *best)
{
    float middle = difference(level, left, top, best->x, best->y);
    const float across[3] = { difference(level, left, top, best->x - 1, best->y), middle,
                              difference(level, left, top, best->x + 1, best->y) };
    const float down[3] = { difference(level, left, top, best->x, best->y - 1), middle,
                            difference(level, left, top, best->x, best->y + 1) };
    const Vector whole = { (float)best->x, (float)best->y };
    gboolean still = best->x == 0 && best->y == 0;
    const Vector part = { whole.x + lowest(across[0], middle, across[2]), whole.y + lowest(down[0], middle, down[2]) };

    if ((still || is_even(across) || is_even(down)) && difference_between(level, left, top, &part) >= BETTER * middle) {
        return whole;
    }
    return part;
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
        int left = column * BLOCK, top = row * BLOCK;
        Best best = { 0, 0, G_MAXFLOAT };

        if (search->level == search->motion->count - 1) {
            search_all(level, left, top, &best);
        } else {
            search_near(level, level + 1, column, row, &best);
        }
        level->vectors[row * level->columns + column] = search->level == 0 ? refine(level, left, top, &best)
                                                                           : (Vector){ (float)best.x, (float)best.y };
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
}

void pst_motion_of_block(const PstMotion *motion, int x, int y, float *dx, float *dy)
{
    const Level *level = &motion->levels[0];
    const Vector *vector = &level->vectors[y / BLOCK * level->columns + x / BLOCK];

    *dx = vector->x;
    *dy = vector->y;
}

static float between(float a, float b, float share)
{
    return a + share * (b - a);
}

void pst_motion_at(const PstMotion *motion, float x, float y, float *dx, float *dy)
{
    const Level *level = &motion->levels[0];
    float column = CLAMP((x + 0.5f) / BLOCK - 0.5f, 0, (float)(level->columns - 1));
    float row = CLAMP((y + 0.5f) / BLOCK - 0.5f, 0, (float)(level->rows - 1));
    int c = (int)column, r = (int)row, right = c + 1 < level->columns, below = r + 1 < level->rows;
    const Vector *top = &level->vectors[r * level->columns + c], *bottom = top + (below ? level->columns : 0);

    column -= (float)c;
    row -= (float)r;
    *dx = between(between(top->x, top[right].x, column), between(bottom->x, bottom[right].x, column), row);
    *dy = between(between(top->y, top[right].y, column), between(bottom->y, bottom[right].y, column), row);
}
