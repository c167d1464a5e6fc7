/* Fine-tuning: the base generator learns one style.
 *
 * The style's statistics stay what they are; what is trained is a weight delta (delta_row.h). Step s (0 ..), picture p
 * of its batch: the stream (seed, s, p) of random.h chooses the photograph, its crop and its variation. Every so many
 * steps the running average of the deltas is validated on photographs held out of training; the best one (validation.h)
 * is the result. The weight of the content loss follows these validations, so that content is kept and no more than
 * kept.
 *
 * The encoder is its own loss network (loss_network.h), beside the shipped shallow loss network
 * (shallow_loss_network.h). All that a step depends on is in the state, so a fine-tuning that was saved and read again
 * goes on to the same bytes, on any number of threads.
 */
#pragma once

#include "delta_row.h"
#include "example.h"
#include "validation.h"

#include "engine/gradient/minibatch_step.h"
#include "engine/gradient/optimiser.h"

/** Weights of the terms that styles are trained with. */
#define PST_FINE_TUNING_LOSSES                                                                                         \
    {                                                                                                                  \
        [PST_LOSS_STYLE] = 40, [PST_LOSS_CONTENT] = 2, [PST_LOSS_NEIGHBOURS] = 130, [PST_LOSS_COVERAGE] = 130,         \
        [PST_LOSS_STRUCTURE3] = 0.03, [PST_LOSS_LIGHT] = 0.06, [PST_LOSS_RANGE] = 10                                   \
    }

/** Every number that the result depends on, beside the pictures and the networks. */
typedef struct {
    int steps;
    int batch;                           /* pictures a step */
    int size;                            /* their side, a multiple of 16 */
    int smallest_window, largest_window; /* sides of crops of photographs, whose short side is 512 */
    double rate;                         /* of Adam after `warm_up` steps, falling to nothing along half a cosine */
    int warm_up;
    double average;          /* decay of the running average */
    double loss[PST_LOSSES]; /* weight of every term; that of content is where it begins */
    int places, vectors;     /* of a sample and of the style that are compared (neighbour_loss.h) */
    int validations;         /* evenly spread over the steps */
    int patience;            /* stop after so many validations without a better one */
    double content_kept;     /* aim at this ratio to the base's content loss, */
    double content_limit;    /* and keep no delta beyond that one */
    double interpolation;    /* factor of the delta in validations, previews and the result, which lie between the base
                                generator and the trained one: what was learnt against the loss networks' blind spots
                                fades sooner there than the style does. Wortsman et al., "Robust Fine-Tuning of
                                Zero-Shot Models", CVPR 2022 */
    gint64 seed;
} PstFineTuningRecipe;

/** What is learnt from; borrowed, all of it. */
typedef struct {
    const PstFineTuningRecipe *recipe;
    const PstLossNetwork *encoder;
    const PstLossNetwork *shallow_loss_network; /* or NULL: the encoder alone compares the style */
    const PstGeneratorWeights *base;
    const float *style;             /* [PST_STYLE_SIZE]: what the generator is given */
    const float *target;            /* [PST_TARGET_SIZE]: what paintings are to be in the encoder, */
    const float *shallow_target;    /* [PST_SHALLOW_TARGET_SIZE]: and in the shallow loss network */
    const PstSwapPatches *patches;  /* of the style images, that photographs get; or NULL */
    const PstStyleVectors *vectors; /* of the style images; NULL: neighbours are not searched */
    const PstExample *photos;       /* to train with */
    int photo_count;
    const PstExample *held_out; /* to validate with */
    int held_out_count;
    GCancellable *cancellable; /* or NULL; a fine-tuning that was cancelled may only be freed */
} PstFineTuningData;

typedef struct {
    PstFineTuningData data;
    PstThreadPool *pool;    /* borrowed */
    float grain;            /* that suits the style (grain.h) */
    PstTrainingRecipe adam; /* the recipe as the optimiser takes it */
    PstOptimiser *optimiser;
    PstGeneratorWeights *weights;       /* the base's with the delta of the moment */
    PstMinibatchStep **minibatch_steps; /* one a thread */
    float **parameter_gradients;        /* a set for each picture of a thread's minibatch step */
    float **gradients;                  /* one row a picture */
    float *delta;                       /* of the row that is used */
    PstArena *arena;

    /* the state, with the rows of the optimiser */
    int step;
    double content_weight;
    float *best;         /* row */
    GArray *validations; /* validation.h */
    GArray *curve;       /* PstFineTuningLoss, one for each step */
    int since_best;      /* validations */

    double (*terms)[PST_LOSSES]; /* of every picture of a step */
} PstFineTuning;

/** Losses of a step, means over its pictures. Here and in validations, style is the mean of the terms style, neighbours
 *  and coverage, weighted as in the recipe. */
typedef struct {
    float style, content;
} PstFineTuningLoss;

/** At step 0, after the validation of the base. */
PstFineTuning *pst_fine_tuning_new(const PstFineTuningData *data, PstThreadPool *pool);
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

/** The best delta so far, NULL while none is better than the base. */
PstWeightDelta *pst_fine_tuning_best(const PstFineTuning *tuning);

/** The running average of the moment, for previews. */
PstWeightDelta *pst_fine_tuning_present(const PstFineTuning *tuning);

/** The validation that the best delta came from, or the base's. */
const PstValidation *pst_fine_tuning_best_validation(const PstFineTuning *tuning);

/** Adds the state to a file, and reads it into a new fine-tuning on the same data. FALSE and PST_TENSORS_ERROR. */
void pst_fine_tuning_write(const PstFineTuning *tuning, PstTensorsWriter *writer);
gboolean pst_fine_tuning_read(PstFineTuning *tuning, const PstTensors *tensors, GError **error);
