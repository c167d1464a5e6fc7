#include "steadiness.h"

#include <math.h>
#include <string.h>

#include "changed_parts.h"
#include "engine/base/wide_loop.h"
#include "motion.h"

#define STEP    4     /* motion is found at this part of the size */
#define SPAN    STEP  /* pixels that move alike */
#define SAME    2.0f  /* of 255: a difference that is noise; PST_CHANGED is one that is none */
#define BETWEEN 0.06f /* of the contrast from pixel to pixel: so much differs what moved between pixels */
#define ALIKE   0.5f  /* so much worse is as good */
#define EDGE    0.5f  /* pixels of the small picture by which steps differ at an edge */
#define TAPS    4
#define SHARP   -0.7f /* its parameter: strokes that are moved many times keep their contrast, at -0.5 they lose some */
/* Of frames that are carried. */
#define TURNS 6   /* one of so many frames is painted as a whole */
#define MOST  0.5 /* and each of which more than this has changed */

struct PstSteadiness {
    PstYuvFormat format;
    float share;
    PstThreadPool *pool;
    PstMotion *motion;          /* NULL where the picture is too small for any */
    int width, height;          /* of small pictures */
    float *now, *before;        /* small, [3][height][width] */
    float *change, *kept;       /* [height][width]: difference, and share of the painting before */
    float *slope;               /* [height][width]: contrast from pixel to pixel */
    float *moved;               /* [height][width][2]: where each pixel was, as a step */
    PstPicture *painted;        /* the last painting, or NULL */
    gboolean carried;           /* this frame */
    guint since;                /* frames that were, since the last one that was not */
    PstPicture *moved_painting; /* of one that is carried: the last painting, moved */
    PstChangedParts *parts;     /* and what is painted anew */
    PstCarried what;
};

PstSteadiness *pst_steadiness_new(const PstYuvFormat *format, double share, PstThreadPool *pool)
{
    PstSteadiness *s = g_new0(PstSteadiness, 1);
    gsize small;

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
    s->slope = g_new(float, small);
    s->moved = g_new(float, 2 * small);
    s->parts = pst_changed_parts_new(format->width, format->height, STEP);
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
    g_free(s->slope);
    g_free(s->moved);
    pst_picture_free(s->painted);
    pst_picture_free(s->moved_painting);
    pst_changed_parts_free(s->parts);
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
        return PST_CHANGED * 9;
    }
    dx = CLAMP(dx, 0, (float)s->width - 1.001f);
    dy = CLAMP(dy, 0, (float)s->height - 1.001f);
    for (int p = 0; p < 3; p++) {
        sum += fabsf(s->now[p * plane + i] - value_at(s->before + p * plane, s->width, dx, dy));
    }
    return sum;
}

/* How much a pixel of the small picture differs from those beside and below it. */
static PST_WIDE_INLINE float slope_at(const PstSteadiness *s, int x, int y)
{
    gsize plane = (gsize)s->width * s->height, i = (gsize)y * s->width + x;
    gsize right = x + 1 < s->width ? 1 : 0, below = y + 1 < s->height ? (gsize)s->width : 0;
    float sum = 0;

    for (int p = 0; p < 3; p++) {
        const float *at = s->now + p * plane + i;

        sum += fabsf(at[right] - at[0]) + fabsf(at[below] - at[0]);
    }
    return sum;
}

/* Steps between those of the blocks around suit what turns or comes nearer; at the edge of something that moves they
 * are those of neither side, and that of the block goes first. */
PST_WIDE_LOOP static void compare_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;

    for (int x = 0; x < s->width; x++) {
        gsize i = (gsize)y * s->width + x;
        float dx, dy, block_dx, block_dy;

        pst_motion_at(s->motion, (float)x, (float)y, &dx, &dy);
        pst_motion_of_block(s->motion, x, y, &block_dx, &block_dy);
        s->change[i] = difference_at(s, x, y, dx, dy);
        s->slope[i] = slope_at(s, x, y);
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

/* The share that stays, from the mean difference around each pixel. Fine texture that moved between pixels differs by a
 * part of its own contrast. */
PST_WIDE_LOOP static void keep_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;

    for (int x = 0; x < s->width; x++) {
        float sum = 0, slope = 0, rest;

        for (int dy = -1; dy <= 1; dy++) {
            int row = CLAMP(y + dy, 0, s->height - 1);

            for (int dx = -1; dx <= 1; dx++) {
                int column = CLAMP(x + dx, 0, s->width - 1);

                sum += s->change[(gsize)row * s->width + column];
                slope += s->slope[(gsize)row * s->width + column];
            }
        }
        rest = CLAMP((PST_CHANGED + BETWEEN * slope / 9 - sum / 9) / (PST_CHANGED - SAME), 0, 1);
        s->kept[(gsize)y * s->width + x] = s->share * rest * rest * (3 - 2 * rest);
    }
}

/* ---- what stays ----------------------------------------------------------------------------------- */

/* Weights of Keys' cubic convolution ("Cubic Convolution Interpolation for Digital Image Processing", 1981). */
static PST_WIDE_INLINE void cubic(float share, float weights[TAPS])
{
    float s2 = share * share, s3 = s2 * share;

    weights[0] = SHARP * (s3 - 2 * s2 + share);
    weights[1] = (SHARP + 2) * s3 - (SHARP + 3) * s2 + 1;
    weights[2] = -(SHARP + 2) * s3 + (2 * SHARP + 3) * s2 - SHARP * share;
    weights[3] = SHARP * (s2 - s3);
}

/* `count` pixels of the painting before, from (x, y) on; inlined for the usual count. */
static PST_WIDE_INLINE void fetch(const PstSteadiness *s, float x, float y, int count, float *out)
{
    int width = s->format.width, height = s->format.height;
    int left = (int)floorf(x), top = (int)floorf(y), columns = count + TAPS - 1;
    float across[TAPS], down[TAPS], edge[TAPS][3 * (SPAN + TAPS - 1)], mixed[3 * (SPAN + TAPS - 1)];
    const float *rows[TAPS];

    cubic(x - (float)left, across);
    cubic(y - (float)top, down);
    for (int k = 0; k < TAPS; k++) {
        const float *row = s->painted->rgb + (gsize)3 * CLAMP(top - 1 + k, 0, height - 1) * width;

        rows[k] = row + 3 * (left - 1);
        if (left < 1 || left - 1 + columns > width) {
            for (int i = 0; i < columns; i++) {
                memcpy(edge[k] + 3 * i, row + (gsize)3 * CLAMP(left - 1 + i, 0, width - 1), 3 * sizeof(float));
            }
            rows[k] = edge[k];
        }
    }
    for (int i = 0; i < 3 * columns; i++) {
        mixed[i] = down[0] * rows[0][i] + down[1] * rows[1][i] + down[2] * rows[2][i] + down[3] * rows[3][i];
    }
    for (int i = 0; i < 3 * count; i++) {
        out[i] = across[0] * mixed[i] + across[1] * mixed[i + 3] + across[2] * mixed[i + 6] + across[3] * mixed[i + 9];
    }
}

/* The share that stays at a pixel of the small picture. Where the picture moves, frames that were carried count: moved
 * again and again, strokes lose their edges. Where it holds still, they lose nothing. */
static PST_WIDE_INLINE float kept_at(const PstSteadiness *s, gsize i, float share)
{
    gboolean still = s->moved[2 * i] == 0 && s->moved[2 * i + 1] == 0;

    return still ? s->kept[i] : share * s->kept[i];
}

/* The same at each value of a row, between the pixels of the small picture. */
static PST_WIDE_INLINE void spread(const PstSteadiness *s, int y, float share, float *kept)
{
    float row = CLAMP(((float)y + 0.5f) / STEP - 0.5f, 0, (float)(s->height - 1));
    int above = (int)row, below = MIN(above + 1, s->height - 1), width = s->format.width;
    float down = row - (float)above;

    for (int i = -1; i < s->width; i++) {
        gsize left = (gsize)MAX(0, i), right = (gsize)MIN(i + 1, s->width - 1);
        gsize top = (gsize)above * s->width, bottom = (gsize)below * s->width;
        float from = (1 - down) * kept_at(s, top + left, share) + down * kept_at(s, bottom + left, share);
        float to = (1 - down) * kept_at(s, top + right, share) + down * kept_at(s, bottom + right, share);
        int first = STEP * i + STEP / 2, end = i + 1 == s->width ? width : MIN(width, first + STEP);

        for (int x = MAX(0, first); x < end; x++) {
            float value = from + ((float)MIN(x - first, STEP) + 0.5f) / STEP * (to - from);

            kept[3 * x] = kept[3 * x + 1] = kept[3 * x + 2] = value;
        }
    }
}

/* A row of the painting before, where the picture moved to. */
static PST_WIDE_INLINE void move_row(const PstSteadiness *s, int y, float *row)
{
    int width = s->format.width;

    for (int x = 0; x < width; x += SPAN) {
        const float *step = s->moved +
                            2 * ((gsize)MIN(y / STEP, s->height - 1) * s->width + MIN(x / STEP, s->width - 1));
        float from = (float)x + STEP * step[0], top = (float)y + STEP * step[1];

        if (x + SPAN <= width) {
            fetch(s, from, top, SPAN, row + 3 * x);
        } else {
            fetch(s, from, top, width - x, row + 3 * x);
        }
    }
}

typedef struct {
    PstSteadiness *s;
    float *rgb;  /* of this frame's painting */
    float share; /* of what would usually stay, where the picture moved */
} Mixing;

PST_WIDE_LOOP static void mix_row(int y, int worker, gpointer data)
{
    const Mixing *mixing = data;
    const PstSteadiness *s = mixing->s;
    gsize width = s->format.width, first = 3 * width * y;
    float *row = mixing->rgb + first;
    g_autofree float *kept = g_new(float, 3 * width), *own = s->carried ? NULL : g_new(float, 3 * width);
    const float *moved = s->carried ? s->moved_painting->rgb + first : own;

    spread(s, y, mixing->share, kept);
    if (own) {
        move_row(s, y, own);
    }
    for (gsize i = 0; i < 3 * width; i++) {
        float mixed = row[i] + kept[i] * (moved[i] - row[i]);

        row[i] = CLAMP(mixed, 0, 1);
    }
}

void pst_steadiness_look(PstSteadiness *s, const void *yuv)
{
    if (!s->motion) {
        return;
    }
    pst_yuv_reduce(&s->format, yuv, STEP, s->now, s->pool);
    if (s->painted) {
        pst_motion_find(s->motion, s->now, s->before, s->pool);
        pst_thread_pool_run(s->pool, s->height, compare_row, s);
        pst_thread_pool_run(s->pool, s->height, keep_row, s);
    }
}

const PstPicture *pst_steadiness_mix(PstSteadiness *s, PstPicture *painting)
{
    Mixing mixing = { s, painting->rgb, 1 };
    float *now = s->now;

    if (!s->carried) {
        mixing.share = powf(s->share, (float)s->since);
        s->since = 0;
    }
    if (s->motion && s->painted) {
        pst_thread_pool_run(s->pool, s->format.height, mix_row, &mixing);
    }
    s->carried = FALSE;
    s->now = s->before;
    s->before = now;
    pst_picture_free(s->painted);
    s->painted = painting;
    return painting;
}

PST_WIDE_LOOP static void carry_row(int y, int worker, gpointer data)
{
    const PstSteadiness *s = data;

    move_row(s, y, s->moved_painting->rgb + (gsize)3 * s->format.width * y);
}

const PstCarried *pst_steadiness_carry(PstSteadiness *s)
{
    if (!s->motion || !s->painted || s->since + 1 >= TURNS) {
        return NULL;
    }
    if (pst_changed_parts_find(s->parts, s->now, s->change) > MOST) {
        return NULL;
    }
    if (!s->moved_painting) {
        s->moved_painting = pst_picture_new_unset(s->format.width, s->format.height, FALSE, NULL);
        if (!s->moved_painting) {
            return NULL;
        }
    }
    pst_thread_pool_run(s->pool, s->format.height, carry_row, s);
    s->what = (PstCarried){ .painting = s->moved_painting };
    s->what.count = pst_changed_parts(s->parts, &s->what.rows, &s->what.columns);
    s->carried = TRUE;
    s->since++;
    return &s->what;
}
