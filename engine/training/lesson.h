/* A lesson: one picture of a training step, from photograph to gradient, on one thread.
 *
 *   photo -> encoder -> generator(style, detail) -> picture -> judge -> losses, and all the way
 * back
 *
 * Losses are per picture (nothing is normalised over a batch), so a step is as many lessons as its
 * batch has pictures, in any order and on any threads, and the sum of their gradients.
 */
#pragma once

#include "generator_gradient.h"
#include "losses.h"
#include "recipe.h"

G_BEGIN_DECLS

/** What is learnt from. `encoder` and `judge` may be the same: then the photograph is looked at
 * only once. */
typedef struct {
    const PstJudge *encoder;
    const PstJudge *judge;
    const PstGeneratorWeights *weights; /* prepared */
    double loss[PST_LOSSES]; /* weight of every term, already divided by the pictures of a batch */
} PstSubject;

/** Room for lessons on pictures of one size. One thread at a time may use it. */
typedef struct {
    PstMap photo; /* [size][size][3], to be filled before a lesson */
    PstMap drgb;
    PstMap dtaps[PST_TAPS + 1];
    PstSight *encoded;    /* the photograph by the encoder */
    PstSight *photo_seen; /* and by the judge; the same as `encoded` where they are the same */
    PstSight *seen;       /* the picture by the judge */
    PstLosses *losses;
    PstGeneratorGradient *generator;
} PstLesson;

PstLesson *pst_lesson_new(const PstSubject *subject, int height, int width);
void pst_lesson_free(PstLesson *lesson);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLesson, pst_lesson_free)

/** Gives a lesson on lesson->photo: paints it in `style` with `detail`, writes the terms,
 * unweighted, to terms[PST_LOSSES] and the gradient of their weighted sum to `dparameters` (a set
 * of parameters, overwritten). style NULL: the photograph's own style and target, `target` not
 * used, and PST_LOSS_IDENTITY_PIXELS counts, which is 0 otherwise. */
void pst_lesson_give(PstLesson *lesson, const PstSubject *subject, const float *style,
                     const float *target, float detail, double *terms, float *dparameters);

G_END_DECLS
