#include "steadiness.h"

#include <math.h>
#include <string.h>

#include "motion.h"

#define STEP    4    /* motion is found at this part of the size */
#define SPAN    STEP /* pixels that move alike */
#define SAME    2.0f /* of 255: a difference that is noise */
#define CHANGED 7.0f /* and one that is none */
#define ALIKE   0.5f /* so much worse is as good */
#define EDGE    0.5f /* pixels of the small picture by which steps differ at an edge */
#define TAPS    4

struct PstSteadiness {
    PstYuvFormat format;
    float share;
    PstThreadPool *pool;
    PstMotion *motion;     /* NULL where the picture is too small for any */
    int width, height;     /* of small pictures */
    float *now, *before;   /* small, [3][height][width] */
    float *change, *kept;  /* [height][width]: difference, and share of the painting before */
    float *moved;          /* [height][width][2]: where each pixel was, as a step */
    float *painted, *next; /* the painting before, and this one: [height][width][3] */
    gboolean begun;
};

PstSteadiness *pst_steadiness_new(const PstYuvFormat *format, double share, PstThreadPool *pool)
{
    PstSteadiness *s = g_new0(PstSteadiness, 1);
    gsize small, values = (gsize)3 * format->width * format->height;

    s->format = *format;
    s->share = (float)share;
    s->pool = pool;
    s->width = format->width / STEP;
    s->height = format->height / STEP;
    if (s->share <= 0 || s->width < PST_MOTION_BLOCK || s->height < PST_MOTION_BLOCK) {
        return s;
    }
    small = (gsize)s->width * s->height;
    s->motion = pst_motion_new(s->width, s->height);
    s->now = g_new(float, 3 * small);
    s->before = g_new(float, 3 * small);
    s->change = g_new(float, small);
    s->kept = g_new(float, small);
    s->moved = g_new(float, 2 * small);
    s->painted = g_new(float, values);
    s->next = g_new(float, values);
    return s;
}

void pst_steadiness_free(PstSteadiness *s)
{
    if (!s) {
        return;
    }
    pst_motion_free(s->motion);
    g_free(s->now);
    g_free(s->before);
    g_free(s->change);
    g_free(s->kept);
    g_free(s->moved);
    g_free(s->painted);
    g_free(s->next);
    g_free(s);
}

/* ---- what changed -------------------------------------------------------------------------------- */

/* A plane of the small picture before, between pixels. */
static float value_at(const float *plane, int width, float x, float y)
{
    int left = (int)x, top = (int)y;
    const float *at = plane + (gsize)top * width + left;
    float right = x - (float)left, down = y - (float)top;
    float above = at[0] + right * (at[1] - at[0]), below = at[width] + right * (at[width + 1] - at[width]);

    return above + down * (below - above);
}

/* How far a pixel is from what the step (dx, dy) brings there. */
static float difference_at(const PstSteadiness *s, int x, int y, float dx, float dy)
{
    gsize plane = (gsize)s->width * s->height, i = (gsize)y * s->width + x;
    float sum = 0;

    dx += (float)x;
    dy += (float)y;
    if (dx < -0.5f || dy < -0.5f || dx > (float)s->width - 0.5f || dy > (float)s->height - 0.5f) {
        return CHANGED * 9;
    }
    dx = CLAMP(dx, 0, (float)s->width - 1.001f);
    dy = CLAMP(dy, 0, (float)s->height - 1.001f);
    for (int p = 0; p < 3; p++) {
        sum += fabsf(s->now[p * plane + i] - value_at(s->before + p * plane, s->width, dx, dy));
    }
    return sum;
}

/* Steps between those of the blocks around suit what turns or comes nearer; at the edge of something that moves they
 * are those of neither side, and that of the block goes first. */
static void compare_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;

    for (int x = 0; x < s->width; x++) {
        gsize i = (gsize)y * s->width + x;
        float dx, dy, block_dx, block_dy;

        pst_motion_at(s->motion, (float)x, (float)y, &dx, &dy);
        pst_motion_of_block(s->motion, x, y, &block_dx, &block_dy);
        s->change[i] = difference_at(s, x, y, dx, dy);
        if (fabsf(dx - block_dx) + fabsf(dy - block_dy) > EDGE) {
            float change = difference_at(s, x, y, block_dx, block_dy);

            if (change <= s->change[i] + ALIKE) {
                s->change[i] = change;
                dx = block_dx;
                dy = block_dy;
            }
        }
        s->moved[2 * i] = dx;
        s->moved[2 * i + 1] = dy;
    }
}

/* The share that stays, from the mean difference around each pixel. */
static void keep_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;

    for (int x = 0; x < s->width; x++) {
        float sum = 0, rest;

        for (int dy = -1; dy <= 1; dy++) {
            const float *row = s->change + (gsize)CLAMP(y + dy, 0, s->height - 1) * s->width;

            for (int dx = -1; dx <= 1; dx++) {
                sum += row[CLAMP(x + dx, 0, s->width - 1)];
            }
        }
        rest = CLAMP((CHANGED - sum / 9) / (CHANGED - SAME), 0, 1);
        s->kept[(gsize)y * s->width + x] = s->share * rest * rest * (3 - 2 * rest);
    }
}

/* ---- what stays ----------------------------------------------------------------------------------- */

/* Weights of the cubic interpolation by Catmull and Rom, which keeps strokes sharp over many frames. */
static void cubic(float share, float weights[TAPS])
{
    float s2 = share * share, s3 = s2 * share;

    weights[0] = -0.5f * share + s2 - 0.5f * s3;
    weights[1] = 1 - 2.5f * s2 + 1.5f * s3;
    weights[2] = 0.5f * share + 2 * s2 - 1.5f * s3;
    weights[3] = -0.5f * s2 + 0.5f * s3;
}

/* `count` pixels of the painting before, from (x, y) on. */
static void fetch_span(const PstSteadiness *s, float x, float y, int count, float *out)
{
    int width = s->format.width, height = s->format.height;
    int left = (int)floorf(x), top = (int)floorf(y), columns = count + TAPS - 1;
    float across[TAPS], down[TAPS], mixed[3 * (SPAN + TAPS - 1)] = { 0 };
    gboolean inside = left >= 1 && left - 1 + columns <= width;

    cubic(x - (float)left, across);
    cubic(y - (float)top, down);
    for (int k = 0; k < TAPS; k++) {
        const float *row = s->painted + (gsize)3 * CLAMP(top - 1 + k, 0, height - 1) * width;

        for (int i = 0; inside && i < 3 * columns; i++) {
            mixed[i] += down[k] * row[3 * (left - 1) + i];
        }
        for (int i = 0; !inside && i < columns; i++) {
            const float *at = row + (gsize)3 * CLAMP(left - 1 + i, 0, width - 1);

            for (int c = 0; c < 3; c++) {
                mixed[3 * i + c] += down[k] * at[c];
            }
        }
    }
    for (int i = 0; i < 3 * count; i++) {
        out[i] = across[0] * mixed[i] + across[1] * mixed[i + 3] + across[2] * mixed[i + 6] + across[3] * mixed[i + 9];
    }
}

/* The share that stays at each pixel of a row, between those of the small picture. */
static void spread(const PstSteadiness *s, int y, float *kept)
{
    float row = CLAMP(((float)y + 0.5f) / STEP - 0.5f, 0, (float)(s->height - 1));
    int above = (int)row, below = MIN(above + 1, s->height - 1);
    const float *top = s->kept + (gsize)above * s->width, *bottom = s->kept + (gsize)below * s->width;

    for (int x = 0; x < s->format.width; x++) {
        float column = CLAMP(((float)x + 0.5f) / STEP - 0.5f, 0, (float)(s->width - 1));
        int left = (int)column, right = MIN(left + 1, s->width - 1);
        float first = top[left] + (column - (float)left) * (top[right] - top[left]);
        float second = bottom[left] + (column - (float)left) * (bottom[right] - bottom[left]);

        kept[x] = first + (row - (float)above) * (second - first);
    }
}

/* Mixes a row; `next` holds this frame's painting before, and the result afterwards. */
static void mix_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;
    int width = s->format.width;
    float *row = s->next + (gsize)3 * y * width, span[3 * SPAN];
    g_autofree float *kept = g_new(float, width);

    spread(s, y, kept);
    for (int x = 0; x < width; x += SPAN) {
        int count = MIN(SPAN, width - x);
        const float *step = s->moved +
                            2 * ((gsize)MIN(y / STEP, s->height - 1) * s->width + MIN(x / STEP, s->width - 1));

        fetch_span(s, (float)x + STEP * step[0], (float)y + STEP * step[1], count, span);
        for (int i = 0; i < 3 * count; i++) {
            float mixed = row[3 * x + i] + kept[x + i / 3] * (span[i] - row[3 * x + i]);

            row[3 * x + i] = CLAMP(mixed, 0, 1);
        }
    }
}

static void swap(float **a, float **b)
{
    float *kept = *a;

    *a = *b;
    *b = kept;
}

void pst_steadiness_apply(PstSteadiness *s, const void *yuv, float *rgb)
{
    gsize bytes = (gsize)3 * s->format.width * s->format.height * sizeof *rgb;

    if (!s->motion) {
        return;
    }
    pst_yuv_reduce(&s->format, yuv, STEP, s->now, s->pool);
    memcpy(s->next, rgb, bytes);
    if (s->begun) {
        pst_motion_find(s->motion, s->now, s->before, s->pool);
        pst_thread_pool_run(s->pool, s->height, compare_row, s);
        pst_thread_pool_run(s->pool, s->height, keep_row, s);
        pst_thread_pool_run(s->pool, s->format.height, mix_row, s);
        memcpy(rgb, s->next, bytes);
    }
    s->begun = TRUE;
    swap(&s->now, &s->before);
    swap(&s->next, &s->painted);
}
