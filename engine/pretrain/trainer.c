#include "trainer.h"

#include "engine/kernel/blas.h"

#include <string.h>

/* Pictures; with more, what is kept of each for the way back weighs too much. */
#define LARGEST_MINIBATCH 4

/* Neighbours are costly, and searched only where they count. */
static int places_of(const PstTrainingRecipe *r)
{
    return r->loss[PST_LOSS_NEIGHBOURS] > 0 || r->loss[PST_LOSS_COVERAGE] > 0 ? r->places : 0;
}

static PstStepConfiguration configuration_of(const PstTrainer *t)
{
    const PstTrainerData *d = &t->data;
    const PstTrainingRecipe *r = d->recipe;
    PstStepConfiguration configuration = {
        .encoder = d->encoder,
        .loss_network = d->loss_network,
        .shallow_loss_network = d->shallow_loss_network,
        .weights = t->weights,
        .places = places_of(r),
        .vectors = r->vectors,
        .painting_size = r->painting_size,
        .swap = r->painting_size > 0 ? r->swap : 0,
    };

    for (int i = 0; i < PST_LOSSES; i++) {
        configuration.loss[i] = r->loss[i] / r->batch;
    }
    return configuration;
}

PstTrainer *pst_trainer_new(const PstTrainerData *data, PstThreadPool *pool)
{
    PstTrainer *t = g_new0(PstTrainer, 1);
    const PstTrainingRecipe *r = data->recipe;
    PstStepConfiguration configuration;
    int threads = pst_thread_pool_threads(pool);
    int capacity = MIN(LARGEST_MINIBATCH, (r->batch + threads - 1) / threads);

    pst_blas_prepare();
    t->data = *data;
    t->pool = pool;
    t->optimiser = pst_optimiser_new(pst_parameters_size());
    t->weights = pst_generator_weights_new(t->optimiser->weights);
    memcpy(t->weights->style_mean, data->bank->mean, sizeof t->weights->style_mean);
    memcpy(t->weights->style_std, data->bank->std, sizeof t->weights->style_std);
    configuration = configuration_of(t);
    t->minibatch_steps = g_new(PstMinibatchStep *, threads);
    for (int i = 0; i < threads; i++) {
        t->minibatch_steps[i] = pst_minibatch_step_new(&configuration, r->size, r->size, capacity);
    }
    t->arena = pst_arena_new();
    t->gradients = g_new(float *, r->batch);
    for (int i = 0; i < r->batch; i++) {
        t->gradients[i] = pst_arena_floats(t->arena, pst_parameters_size());
    }
    t->terms = g_malloc_n(r->batch, sizeof *t->terms);
    pst_parameters_init(t->optimiser->weights, (guint64)r->seed);
    pst_trainer_begin(t);
    return t;
}

void pst_trainer_free(PstTrainer *t)
{
    if (!t) {
        return;
    }
    for (int i = 0; i < pst_thread_pool_threads(t->pool); i++) {
        pst_minibatch_step_free(t->minibatch_steps[i]);
    }
    g_free(t->minibatch_steps);
    pst_arena_free(t->arena);
    g_free(t->gradients);
    g_free(t->terms);
    pst_generator_weights_free(t->weights);
    pst_optimiser_free(t->optimiser);
    g_free(t);
}

void pst_trainer_begin(PstTrainer *t)
{
    memcpy(t->optimiser->average, t->optimiser->weights, t->optimiser->size * sizeof(float));
}

/* A crop of a painting stands for the style. */
static void set_painting(const PstTrainer *t, PstRandom *random, PstSample *sample)
{
    const PstCorpus *paintings = t->data.paintings;
    const PstTrainingRecipe *r = t->data.recipe;
    const PstExample *painting = &paintings->examples[pst_random_below(random, paintings->train)];
    PstCrop crop = pst_example_random_square(painting, random, r->smallest_painting_window, r->largest_painting_window);

    pst_example_resample(painting, crop, &sample->painting);
    sample->of_painting = TRUE;
}

/* What picture `number` of this step's batch is to be. */
static void set_sample(const PstTrainer *t, int number, PstSample *sample)
{
    const PstTrainerData *d = &t->data;
    const PstTrainingRecipe *r = d->recipe;
    const PstStyleSet *styles = &d->bank->train;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *example = &d->photos->examples[pst_random_below(&random, d->photos->train)];
    PstCrop crop = pst_example_random_square(example, &random, r->smallest_window, r->largest_window);
    gsize style = (gsize)pst_random_below(&random, styles->count);
    float detail = (float)pst_random_unit(&random);

    pst_example_resample(example, crop, &sample->photo);
    sample->style = number < r->identity ? NULL : styles->style + style * PST_STYLE_SIZE;
    sample->target = styles->target + style * PST_TARGET_SIZE;
    sample->shallow_target = d->shallow_loss_network ? styles->shallow_target + style * PST_SHALLOW_TARGET_SIZE : NULL;
    sample->detail = number < r->full_detail ? 1 : detail;
    sample->dparameters = t->gradients[number];
    sample->vectors = NULL;
    sample->of_painting = FALSE;
    if (r->painting_size > 0 && number >= r->identity) {
        set_painting(t, &random, sample);
    }
    sample->random = random;
}

static void run_minibatch_step(int task, int worker, gpointer data)
{
    PstTrainer *t = data;
    PstMinibatchStep *step = t->minibatch_steps[worker];
    PstStepConfiguration configuration = configuration_of(t);
    int first = task * step->capacity, count = MIN(step->capacity, t->data.recipe->batch - first);

    for (int i = 0; i < count; i++) {
        set_sample(t, first + i, &step->samples[i]);
    }
    pst_minibatch_step_run(step, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], step->samples[i].terms, sizeof *t->terms);
    }
}

void pst_trainer_step(PstTrainer *t, double *terms)
{
    const PstTrainingRecipe *r = t->data.recipe;
    int capacity = t->minibatch_steps[0]->capacity;

    pst_generator_weights_prepare(t->weights, t->pool);
    pst_thread_pool_run(t->pool, (r->batch + capacity - 1) / capacity, run_minibatch_step, t);
    pst_optimiser_step(t->optimiser, r, t->step, t->gradients, r->batch, t->pool);
    for (int picture = 0; picture < r->batch; picture++) {
        for (int i = 0; i < PST_LOSSES; i++) {
            terms[i] += t->terms[picture][i] / r->batch;
        }
    }
    t->step++;
}
