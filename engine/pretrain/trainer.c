#include "trainer.h"

#include "engine/kernel/blas.h"

#include <string.h>

/* Pictures; with more, what is kept of each for the way back weighs too much. */
#define LARGEST_MINIBATCH 4

PstTrainer *pst_trainer_new(const PstTrainingData *inputs, PstThreadPool *pool)
{
    PstTrainer *t = g_new0(PstTrainer, 1);
    const PstTrainingRecipe *r = inputs->recipe;
    PstStepConfiguration configuration = { .encoder = inputs->encoder, .loss_network = inputs->loss_network, .shallow = inputs->shallow };
    int threads = pst_thread_pool_threads(pool);
    int capacity = MIN(LARGEST_MINIBATCH, (r->batch + threads - 1) / threads);

    pst_blas_prepare();
    t->inputs = *inputs;
    t->pool = pool;
    t->optimiser = pst_optimiser_new(pst_parameters_size());
    t->weights = pst_generator_weights_new(t->optimiser->weights);
    memcpy(t->weights->style_mean, inputs->bank->mean, sizeof t->weights->style_mean);
    memcpy(t->weights->style_std, inputs->bank->std, sizeof t->weights->style_std);
    configuration.weights = t->weights;
    t->minibatches = g_new(PstMinibatchStep *, threads);
    for (int i = 0; i < threads; i++) {
        t->minibatches[i] = pst_minibatch_step_new(&configuration, r->size, r->size, capacity);
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
        pst_minibatch_step_free(t->minibatches[i]);
    }
    g_free(t->minibatches);
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

/* What picture `number` of this step's batch is to be. */
static void set_exercise(const PstTrainer *t, int number, PstSample *sample)
{
    const PstTrainingData *m = &t->inputs;
    const PstTrainingRecipe *r = m->recipe;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *example = &m->photos->examples[pst_random_below(&random, m->photos->train)];
    PstCrop window = pst_corpus_square(example, &random, r->smallest_window, r->largest_window);
    gsize style = (gsize)pst_random_below(&random, m->bank->train.count);
    float detail = (float)pst_random_unit(&random);

    pst_corpus_resample(example, window, &sample->photo);
    sample->style = number < r->identity ? NULL : m->bank->train.style + style * PST_STYLE_SIZE;
    sample->target = m->bank->train.target + style * PST_TARGET_SIZE;
    sample->exact = m->shallow ? m->bank->train.exact + style * PST_SHALLOW_SIZE : NULL;
    sample->detail = number < r->full_detail ? 1 : detail;
    sample->dparameters = t->gradients[number];
}

static void run_minibatch(int number, int worker, gpointer data)
{
    PstTrainer *t = data;
    const PstTrainingRecipe *r = t->inputs.recipe;
    PstMinibatchStep *minibatch = t->minibatches[worker];
    const PstTrainingData *m = &t->inputs;
    PstStepConfiguration configuration = { .encoder = m->encoder, .loss_network = m->loss_network, .weights = t->weights,
                           .shallow = m->shallow };
    int first = number * minibatch->capacity, count = MIN(minibatch->capacity, r->batch - first);

    for (int i = 0; i < PST_LOSSES; i++) {
        configuration.loss[i] = r->loss[i] / r->batch;
    }
    for (int i = 0; i < count; i++) {
        set_exercise(t, first + i, &minibatch->samples[i]);
    }
    pst_minibatch_step_give(minibatch, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], minibatch->samples[i].terms, sizeof *t->terms);
    }
}

void pst_trainer_step(PstTrainer *t, double *terms)
{
    const PstTrainingRecipe *r = t->inputs.recipe;
    int capacity = t->minibatches[0]->capacity;

    pst_generator_weights_prepare(t->weights, t->pool);
    pst_thread_pool_run(t->pool, (r->batch + capacity - 1) / capacity, run_minibatch, t);
    pst_optimiser_step(t->optimiser, r, t->step, t->gradients, r->batch, t->pool);
    for (int picture = 0; picture < r->batch; picture++) {
        for (int i = 0; i < PST_LOSSES; i++) {
            terms[i] += t->terms[picture][i] / r->batch;
        }
    }
    t->step++;
}
