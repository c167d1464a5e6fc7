#include "pyramid.h"

#include <string.h>

static gsize bytes(const PstMap *map)
{
    return pst_map_size(map) * sizeof(float);
}

PstPyramid *pst_pyramid_new(int height, int width, int channels)
{
    enum { SMALLEST = 4 };
    PstPyramid *p = g_new0(PstPyramid, 1);

    do {
        p->level[p->levels++] = pst_map_new(height, width, channels);
        height = (height + 1) / 2;
        width = (width + 1) / 2;
    } while (MIN(height, width) >= SMALLEST && p->levels < PST_PYRAMID_LEVELS);
    return p;
}

void pst_pyramid_free(PstPyramid *p)
{
    for (int i = 0; p && i < p->levels; i++) {
        pst_map_clear(&p->level[i]);
        pst_map_clear(&p->sum[i]);
    }
    g_free(p);
}

typedef struct {
    const PstMap *x;
    PstMap *y;
    gboolean add;
} Pair;

static void halve_rows(int first, int rows, gpointer data)
{
    const Pair *p = data;
    int channels = p->x->channels;

    for (int row = first; row < first + rows; row++) {
        const float *above = pst_map_at(p->x, 2 * row, 0),
                    *below = pst_map_at(p->x, MIN(2 * row + 1, p->x->height - 1), 0);
        float *to = pst_map_at(p->y, row, 0);

        for (int column = 0; column < p->y->width; column++, to += channels) {
            gsize left = (gsize)2 * column * channels, right = (gsize)MIN(2 * column + 1, p->x->width - 1) * channels;

            for (int c = 0; c < channels; c++) {
                to[c] = 0.25f * (above[left + c] + above[right + c] + below[left + c] + below[right + c]);
            }
        }
    }
}

void pst_halve(PstExecutor *executor, const PstMap *x, PstMap *y)
{
    Pair p = { x, y, FALSE };

    pst_executor_rows(executor, y->height, pst_executor_share(executor, y->height, x->width, x->channels), halve_rows,
                      &p);
}

/* The two source rows (columns) of y's row i, nearer one first. */
static void sources(int i, int size, int *near, int *far)
{
    *near = MIN(i / 2, size - 1);
    *far = CLAMP(i % 2 == 0 ? i / 2 - 1 : i / 2 + 1, 0, size - 1);
}

static void double_rows(int first, int rows, float *scratch, gpointer data)
{
    const Pair *p = data;
    int channels = p->x->channels, inner = p->x->width * channels;

    for (int row = first; row < first + rows; row++) {
        float *to = pst_map_at(p->y, row, 0);
        const float *near_row, *far_row;
        int near, far;

        sources(row, p->x->height, &near, &far);
        near_row = pst_map_at(p->x, near, 0);
        far_row = pst_map_at(p->x, far, 0);
        for (int i = 0; i < inner; i++) {
            scratch[i] = 0.75f * near_row[i] + 0.25f * far_row[i];
        }
        for (int column = 0; column < p->y->width; column++, to += channels) {
            sources(column, p->x->width, &near, &far);
            for (int c = 0; c < channels; c++) {
                float value = 0.75f * scratch[near * channels + c] + 0.25f * scratch[far * channels + c];

                to[c] = p->add ? to[c] + value : value;
            }
        }
    }
}

void pst_double(PstExecutor *executor, const PstMap *x, gboolean add, PstMap *y)
{
    Pair p = { x, y, add };

    pst_executor_scratch_rows(executor, y->height, pst_executor_share(executor, y->height, y->width, y->channels),
                              (gsize)x->width * x->channels, double_rows, &p);
}

/* What row (column) i of x gives to those of y: at most six of them, with their weights. */
static int targets(int i, int size, int doubled, int *to, float *weight)
{
    int count = 0;

    for (int j = MAX(0, 2 * i - 2); j < MIN(doubled, 2 * i + 4); j++) {
        int near, far;

        sources(j, size, &near, &far);
        if (near == i || far == i) {
            to[count] = j;
            weight[count++] = (near == i ? 0.75f : 0) + (far == i ? 0.25f : 0);
        }
    }
    return count;
}

static void double_gradient_rows(int first, int rows, float *scratch, gpointer data)
{
    const Pair *p = data; /* x is dx's source dy */
    const PstMap *dy = p->x;
    PstMap *dx = p->y;
    int channels = dx->channels, outer = dy->width * channels, to[6];
    float weight[6];

    for (int row = first; row < first + rows; row++) {
        float *x = pst_map_at(dx, row, 0);
        int count = targets(row, dx->height, dy->height, to, weight);

        memset(scratch, 0, outer * sizeof(float));
        for (int k = 0; k < count; k++) {
            const float *from = pst_map_at(dy, to[k], 0);

            for (int i = 0; i < outer; i++) {
                scratch[i] += weight[k] * from[i];
            }
        }
        for (int column = 0; column < dx->width; column++, x += channels) {
            count = targets(column, dx->width, dy->width, to, weight);
            for (int c = 0; c < channels; c++) {
                float sum = 0;

                for (int k = 0; k < count; k++) {
                    sum += weight[k] * scratch[to[k] * channels + c];
                }
                x[c] = sum;
            }
        }
    }
}

void pst_double_gradient(PstExecutor *executor, const PstMap *dy, PstMap *dx)
{
    Pair p = { dy, dx, FALSE };

    pst_executor_scratch_rows(executor, dx->height, pst_executor_share(executor, dx->height, dy->width, dy->channels),
                              (gsize)dy->width * dy->channels, double_gradient_rows, &p);
}

typedef struct {
    const PstMap *whole;
    PstMap *level;
} Difference;

static void subtract_rows(int first, int rows, gpointer data)
{
    Difference *d = data;
    gsize from = (gsize)first * d->whole->width * d->whole->channels;
    gsize count = (gsize)rows * d->whole->width * d->whole->channels;

    for (gsize i = from; i < from + count; i++) {
        d->level->data[i] = d->whole->data[i] - d->level->data[i];
    }
}

void pst_pyramid_analyse(PstPyramid *p, int first, PstExecutor *executor, const PstMap *picture)
{
    const PstMap *whole = picture;
    PstMap kept = { 0 };

    for (int i = first; i + 1 < p->levels; i++) {
        PstMap small = pst_map_new(p->level[i + 1].height, p->level[i + 1].width, whole->channels);
        Difference d = { whole, &p->level[i] };

        pst_halve(executor, whole, &small);
        pst_double(executor, &small, FALSE, &p->level[i]);
        pst_executor_rows(executor, whole->height,
                          pst_executor_share(executor, whole->height, whole->width, whole->channels), subtract_rows,
                          &d);
        pst_map_clear(&kept);
        kept = small;
        whole = &kept;
    }
    memcpy(p->level[p->levels - 1].data, whole->data, bytes(whole));
    pst_map_clear(&kept);
}

void pst_pyramid_collapse(PstPyramid *p, int first, PstExecutor *executor, PstMap *picture)
{
    const PstMap *small = &p->level[p->levels - 1];

    if (first == p->levels - 1) {
        memcpy(picture->data, small->data, bytes(small));
    }
    for (int i = p->levels - 2; i >= first; i--) {
        const PstMap *level = &p->level[i];

        if (i > first && !p->sum[i].data) {
            p->sum[i] = pst_map_new(level->height, level->width, level->channels);
        }
        PstMap *larger = i == first ? picture : &p->sum[i];

        memcpy(larger->data, level->data, bytes(level));
        pst_double(executor, small, TRUE, larger);
        small = larger;
    }
}

void pst_pyramid_gradient(PstPyramid *gradient, int first, PstExecutor *executor, const PstMap *dpicture)
{
    memcpy(gradient->level[first].data, dpicture->data, bytes(dpicture));
    for (int i = first; i + 1 < gradient->levels; i++) {
        pst_double_gradient(executor, &gradient->level[i], &gradient->level[i + 1]);
    }
}
