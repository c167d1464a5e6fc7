#include "invention.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#define REST_STREAM 1 /* random numbers of the rest are others than those of the code */

void pst_invention_draw(const PstStyleSpace *space, guint64 seed, float *x)
{
    g_autofree float *code = g_new(float, space->shape.latent);
    PstRandom of_code = pst_random_at(seed, 0, 0), of_rest = pst_random_at(seed, 0, REST_STREAM);

    pst_style_space_draw(space, &of_code, code);
    pst_style_space_decode(space, code, x);
    pst_style_space_add_rest(space, &of_rest, 1, x);
}

/* The code of x and what it doesn't hold. */
static void split(const PstStyleSpace *space, const float *x, float *code, float *rest)
{
    pst_style_space_encode(space, x, code);
    pst_style_space_decode(space, code, rest);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        rest[i] = x[i] - rest[i];
}

static void join(const PstStyleSpace *space, const float *code, const float *rest, float *x)
{
    pst_style_space_decode(space, code, x);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        x[i] += rest[i];
}

static double length(const float *v, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++)
        sum += (double)v[i] * v[i];
    return sqrt(sum);
}

void pst_invention_vary(const PstStyleSpace *space, const float *x, guint64 seed, int index, double spread, float *to)
{
    int latent = space->shape.latent;
    g_autofree float *code = g_new(float, latent), *other = g_new(float, latent);
    float rest[PST_STYLE_SIZE];
    PstRandom random = pst_random_at(seed, (guint64)index + 1, 0);
    /* Two normal codes mixed by the sine and cosine of an angle are a normal code again. */
    double turn = CLAMP(spread, 0, 1) * G_PI / 2;

    split(space, x, code, rest);
    pst_style_space_draw(space, &random, other);
    for (int i = 0; i < latent; i++)
        code[i] = (float)(cos(turn) * code[i] + sin(turn) * other[i]);
    join(space, code, rest, to);
}

void pst_invention_walk(const PstStyleSpace *space, const float *a, const float *b, double share, float *x)
{
    int latent = space->shape.latent;
    g_autofree float *from = g_new(float, latent), *to = g_new(float, latent);
    float rest[PST_STYLE_SIZE], other[PST_STYLE_SIZE];
    double wanted, scale;

    split(space, a, from, rest);
    split(space, b, to, other);
    wanted = (1 - share) * length(from, latent) + share * length(to, latent);
    for (int i = 0; i < latent; i++)
        from[i] = (float)((1 - share) * from[i] + share * to[i]);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        rest[i] = (float)((1 - share) * rest[i] + share * other[i]);
    /* Between opposite codes the line goes through the middle, where there is no length to restore. */
    scale = length(from, latent);
    scale = scale > 0.25 * wanted ? wanted / scale : 1;
    for (int i = 0; i < latent; i++)
        from[i] = (float)(from[i] * scale);
    join(space, from, rest, x);
}

void pst_invention_nearest(const PstStyleSpace *space, const PstArtworks *bank, const float *x, gboolean honest,
                           int count, int *nearest)
{
    g_autofree double *distances = g_new(double, count);
    int found = 0;

    for (int i = 0; i < bank->count; i++) {
        float other[PST_STYLE_SIZE];
        double distance = 0;
        int at;

        if (honest && PST_ARTWORK_IS_HELD_OUT(i))
            continue;
        pst_style_space_standardise(space, bank->artworks[i].statistics, other);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            distance += (double)(x[k] - other[k]) * (x[k] - other[k]);
        if (found == count && distance >= distances[count - 1])
            continue;
        at = found < count ? found++ : count - 1;
        for (; at > 0 && distances[at - 1] > distance; at--) {
            distances[at] = distances[at - 1];
            nearest[at] = nearest[at - 1];
        }
        distances[at] = distance;
        nearest[at] = i;
    }
    for (; found < count; found++)
        nearest[found] = -1;
}

PstStyle *pst_invention_style(const PstStyleSpace *space, const PstArtworks *bank, const float *x, const char *name,
                              const char *from)
{
    PstStyle *style = pst_style_new(name);
    int nearest[PST_INVENTION_NEAREST];
    json_t *recipe = json_object(), *near = json_array();

    pst_style_space_restore(space, x, style->statistics);
    pst_invention_nearest(space, bank, x, FALSE, PST_INVENTION_NEAREST, nearest);
    for (int i = 0; i < PST_INVENTION_NEAREST && nearest[i] >= 0; i++) {
        g_autofree char *label = pst_artwork_label(&bank->artworks[nearest[i]]);

        json_array_append_new(near, json_string(label));
    }
    json_object_set_new(recipe, "invented", json_string(from));
    json_object_set_new(recipe, "nearest", near);
    style->recipe = json_dumps(recipe, JSON_COMPACT);
    json_decref(recipe);
    return style;
}
