#include "lesson.h"

#include <string.h>

PstLesson *pst_lesson_new(const PstSubject *subject, int height, int width)
{
    PstLesson *l = g_new0(PstLesson, 1);
    gboolean same = subject->encoder == subject->judge;

    l->photo = pst_map_new(height, width, 3);
    l->drgb = pst_map_new(height, width, 3);
    l->encoded = pst_sight_new(subject->encoder, height, width, same ? PST_TAPS : PST_STYLE_TAPS,
                               FALSE);
    l->photo_seen = same ? l->encoded
                         : pst_sight_new(subject->judge, height, width, PST_TAPS, FALSE);
    l->seen = pst_sight_new(subject->judge, height, width, PST_TAPS, TRUE);
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        const PstMap *like = &l->seen->taps[tap];

        l->dtaps[tap] = pst_map_new(like->height, like->width, like->channels);
    }
    l->losses = pst_losses_new(subject->judge, height, width);
    l->generator = pst_generator_gradient_new(subject->weights, height, width);
    return l;
}

void pst_lesson_free(PstLesson *l)
{
    if (!l) {
        return;
    }
    pst_map_clear(&l->photo);
    pst_map_clear(&l->drgb);
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        pst_map_clear(&l->dtaps[tap]);
    }
    if (l->photo_seen != l->encoded) {
        pst_sight_free(l->photo_seen);
    }
    pst_sight_free(l->encoded);
    pst_sight_free(l->seen);
    pst_losses_free(l->losses);
    pst_generator_gradient_free(l->generator);
    g_free(l);
}

/* All terms of `rgb`; the gradient with respect to it is left in l->drgb. */
static void judge_picture(PstLesson *l, const PstSubject *s, const PstMap *rgb, const float *target,
                          gboolean identity, double *terms)
{
    const PstMap *taps = l->seen->taps, *photo_taps = l->photo_seen->taps;
    const double *weight = s->loss;

    pst_judge_forward(s->judge, rgb, l->seen);
    terms[PST_LOSS_STYLE] = pst_loss_style(s->judge, l->losses, taps, target,
                                           weight[PST_LOSS_STYLE], l->dtaps);
    terms[PST_LOSS_CONTENT] = pst_loss_content(s->judge, l->losses, taps, photo_taps,
                                               weight[PST_LOSS_CONTENT], l->dtaps);
    terms[PST_LOSS_STRUCTURE3] = pst_loss_structure(&taps[3], &photo_taps[3],
                                                    weight[PST_LOSS_STRUCTURE3], &l->dtaps[3]);
    terms[PST_LOSS_STRUCTURE2] = pst_loss_structure(&taps[2], &photo_taps[2],
                                                    weight[PST_LOSS_STRUCTURE2], &l->dtaps[2]);
    pst_judge_backward(s->judge, l->seen, l->dtaps, &l->drgb);
    terms[PST_LOSS_LIGHT] = pst_loss_light(l->losses, rgb, &l->photo, weight[PST_LOSS_LIGHT],
                                           &l->drgb);
    terms[PST_LOSS_RANGE] = pst_loss_range(rgb, weight[PST_LOSS_RANGE], &l->drgb);
    terms[PST_LOSS_IDENTITY_PIXELS] =
        identity ? pst_loss_pixels(rgb, &l->photo, weight[PST_LOSS_IDENTITY_PIXELS], &l->drgb) : 0;
}

void pst_lesson_give(PstLesson *l, const PstSubject *s, const float *style, const float *target,
                     float detail, double *terms, float *dparameters)
{
    float own_style[PST_STYLE_SIZE], own_target[PST_TARGET_SIZE];
    const PstMap *rgb;

    pst_judge_forward(s->encoder, &l->photo, l->encoded);
    if (l->photo_seen != l->encoded) {
        pst_judge_forward(s->judge, &l->photo, l->photo_seen);
    }
    if (!style) {
        pst_taps_statistics(l->encoded->taps, own_style);
        pst_judge_style(s->judge, l->losses, l->photo_seen->taps, own_target);
    }
    rgb = pst_generator_gradient_forward(l->generator, l->encoded->taps, style ? style : own_style,
                                         detail);
    judge_picture(l, s, rgb, style ? target : own_target, !style, terms);
    pst_generator_gradient_backward(l->generator, &l->drgb, dparameters);
}
