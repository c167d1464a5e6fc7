#include "lesson.h"

#include "engine/kernel/blas.h"
#include "engine/transfer/grain.h"

#include <string.h>

PstLesson *pst_lesson_new(const PstSubject *subject, int height, int width, int room)
{
    PstLesson *l = g_new0(PstLesson, 1);
    gboolean same = subject->encoder == subject->judge && subject->grain == 0;
    int last_tap = same ? PST_TAPS : PST_STYLE_TAPS;

    l->arena = pst_arena_new();
    l->room = room;
    l->exercises = g_new0(PstExercise, room);
    l->grained = subject->grain > 0 ? g_new(PstMap, room) : NULL;
    l->encoded = g_new(PstSight *, room);
    l->photo_seen = same ? l->encoded : g_new(PstSight *, room);
    l->seen = g_new(PstSight *, room);
    l->generators = g_new(PstGeneratorGradient *, room);
    for (int i = 0; i < room; i++) {
        l->exercises[i].photo = pst_arena_map(l->arena, height, width, 3);
        if (l->grained) {
            l->grained[i] = pst_arena_map(l->arena, height, width, 3);
        }
        l->encoded[i] = pst_sight_new(subject->encoder, l->arena, height, width, last_tap, FALSE);
        if (!same) {
            l->photo_seen[i] = pst_sight_new(subject->judge, l->arena, height, width, PST_TAPS,
                                             FALSE);
        }
        l->seen[i] = pst_sight_new(subject->judge, l->arena, height, width, PST_TAPS, TRUE);
        l->generators[i] = pst_generator_gradient_new(subject->weights, l->arena, height, width);
    }
    if (subject->examiner) {
        l->examined = pst_sight_new_of_moments(subject->examiner, l->arena, height, width);
    }
    l->losses = pst_losses_new(l->arena, height, width);
    return l;
}

void pst_lesson_free(PstLesson *l)
{
    if (!l) {
        return;
    }
    for (int i = 0; i < l->room; i++) {
        if (l->photo_seen != l->encoded) {
            pst_sight_free(l->photo_seen[i]);
        }
        pst_sight_free(l->encoded[i]);
        pst_sight_free(l->seen[i]);
        pst_generator_gradient_free(l->generators[i]);
    }
    if (l->photo_seen != l->encoded) {
        g_free(l->photo_seen);
    }
    pst_sight_free(l->examined);
    g_free(l->grained);
    g_free(l->encoded);
    g_free(l->seen);
    g_free(l->generators);
    g_free(l->exercises);
    pst_arena_free(l->arena);
    g_free(l);
}

static const PstMap *add_grain(const PstExercise *e, float deviation, PstMap *grained)
{
    g_autoptr(PstFlow) flow = pst_flow_new(grained->width, grained->height);
    const PstGrain grain = { deviation, flow, e->grain_row, e->grain_column };

    memcpy(grained->data, e->photo.data, pst_map_size(grained) * sizeof(float));
    for (int y = 0; y < grained->height; y++) {
        pst_flow_add(flow, pst_map_at(grained, y, 0));
    }
    for (int y = 0; y < grained->height; y++) {
        pst_grain_row(&grain, y, 0, grained->width, pst_map_at(grained, y, 0));
    }
    return grained;
}

static void look(PstLesson *l, const PstSubject *s, int count)
{
    for (int i = 0; i < count; i++) {
        l->photo_seen[i]->rgb = &l->exercises[i].photo;
        l->encoded[i]->rgb = l->grained ? add_grain(&l->exercises[i], s->grain, &l->grained[i]) : &l->exercises[i].photo;
    }
    pst_judge_forward_many(s->encoder, l->encoded, count);
    if (l->photo_seen != l->encoded) {
        pst_judge_forward_many(s->judge, l->photo_seen, count);
    }
}

static void paint(PstLesson *l, const PstSubject *s, int count)
{
    for (int i = 0; i < count; i++) {
        PstExercise *e = &l->exercises[i];

        if (!e->style) {
            pst_taps_statistics(l->encoded[i]->taps, e->own_style);
            pst_judge_style(s->judge, l->losses, l->photo_seen[i]->taps, e->own_target);
            if (s->examiner) {
                pst_judge_forward(s->examiner, &e->photo, l->examined);
                pst_examiner_style(l->examined->taps, e->own_exact);
            }
        }
        pst_generator_gradient_set(l->generators[i], l->encoded[i]->taps,
                                   e->style ? e->style : e->own_style, e->detail);
    }
    pst_generator_gradient_forward(l->generators, count);
    for (int i = 0; i < count; i++) {
        l->seen[i]->rgb = pst_generator_gradient_rgb(l->generators[i]);
    }
}

/* The terms that the judge sees; their gradients go to its taps. */
static void compare_taps(PstLesson *l, const PstSubject *s, int i)
{
    PstExercise *e = &l->exercises[i];
    PstMap *taps = l->seen[i]->taps, *photo_taps = l->photo_seen[i]->taps, *d = l->seen[i]->dtaps;
    const double *weight = s->loss;
    const float *target = e->style ? e->target : e->own_target;
    guint told = s->examiner && !s->second_opinion ? pst_examiner_taps(s->examiner) : 0;

    e->terms[PST_LOSS_STYLE] = pst_loss_style(s->judge, l->losses, taps, told, target, e->aim ? e->aim->target : target,
                                              weight[PST_LOSS_STYLE], d);
    memcpy(e->appearance.target, pst_losses_style(l->losses), sizeof e->appearance.target);
    e->terms[PST_LOSS_CONTENT] = pst_loss_content(s->judge, l->losses, taps, photo_taps,
                                                  weight[PST_LOSS_CONTENT], d);
    e->terms[PST_LOSS_STRUCTURE3] = pst_loss_structure(&taps[3], &photo_taps[3],
                                                       weight[PST_LOSS_STRUCTURE3], &d[3]);
    e->terms[PST_LOSS_STRUCTURE2] = pst_loss_structure(&taps[2], &photo_taps[2],
                                                       weight[PST_LOSS_STRUCTURE2], &d[2]);
}

/* The style of shallow depths; its gradient is added to what came from the judge. */
static void examine(PstLesson *l, const PstSubject *s, int i)
{
    PstExercise *e = &l->exercises[i];
    PstSight *seen = l->seen[i], *examined = l->examined;
    const float *exact = e->style ? e->exact : e->own_exact;

    pst_judge_forward(s->examiner, seen->rgb, examined);
    e->terms[PST_LOSS_STYLE] += pst_examiner_loss(examined, exact, e->aim ? e->aim->exact : exact, s->loss[PST_LOSS_STYLE]);
    pst_examiner_seen(examined, e->appearance.exact);
    if (s->terms_only) {
        return;
    }
    pst_judge_backward(s->examiner, &examined, 1);
    cblas_saxpy((int)pst_map_size(&seen->drgb), 1, examined->drgb.data, 1, seen->drgb.data, 1);
}

/* The terms that the picture itself shows; their gradients are added to what came from the judge.
 */
static void compare_pictures(PstLesson *l, const PstSubject *s, int i)
{
    PstExercise *e = &l->exercises[i];
    const PstMap *rgb = l->seen[i]->rgb;
    PstMap *d = &l->seen[i]->drgb;
    const double *weight = s->loss;

    e->terms[PST_LOSS_LIGHT] = pst_loss_light(l->losses, rgb, &e->photo, weight[PST_LOSS_LIGHT], d);
    e->terms[PST_LOSS_CALM] = pst_loss_calm(rgb, &e->photo, weight[PST_LOSS_CALM], d);
    e->terms[PST_LOSS_GRID] = pst_loss_grid(rgb, weight[PST_LOSS_GRID], d);
    e->terms[PST_LOSS_RANGE] = pst_loss_range(rgb, weight[PST_LOSS_RANGE], d);
    e->terms[PST_LOSS_IDENTITY_PIXELS] =
        e->style ? 0 : pst_loss_pixels(rgb, &e->photo, weight[PST_LOSS_IDENTITY_PIXELS], d);
}

static void judge(PstLesson *l, const PstSubject *s, int count)
{
    pst_judge_forward_many(s->judge, l->seen, count);
    for (int i = 0; i < count; i++) {
        compare_taps(l, s, i);
        if (s->term) {
            s->term(l, i, s->term_data);
        }
    }
}

static void judge_back(PstLesson *l, const PstSubject *s, int count)
{
    if (!s->terms_only) {
        pst_judge_backward(s->judge, l->seen, count);
    }
}

static void examine_all(PstLesson *l, const PstSubject *s, int count)
{
    for (int i = 0; i < count; i++) {
        if (s->examiner) {
            examine(l, s, i);
        }
        compare_pictures(l, s, i);
    }
}

static void paint_back(PstLesson *l, const PstSubject *s, int count)
{
    const PstMap **drgb = g_newa(const PstMap *, count);
    float **dparameters = g_newa(float *, count);

    for (int i = 0; i < count; i++) {
        drgb[i] = &l->seen[i]->drgb;
        dparameters[i] = l->exercises[i].dparameters;
    }
    if (!s->terms_only) {
        pst_generator_gradient_backward(l->generators, drgb, dparameters, count);
    }
}

void pst_lesson_give(PstLesson *l, const PstSubject *s, int count)
{
    /* A large picture's lesson takes longer than somebody who cancelled wants to wait, any of its parts doesn't. */
    static void (*const parts[])(PstLesson *, const PstSubject *, int) = { look, paint, judge, judge_back, examine_all,
                                                                           paint_back };

    for (gsize i = 0; i < G_N_ELEMENTS(parts) && !g_cancellable_is_cancelled(s->cancellable); i++) {
        parts[i](l, s, count);
    }
}
