/* One step of training on some pictures of its batch: from photographs to gradients, on one thread.
 *
 *   photo -> encoder -> generator(style, detail) -> painting -> loss network -> losses, and all the way back;
 *   with a shallow loss network also painting -> shallow loss network -> style loss of shallow depths
 *
 * Losses are per picture, nothing is normalised over a batch. So the pictures of a batch may be shared out to any
 * number of threads: each has its own gradient, the same to the bit. Several pictures at once are faster than one after
 * the other, since large weights are fetched once for all of them.
 */
#pragma once

#include "engine/network/patch_swap.h"
#include "generator_gradient.h"
#include "losses.h"
#include "neighbour_loss.h"
#include "shallow_loss_network.h"
#include "training_recipe.h"

#include <gio/gio.h>

/** What a step computes. All pointers are borrowed. */
typedef struct {
    const PstLossNetwork *encoder;
    const PstLossNetwork *loss_network;         /* may be the encoder: then photographs pass through it only once */
    const PstLossNetwork *shallow_loss_network; /* or NULL: then the loss network compares the style at all depths */
    gboolean all_depths; /* the loss network compares the style at the shallow loss network's depths, too */
    const PstGeneratorWeights *weights; /* prepared */
    double loss[PST_LOSSES];            /* weight of every term, already divided by the pictures of a batch */
    float grain; /* deviation of the grain that photographs have for the encoder (grain.h); the losses see none */
    int places, vectors; /* that neighbours are searched among (neighbour_loss.h); 0: PST_LOSS_NEIGHBOURS and _COVERAGE
                            are 0 */
    int painting_size;   /* side of the paintings that samples bring; 0: they bring none */
    double swap;         /* share of the samples that get patches, if they bring any (patch_swap.h) */
    gboolean terms_only; /* no gradients: half the time */
    GCancellable *cancellable; /* or NULL; a step that was cancelled ends early, and its results are undefined */
} PstStepConfiguration;

/** One picture of a step. */
typedef struct {
    /* to be filled before a step */
    PstMap photo;                   /* [height][width][3] */
    const float *style;             /* NULL: its own; only then PST_LOSS_IDENTITY_PIXELS counts */
    const float *target;            /* of the loss network; not used where style is NULL, */
    const float *shallow_target;    /* nor that of the shallow loss network */
    const PstStyleVectors *vectors; /* of the style; NULL: it has no neighbours */
    const PstSwapPatches *patches;  /* that the photograph gets where `swap` lets it; NULL: the painting's */
    gboolean of_painting;           /* `painting` stands for the style: the step sets the four above */
    PstMap painting;                /* [painting_size][painting_size][3] */
    PstRandom random;               /* the stream that places are drawn from */
    float detail;
    int grain_row, grain_column; /* where the photograph lies in the grain, 0 or more */
    float *dparameters;          /* a set, borrowed: receives the gradient of the weighted terms */

    /* results */
    double terms[PST_LOSSES]; /* unweighted */

    /* of the photograph, or of the painting that stands for the style */
    float own_style[PST_STYLE_SIZE];
    float own_target[PST_TARGET_SIZE];
    float own_shallow_target[PST_SHALLOW_TARGET_SIZE];
    PstStyleVectors *own_vectors; /* of the painting, or NULL */
} PstSample;

/** Workspace for steps on pictures of one size. One thread at a time may use it. */
typedef struct {
    PstArena *arena;
    int capacity; /* in pictures */
    PstSample *samples;
    PstMap *grained;                     /* the photographs with grain, or NULL */
    PstActivations **encoded;            /* the encoder's, of the photographs with grain */
    PstActivations **photo_activations;  /* the loss network's, of those without; may be `encoded` */
    PstActivations **activations;        /* the loss network's, of the paintings */
    PstActivations *shallow_activations; /* the shallow loss network's, one picture after the other, or NULL */
    PstGeneratorGradient **generators;
    PstLosses *losses;
    PstNeighbourLoss **neighbours;                       /* one a picture, or NULL */
    struct PstPaintingActivations *painting_activations; /* of the samples' paintings, one after the other, or NULL */
    PstMap (*swapped)[PST_STYLE_TAPS + 1]; /* taps of each photograph with a painting's patches in them, or NULL */
} PstMinibatchStep;

/** For pictures of a multiple of 16 by a multiple of 16 pixels, at most `capacity` at once. */
PstMinibatchStep *pst_minibatch_step_new(const PstStepConfiguration *configuration, int height, int width,
                                         int capacity);
void pst_minibatch_step_free(PstMinibatchStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMinibatchStep, pst_minibatch_step_free)

/** Runs a step on the first `count` samples. */
void pst_minibatch_step_run(PstMinibatchStep *step, const PstStepConfiguration *configuration, int count);
