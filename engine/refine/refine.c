#include "refine.h"

#include "column_loss.h"
#include "pyramid.h"

#include "engine/kernel/adam.h"

#include <math.h>
#include <string.h>

#define SMALLEST 16 /* side of an octave that is repainted */

typedef struct {
    const PstFeatureNetwork *network;
    const PstStylePalette *palette;
    const PstRefineOptions *options;
    PstExecutor *executor;
    PstExecutor *steady; /* is never cancelled */
    PstRefineProgress progress;
    gpointer data;
    double done, work;

    PstPyramid *photo, *now, *gradient, *m, *v;
} Refinement;

static gboolean cancelled(const Refinement *r)
{
    return pst_executor_cancelled(r->executor);
}

static void tell(Refinement *r, double work, const PstMap *picture)
{
    r->done += work;
    if (r->progress) {
        r->progress(MIN(1, r->done / r->work), picture, r->data);
    }
}

/* The work of a step at an octave, in steps at full size. */
static double step_work(int octave)
{
    return pow(0.25, octave);
}

static int octaves(const Refinement *r)
{
    const PstMap *photo = &r->photo->level[0];
    int octave = 0;

    while (octave < r->options->octaves && octave + 1 < PST_PALETTE_OCTAVES && octave + 1 < r->photo->levels &&
           r->palette->octaves[octave + 1].count > 0 && MIN(photo->height, photo->width) >> (octave + 1) >= SMALLEST) {
        octave++;
    }
    return octave;
}

/* ---- Adam ----------------------------------------------------------------------------------- */

typedef struct {
    Refinement *r;
    int level, step;
    float rate;
} Adam;

static void adam_rows(int first, int rows, gpointer data)
{
    const Adam *a = data;
    const PstMap *level = &a->r->now->level[a->level];
    gsize row = (gsize)level->width * level->channels, from = first * row;

    pst_adam_step(level->data + from, a->r->gradient->level[a->level].data + from, a->r->m->level[a->level].data + from,
                  a->r->v->level[a->level].data + from, rows * row, a->step, a->rate, 0.9f, (float)a->r->options->beta2, 1e-8f);
}

/* Takes a step on levels first .., unless the gradient is not whole. */
static void take_step(Refinement *r, int first, int step, double rate, const PstMap *drgb)
{
    pst_pyramid_gradient(r->gradient, first, r->executor, drgb);
    if (cancelled(r)) {
        return;
    }
    for (int i = first; i < r->now->levels; i++) {
        Adam a = { r, i, step, (float)rate };
        const PstMap *level = &r->now->level[i];

        pst_executor_rows(r->steady, level->height, pst_executor_share(level->height, level->width, level->channels), adam_rows,
                          &a);
    }
}

static void begin_steps(Refinement *r)
{
    for (int i = 0; i < r->now->levels; i++) {
        gsize bytes = pst_map_size(&r->now->level[i]) * sizeof(float);

        memset(r->m->level[i].data, 0, bytes);
        memset(r->v->level[i].data, 0, bytes);
    }
}

/* ---- coarse to fine ------------------------------------------------------------------------- */

/* What targets are looked for with: mostly the photograph. */
static void mix(const Refinement *r, int octave, PstMap *picture)
{
    PstMap photo = pst_map_new(picture->height, picture->width, 3);
    float own = (float)r->options->own;

    pst_pyramid_collapse(r->now, octave, r->executor, picture);
    pst_pyramid_collapse(r->photo, octave, r->executor, &photo);
    for (gsize i = 0; i < pst_map_size(picture); i++) {
        picture->data[i] = own * picture->data[i] + (1 - own) * photo.data[i];
    }
    pst_map_clear(&photo);
}

static void repaint(Refinement *r, int octave)
{
    const PstMap *level = &r->now->level[octave];
    g_autoptr(PstFeatures) features = pst_features_new(level->height, level->width, TRUE);
    g_autoptr(PstColumnLoss) loss = NULL;
    PstMap picture = pst_map_new(level->height, level->width, 3), gradient = pst_map_new(level->height, level->width, 3);

    mix(r, octave, &picture);
    pst_features_see(features, r->network, r->executor, &picture);
    loss = pst_column_loss_new(&r->palette->octaves[octave], r->executor, features);
    begin_steps(r);
    for (int step = 1; step <= r->options->octave_steps && !cancelled(r); step++) {
        double distance;

        pst_pyramid_collapse(r->now, octave, r->executor, &picture);
        distance = pst_column_loss(loss, r->network, r->executor, &picture, features, &gradient);
        take_step(r, octave, step, r->options->octave_rate, &gradient);
        if (step % 20 == 0) g_debug("octave %d step %d: %.4f", octave, step, distance);
        tell(r, step_work(octave), NULL);
    }
    pst_pyramid_collapse(r->now, octave, r->steady, &picture);
    tell(r, 0, &picture);
    pst_map_clear(&picture);
    pst_map_clear(&gradient);
}

/* ---- layers apart --------------------------------------------------------------------------- */

static double rate_at(const PstRefineOptions *o, int step)
{
    double wave = 0.5 * (1 + cos(G_PI * (step - 1) / MAX(1, o->steps - 1)));

    return o->final_rate + (o->rate - o->final_rate) * wave;
}

static void refine_layers(Refinement *r, const PstMap *photo, PstMap *picture)
{
    g_autoptr(PstFeatures) features = pst_features_new(picture->height, picture->width, TRUE);
    g_autoptr(PstLayerLoss) loss = NULL;
    PstMap gradient = pst_map_new(picture->height, picture->width, 3);

    pst_features_see(features, r->network, r->executor, photo);
    loss = pst_layer_loss_new(features, r->palette, r->options->weights.places);
    begin_steps(r);
    for (int step = 1; step <= r->options->steps && !cancelled(r); step++) {
        PstLayerTerms terms;

        pst_pyramid_collapse(r->now, 0, r->executor, picture);
        terms = pst_layer_loss(loss, r->network, r->executor, &r->options->weights, r->options->seed, step, picture, features,
                               &gradient);
        take_step(r, 0, step, rate_at(r->options, step), &gradient);
        if (step % 10 == 0 || step == 1)
            g_debug("step %d: near %.4f moments %.4f content %.4f", step, terms.near, terms.moments, terms.content);
        tell(r, 1, step % 10 == 0 ? picture : NULL);
    }
    pst_map_clear(&gradient);
}

static void clamp(PstMap *picture)
{
    for (gsize i = 0; i < pst_map_size(picture); i++) {
        picture->data[i] = CLAMP(picture->data[i], 0, 1);
    }
}

gboolean pst_refine(const PstFeatureNetwork *network, const PstStylePalette *palette, const PstMap *photo, PstMap *picture,
                    const PstRefineOptions *options, PstThreadPool *pool, GCancellable *cancellable,
                    PstRefineProgress progress, gpointer data)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    g_autoptr(PstExecutor) steady = pst_executor_new(pool, NULL, NULL, NULL);
    Refinement r = { .network = network, .palette = palette, .options = options, .executor = executor, .steady = steady,
                     .progress = progress, .data = data };
    PstPyramid **pyramids[] = { &r.photo, &r.now, &r.gradient, &r.m, &r.v };

    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        *pyramids[i] = pst_pyramid_new(photo->height, photo->width, 3);
    }
    pst_pyramid_analyse(r.photo, 0, steady, photo);
    pst_pyramid_analyse(r.now, 0, steady, picture);
    r.work = options->steps;
    for (int octave = octaves(&r); octave > 0; octave--) {
        r.work += options->octave_steps * step_work(octave);
    }
    for (int octave = octaves(&r); octave > 0 && !cancelled(&r); octave--) {
        repaint(&r, octave);
    }
    if (!cancelled(&r)) {
        refine_layers(&r, photo, picture);
    }
    pst_pyramid_collapse(r.now, 0, steady, picture);
    clamp(picture);
    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        pst_pyramid_free(*pyramids[i]);
    }
    return !g_cancellable_is_cancelled(cancellable);
}
