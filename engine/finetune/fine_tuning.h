/* Fine-tuning: the base generator learns one style.
 *
 * The style's statistics stay what they are; what is trained is a change of the generator (scope.h). Step s (0 ..),
 * picture p of its batch: the stream (seed, s, p) of random.h chooses the photograph, its window and its variation.
 * Every so many steps the running average of the changes is tried on photographs held out of training: the best one
 * (validations.h) is what a fine-tuning comes to. The weight of the content loss follows what those validations say, so that content
 * is kept and no more than kept.
 *
 * The encoder is its own loss network (loss network.h), with an shallow loss network (shallow loss network.h) that ships, too. All that a step depends on is in
 * the state, so a fine-tuning that was saved and read again goes on to the same bytes, on any number of threads.
 */
#pragma once

#include "corpus.h"
#include "discriminator.h"
#include "engine/gradient/minibatch_step.h"
#include "engine/gradient/optimiser.h"
#include "trainable_subset.h"
#include "validation.h"

G_BEGIN_DECLS

/** Weights of the terms that styles are learnt with. */
#define PST_FINE_TUNING_LOSSES                                                                                             \
    { [PST_LOSS_STYLE] = 32, [PST_LOSS_CONTENT] = 2, [PST_LOSS_STRUCTURE3] = 0.03, [PST_LOSS_LIGHT] = 0.06,                \
      [PST_LOSS_RANGE] = 10 }

/** Every number that the result depends on, beside the pictures and the networks. */
typedef struct {
    PstTrainableSubset subset;
    int steps;
    int batch;                          /* pictures a step */
    int size;                           /* their side, a multiple of 16 */
    int smallest_window, largest_window; /* sides of windows of photographs, whose short side is 512 */
    double rate;                        /* of Adam after `warm_up` steps, falling to nothing along half a cosine */
    int warm_up;
    double average;                     /* decay of the running average */
    double loss[PST_LOSSES];            /* weight of every term; that of content is where it begins */
    double adversarial;                 /* weight of the discriminator's verdict, 0: none */
    double discriminator_rate;
    int adversarial_from;               /* the step from which on it counts */
    int validations;                         /* on held-out photographs, evenly spread over the steps */
    int patience;                       /* stop after so many validations without a better one */
    double content_kept;                /* aim at this ratio to the base's content loss, */
    double content_limit;               /* and keep no change beyond that one */
    double share;                       /* of the change: what validations, previews and the result have of it. On the way
                                           back to the base what was learnt against the shallow loss network's blind spots fades
                                           sooner than the style does. Wortsman et al., "Robust Fine-Tuning of Zero-Shot
                                           Models", CVPR 2022 */
    double together;                    /* share of the style loss that windows answer for together (appearance.h) */
    gboolean second_opinion;            /* the encoder tells the style of the shallow loss network's depths, too */
    gboolean vary_windows;              /* random scale, crop and flip; else the middle of the picture */
    gboolean vary_colours;              /* mild changes of the photographs' colours */
    gint64 seed;
} PstFineTuningRecipe;

/** What is learnt from; borrowed, all of it. */
typedef struct {
    const PstFineTuningRecipe *recipe;
    const PstLossNetwork *encoder;
    const PstLossNetwork *shallow; /* or NULL: then the encoder tells the style of all depths */
    const PstGeneratorWeights *base;
    const float *style;       /* [PST_STYLE_SIZE]: what the generator is given */
    const float *target;      /* [PST_TARGET_SIZE]: what results are to look like to the encoder */
    const float *exact;       /* [PST_SHALLOW_SIZE]: and to the shallow loss network */
    const PstExample *photos; /* to practise on */
    int photo_count;
    const PstExample *held_out;
    int held_out_count;
    const PstPatches *patches; /* of the paintings, for the discriminator; NULL without one */
    GCancellable *cancellable; /* or NULL; a fine-tuning that was cancelled may only be freed */
} PstFineTuningData;

typedef struct {
    PstFineTuningData inputs;
    PstThreadPool *pool; /* borrowed */
    float grain;         /* that suits the style (grain.h) */
    PstTrainingRecipe adam;      /* the recipe as the optimiser takes it */
    PstOptimiser *optimiser;
    PstGeneratorWeights *weights; /* the base's with the change of the moment */
    PstMinibatchStep **minibatches;          /* one a thread */
    float **full;                 /* gradients of all parameters, a set for each picture of a minibatch step of a thread */
    float **gradients;            /* one row a picture */
    float *change;                /* of the row that is looked at */
    PstArena *arena;
    PstDiscriminator *discriminator; /* or NULL, */
    PstDiscriminatorWorkspace **workspaces;    /* one a thread, */
    PstOptimiser *critic;            /* its weights, */
    PstTrainingRecipe critic_adam;
    float **critic_gradients;        /* and one row a picture */

    /* the state, with the rows of the optimiser and the discriminator */
    int step;
    double content_weight;
    float *best;            /* row */
    PstStyleAppearance *reached; /* running mean of what became of windows, from step 1 on */
    GArray *validations;         /* validations.h */
    GArray *curve;          /* PstFineTuningLoss, one for each step */
    int since_best;         /* validations */

    double (*terms)[PST_LOSSES]; /* of every picture of a step, */
    PstStyleAppearance *appearances;  /* and how each looks */
    PstStyleAppearance *aim;          /* where they aim */
    double (*verdicts)[2];
} PstFineTuning;

/** Losses of a step, means over its pictures. */
typedef struct {
    float style, content, adversarial, discriminator;
} PstFineTuningLoss;

/** At step 0, after the validation of the base. */
PstFineTuning *pst_fine_tuning_new(const PstFineTuningData *inputs, PstThreadPool *pool);
void pst_fine_tuning_free(PstFineTuning *tuning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFineTuning, pst_fine_tuning_free)

/** Seconds that a step takes: the quickest of `steps` steps, whose results are dropped. */
double pst_fine_tuning_measure(PstFineTuning *tuning, int steps);

/** One step, and a validation where one is due. */
void pst_fine_tuning_step(PstFineTuning *tuning);

/** TRUE once all steps are done, or validations haven't become better for so long that they won't. */
gboolean pst_fine_tuning_done(const PstFineTuning *tuning);

/** A validation out of turn, so that what was learnt since the last one counts: only before it ends for good. */
void pst_fine_tuning_validate(PstFineTuning *tuning);

/** The best change so far, NULL while none is better than the base. */
PstWeightDelta *pst_fine_tuning_best(const PstFineTuning *tuning);

/** The running average of the moment, for previews. */
PstWeightDelta *pst_fine_tuning_present(const PstFineTuning *tuning);

/** The validation that the best change came from, or the base's. */
const PstValidation *pst_fine_tuning_best_validation(const PstFineTuning *tuning);

/** Adds the state to a file, and reads it; `tuning` is a new one of the same material. */
void pst_fine_tuning_write(const PstFineTuning *tuning, PstTensorsWriter *writer);
gboolean pst_fine_tuning_read(PstFineTuning *tuning, const PstTensors *tensors, GError **error);

G_END_DECLS
