#include "refine.h"

#include "engine/network/pyramid.h"

#include "engine/kernel/adam.h"

#include <math.h>
#include <string.h>

#define SMALLEST 16 /* side of an octave that is repainted */

typedef struct {
    const PstFeatureNetwork *network;
    const PstPaletteVectors *style;
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

/* Whether there is enough of the picture and of the painting at an octave. */
static gboolean large_enough(const Refinement *r, int octave)
{
    const PstMap *photo = &r->photo->level[0];

    return octave < r->photo->levels && pst_palette_vectors_has(r->style, octave) &&
           MIN(photo->height, photo->width) >> octave >= SMALLEST;
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
                  a->r->v->level[a->level].data + from, rows * row, a->step, a->rate, 0.9f, (float)a->r->options->beta2,
                  1e-8f);
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

        pst_executor_rows(r->steady, level->height,
                          pst_executor_share(r->steady, level->height, level->width, level->channels), adam_rows, &a);
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

/* What an octave is worked on with. */
typedef struct {
    int octave;
    PstMap picture, gradient;
    PstFeatureMaps *features;
} Room;

static double rate_at(const PstRefineOptions *o, int step, int steps)
{
    double wave = 0.5 * (1 + cos(G_PI * (step - 1) / MAX(1, steps - 1)));

    return o->final_rate + (o->rate - o->final_rate) * wave;
}

static void take_steps(Refinement *r, Room *room)
{
    g_autoptr(PstLayerLoss) loss = NULL;
    const PstRefineOptions *o = r->options;
    int octave = room->octave, steps = o->steps[octave];

    pst_pyramid_collapse(r->photo, octave, r->executor, &room->picture);
    pst_feature_maps_see(room->features, r->network, r->executor, &room->picture);
    loss = pst_layer_loss_new(room->features, TRUE, &r->style->octaves[octave]);
    begin_steps(r);
    for (int step = 1; step <= steps && !cancelled(r); step++) {
        PstLayerTerms terms;

        pst_pyramid_collapse(r->now, octave, r->executor, &room->picture);
        terms = pst_layer_loss(loss, r->network, r->executor, &o->weights, step, &room->picture, room->features,
                               &room->gradient);
        take_step(r, octave, step, rate_at(o, step, steps), &room->gradient);
        if (step % 20 == 0 || step == 1)
            g_debug("octave %d step %d: near %.4f cover %.4f apart %.4f moments %.4f content %.4f", octave, step,
                    terms.near, terms.cover, terms.apart, terms.moments, terms.content);
        tell(r, step_work(octave), step % 10 == 0 ? &room->picture : NULL);
    }
}

static void move_colours(Refinement *r, int octave, PstMap *picture)
{
    PstColourMoments own = pst_colour_moments(picture);

    pst_colour_transfer(picture, &own, r->options->colours);
    pst_pyramid_analyse(r->now, octave, r->steady, picture);
}

static void refine_octave(Refinement *r, int octave)
{
    const PstMap *level = &r->now->level[octave];
    Room room = { .octave = octave,
                  .picture = pst_map_new(level->height, level->width, 3),
                  .gradient = pst_map_new(level->height, level->width, 3),
                  .features = pst_feature_maps_new(level->height, level->width, PST_FEATURE_LAYERS, TRUE) };

    take_steps(r, &room);
    pst_pyramid_collapse(r->now, octave, r->steady, &room.picture);
    if (r->options->colours) {
        move_colours(r, octave, &room.picture);
    }
    tell(r, 0, &room.picture);
    pst_map_clear(&room.picture);
    pst_map_clear(&room.gradient);
    pst_feature_maps_free(room.features);
}

static void clamp(PstMap *picture)
{
    for (gsize i = 0; i < pst_map_size(picture); i++) {
        picture->data[i] = CLAMP(picture->data[i], 0, 1);
    }
}

gboolean pst_refine(const PstFeatureNetwork *network, const PstPaletteVectors *style, const PstMap *photo,
                    PstMap *picture, const PstRefineOptions *options, PstThreadPool *pool, GCancellable *cancellable,
                    PstRefineProgress progress, gpointer data)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    g_autoptr(PstExecutor) steady = pst_executor_new(pool, NULL, NULL, NULL);
    Refinement r = { .network = network,
                     .style = style,
                     .options = options,
                     .executor = executor,
                     .steady = steady,
                     .progress = progress,
                     .data = data };
    int steps[PST_PALETTE_OCTAVES];
    PstPyramid **pyramids[] = { &r.photo, &r.now, &r.gradient, &r.m, &r.v };

    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        *pyramids[i] = pst_pyramid_new(photo->height, photo->width, 3);
    }
    pst_pyramid_analyse(r.photo, 0, steady, photo);
    pst_pyramid_analyse(r.now, 0, steady, picture);
    for (int octave = 0; octave < PST_PALETTE_OCTAVES; octave++) {
        steps[octave] = large_enough(&r, octave) ? options->steps[octave] : 0;
        r.work += steps[octave] * step_work(octave);
    }
    for (int octave = PST_PALETTE_OCTAVES - 1; octave >= 0 && !cancelled(&r); octave--) {
        if (steps[octave] > 0) {
            refine_octave(&r, octave);
        }
    }
    pst_pyramid_collapse(r.now, 0, steady, picture);
    clamp(picture);
    for (guint i = 0; i < G_N_ELEMENTS(pyramids); i++) {
        pst_pyramid_free(*pyramids[i]);
    }
    return !g_cancellable_is_cancelled(cancellable);
}
