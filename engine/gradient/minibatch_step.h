/* A minibatch step: some pictures of a training step, from photographs to gradients, on one thread.
 *
 *   photo -> encoder -> generator(style, detail) -> picture -> loss network -> losses, and all the way
 *   back; with an shallow loss network also picture -> shallow loss network -> style loss of shallow depths
 *
 * Losses are per picture (nothing is normalised over a batch), so pictures may be shared out to
 * minibatch steps in any way: each has its own gradient, the same to the bit. Several pictures in one
 * minibatch step are faster than one, since large weights are fetched once for all of them.
 */
#pragma once

#include "style_appearance.h"
#include "generator_gradient.h"
#include "losses.h"
#include "training_recipe.h"

#include <gio/gio.h>

G_BEGIN_DECLS

struct PstMinibatchStep;

/** A term of another's: adds to the gradients with respect to the taps that the loss network saw in picture i of a minibatch step,
 *  minibatch step->seen[i]->dtaps. */
typedef void (*PstMinibatchStepTerm)(struct PstMinibatchStep *minibatch, int i, gpointer data);

/** What is learnt from. `encoder` and `loss network` may be the same: then photographs are looked at only
 * once. */
typedef struct {
    const PstLossNetwork *encoder;
    const PstLossNetwork *loss_network;
    const PstGeneratorWeights *weights; /* prepared */
    double loss[PST_LOSSES]; /* weight of every term, already divided by the pictures of a batch */
    const PstLossNetwork *shallow; /* or NULL: then the loss network tells the style of all depths */
    PstMinibatchStepTerm term;       /* or NULL */
    gpointer term_data;
    float grain;              /* deviation of the grain that the encoder sees in photographs (grain.h); the loss network sees none */
    gboolean second_opinion;  /* the loss network tells the style of the shallow loss network's depths, too */
    gboolean terms_only;      /* no gradients: half the time */
    GCancellable *cancellable; /* or NULL: a minibatch step ends early then, and what it fills in is undefined */
} PstStepConfiguration;

/** One picture of a minibatch step. */
typedef struct {
    /* to be filled before a minibatch step */
    PstMap photo;        /* [height][width][3] */
    const float *style;  /* NULL: its own; only then PST_LOSS_IDENTITY_PIXELS counts */
    const float *target; /* not used where style is NULL */
    const float *exact;  /* the shallow loss network's target, neither */
    const PstStyleAppearance *aim; /* where the gradient of the style loss leads; NULL: to the target */
    float detail;
    int grain_row, grain_column; /* where the photograph lies in the grain, 0 or more */

    float *dparameters; /* a set, borrowed; a minibatch step puts the terms' weighted gradient here */

    /* filled by it */
    double terms[PST_LOSSES]; /* unweighted */
    PstStyleAppearance appearance; /* of the picture */

    float own_style[PST_STYLE_SIZE];
    float own_target[PST_TARGET_SIZE];
    float own_exact[PST_SHALLOW_SIZE];
} PstSample;

/** Room for minibatch steps on pictures of one size. One thread at a time may use it. */
typedef struct PstMinibatchStep {
    PstArena *arena;
    int capacity; /* in pictures */
    PstSample *samples;
    PstMap *grained;       /* the photographs with grain, or NULL */
    PstActivations **encoded;    /* the photographs, with grain, by the encoder */
    PstActivations **photo_seen; /* and without by the loss network; the same as `encoded` where they are the same */
    PstActivations **seen;       /* the pictures by the loss network */
    PstActivations *examined;    /* one picture after the other by the shallow loss network, or NULL */
    PstGeneratorGradient **generators;
    PstLosses *losses;
} PstMinibatchStep;

PstMinibatchStep *pst_minibatch_step_new(const PstStepConfiguration *configuration, int height, int width, int capacity);
void pst_minibatch_step_free(PstMinibatchStep *minibatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMinibatchStep, pst_minibatch_step_free)

/** Gives a minibatch step on the first `count` samples. */
void pst_minibatch_step_give(PstMinibatchStep *minibatch, const PstStepConfiguration *configuration, int count);

G_END_DECLS
