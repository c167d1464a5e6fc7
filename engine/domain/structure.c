#include "structure.h"

#include "guided_filter.h"

#include "engine/picture/oklab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EDGES     0.05 /* of all pixels */
#define WINDOW    3    /* radius of SSIM's */
#define STABILITY 1e-3f
#define NO_EDGE   1e-4f /* gradients of even areas */
#define DIAGONAL  0.41421356f

static PstMap lightness_of(const PstPicture *picture)
{
    PstMap light = pst_map_new(picture->height, picture->width, 1);
    gsize n = pst_map_size(&light);
    double sum = 0, square = 0, deviation;

    for (gsize i = 0; i < n; i++) {
        float lab[3];

        pst_oklab(picture->rgb + 3 * i, lab);
        light.data[i] = lab[0];
        sum += lab[0];
        square += (double)lab[0] * lab[0];
    }
    deviation = sqrt(MAX(square / n - sum / n * (sum / n), 1e-8));
    for (gsize i = 0; i < n; i++)
        light.data[i] = (float)((light.data[i] - sum / n) / deviation);
    return light;
}

static int descending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x < y) - (x > y);
}

/* Strengths of edges [height][width], 0 where there is none. */
static PstMap edges_of(const PstMap *light)
{
    int w = light->width, h = light->height;
    PstMap strength = pst_map_new(h, w, 1), edges = pst_map_new(h, w, 1);
    g_autofree float *dx = g_new0(float, pst_map_size(light)), *dy = g_new0(float, pst_map_size(light));

    memset(strength.data, 0, pst_map_size(light) * sizeof(float));
    memset(edges.data, 0, pst_map_size(light) * sizeof(float));
    for (int y = 1; y < h - 1; y++) {
        for (int x = 1; x < w - 1; x++) {
            gsize i = (gsize)y * w + x;
            const float *up = light->data + i - w, *here = light->data + i, *down = light->data + i + w;

            dx[i] = 3 * (up[1] - up[-1] + down[1] - down[-1]) + 10 * (here[1] - here[-1]);
            dy[i] = 3 * (down[-1] - up[-1] + down[1] - up[1]) + 10 * (down[0] - up[0]);
            strength.data[i] = hypotf(dx[i], dy[i]);
        }
    }
    for (int y = 1; y < h - 1; y++) {
        for (int x = 1; x < w - 1; x++) {
            gsize i = (gsize)y * w + x;
            gssize across = fabsf(dy[i]) < DIAGONAL * fabsf(dx[i])   ? 1
                            : fabsf(dx[i]) < DIAGONAL * fabsf(dy[i]) ? w
                            : dx[i] * dy[i] > 0                      ? w + 1
                                                                     : w - 1;

            if (strength.data[i] > NO_EDGE && strength.data[i] >= strength.data[(gssize)i - across] &&
                strength.data[i] > strength.data[(gssize)i + across])
                edges.data[i] = strength.data[i];
        }
    }
    pst_map_clear(&strength);
    return edges;
}

/* Leaves the strongest. */
static void keep_strongest(PstMap *edges)
{
    gsize n = pst_map_size(edges), count = MAX(1, (gsize)(EDGES * (double)n));
    g_autofree float *sorted = g_memdup2(edges->data, n * sizeof(float));

    qsort(sorted, n, sizeof *sorted, descending);
    for (gsize i = 0; i < n; i++) {
        if (edges->data[i] < sorted[count - 1])
            edges->data[i] = 0;
    }
}

static gboolean is_near(const PstMap *edges, int row, int column)
{
    for (int y = MAX(0, row - 1); y <= MIN(edges->height - 1, row + 1); y++) {
        for (int x = MAX(0, column - 1); x <= MIN(edges->width - 1, column + 1); x++) {
            if (*pst_map_at(edges, y, x) > 0)
                return TRUE;
        }
    }
    return FALSE;
}

static double compare_edges(const PstMap *a, const PstMap *b)
{
    PstMap of_a = edges_of(a), of_b = edges_of(b);
    gsize all = 0, kept = 0;

    keep_strongest(&of_a);
    keep_strongest(&of_b);
    for (int y = 0; y < a->height; y++) {
        for (int x = 0; x < a->width; x++) {
            if (*pst_map_at(&of_a, y, x) > 0) {
                all++;
                kept += is_near(&of_b, y, x);
            }
        }
    }
    pst_map_clear(&of_a);
    pst_map_clear(&of_b);
    return all > 0 ? (double)kept / (double)all : 1;
}

static double compare_windows(const PstMap *a, const PstMap *b)
{
    PstMap sums = pst_map_new(a->height, a->width, 5);
    gsize n = pst_map_size(a);
    double sum = 0;

    for (gsize i = 0; i < n; i++) {
        float x = a->data[i], y = b->data[i], *to = sums.data + 5 * i;

        to[0] = x;
        to[1] = y;
        to[2] = x * x;
        to[3] = y * y;
        to[4] = x * y;
    }
    pst_box_mean(&sums, WINDOW);
    for (gsize i = 0; i < n; i++) {
        const float *m = sums.data + 5 * i;
        float vx = m[2] - m[0] * m[0], vy = m[3] - m[1] * m[1], cross = m[4] - m[0] * m[1];

        sum += (2 * m[0] * m[1] + STABILITY) / (m[0] * m[0] + m[1] * m[1] + STABILITY) * (2 * cross + STABILITY) /
               (vx + vy + STABILITY);
    }
    pst_map_clear(&sums);
    return sum / (double)n;
}

gboolean pst_structure_compare(const PstPicture *a, const PstPicture *b, PstStructure *structure,
                               GCancellable *cancellable, GError **error)
{
    int width = a->width, height = a->height;
    g_autoptr(PstPicture) small_a = NULL, small_b = NULL;
    PstMap light_a, light_b;

    if (MIN(width, height) > PST_STRUCTURE_SIDE)
        pst_size_fit_short_side(a->width, a->height, PST_STRUCTURE_SIDE, &width, &height);
    if (!(small_a = pst_picture_resize(a, width, height, cancellable, error)) ||
        !(small_b = pst_picture_resize(b, width, height, cancellable, error)))
        return FALSE;
    light_a = lightness_of(small_a);
    light_b = lightness_of(small_b);
    structure->edges = compare_edges(&light_a, &light_b);
    structure->ssim = compare_windows(&light_a, &light_b);
    pst_map_clear(&light_a);
    pst_map_clear(&light_b);
    return TRUE;
}
