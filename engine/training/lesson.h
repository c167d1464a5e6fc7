/* A lesson: some pictures of a training step, from photographs to gradients, on one thread.
 *
 *   photo -> encoder -> generator(style, detail) -> picture -> judge -> losses, and all the way
 *   back; with an examiner also picture -> examiner -> style loss of shallow depths
 *
 * Losses are per picture (nothing is normalised over a batch), so pictures may be shared out to
 * lessons in any way: each has its own gradient, the same to the bit. Several pictures in one
 * lesson are faster than one, since large weights are fetched once for all of them.
 */
#pragma once

#include "appearance.h"
#include "generator_gradient.h"
#include "losses.h"
#include "recipe.h"

#include <gio/gio.h>

G_BEGIN_DECLS

struct PstLesson;

/** A term of another's: adds to the gradients with respect to the taps that the judge saw in picture i of a lesson,
 *  lesson->seen[i]->dtaps. */
typedef void (*PstLessonTerm)(struct PstLesson *lesson, int i, gpointer data);

/** What is learnt from. `encoder` and `judge` may be the same: then photographs are looked at only
 * once. */
typedef struct {
    const PstJudge *encoder;
    const PstJudge *judge;
    const PstGeneratorWeights *weights; /* prepared */
    double loss[PST_LOSSES]; /* weight of every term, already divided by the pictures of a batch */
    const PstJudge *examiner; /* or NULL: then the judge tells the style of all depths */
    PstLessonTerm term;       /* or NULL */
    gpointer term_data;
    float grain;              /* deviation of the grain that the encoder sees in photographs (grain.h); the judge sees none */
    gboolean second_opinion;  /* the judge tells the style of the examiner's depths, too */
    gboolean terms_only;      /* no gradients: half the time */
    GCancellable *cancellable; /* or NULL: a lesson ends early then, and what it fills in is undefined */
} PstSubject;

/** One picture of a lesson. */
typedef struct {
    /* to be filled before a lesson */
    PstMap photo;        /* [height][width][3] */
    const float *style;  /* NULL: its own; only then PST_LOSS_IDENTITY_PIXELS counts */
    const float *target; /* not used where style is NULL */
    const float *exact;  /* the examiner's target, neither */
    const PstAppearance *aim; /* where the gradient of the style loss leads; NULL: to the target */
    float detail;
    int grain_row, grain_column; /* where the photograph lies in the grain, 0 or more */

    float *dparameters; /* a set, borrowed; a lesson puts the terms' weighted gradient here */

    /* filled by it */
    double terms[PST_LOSSES]; /* unweighted */
    PstAppearance appearance; /* of the picture */

    float own_style[PST_STYLE_SIZE];
    float own_target[PST_TARGET_SIZE];
    float own_exact[PST_EXACT_SIZE];
} PstExercise;

/** Room for lessons on pictures of one size. One thread at a time may use it. */
typedef struct PstLesson {
    PstArena *arena;
    int room; /* for so many pictures */
    PstExercise *exercises;
    PstMap *grained;       /* the photographs with grain, or NULL */
    PstSight **encoded;    /* the photographs, with grain, by the encoder */
    PstSight **photo_seen; /* and without by the judge; the same as `encoded` where they are the same */
    PstSight **seen;       /* the pictures by the judge */
    PstSight *examined;    /* one picture after the other by the examiner, or NULL */
    PstGeneratorGradient **generators;
    PstLosses *losses;
} PstLesson;

PstLesson *pst_lesson_new(const PstSubject *subject, int height, int width, int room);
void pst_lesson_free(PstLesson *lesson);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLesson, pst_lesson_free)

/** Gives a lesson on the first `count` exercises. */
void pst_lesson_give(PstLesson *lesson, const PstSubject *subject, int count);

G_END_DECLS
