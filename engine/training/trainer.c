#include "trainer.h"

#include "engine/kernel/blas.h"

#include <string.h>

/* Pictures; with more, what is kept of each for the way back weighs too much. */
#define LARGEST_LESSON 4

PstTrainer *pst_trainer_new(const PstMaterial *material, PstThreadPool *pool)
{
    PstTrainer *t = g_new0(PstTrainer, 1);
    const PstRecipe *r = material->recipe;
    PstSubject subject = { .encoder = material->encoder, .judge = material->judge, .examiner = material->examiner };
    int threads = pst_thread_pool_threads(pool);
    int room = MIN(LARGEST_LESSON, (r->batch + threads - 1) / threads);

    pst_blas_prepare();
    t->material = *material;
    t->pool = pool;
    t->optimiser = pst_optimiser_new(pst_parameters_size());
    t->weights = pst_generator_weights_new(t->optimiser->weights);
    memcpy(t->weights->style_mean, material->bank->mean, sizeof t->weights->style_mean);
    memcpy(t->weights->style_std, material->bank->std, sizeof t->weights->style_std);
    subject.weights = t->weights;
    t->lessons = g_new(PstLesson *, threads);
    for (int i = 0; i < threads; i++) {
        t->lessons[i] = pst_lesson_new(&subject, r->size, r->size, room);
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
        pst_lesson_free(t->lessons[i]);
    }
    g_free(t->lessons);
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
static void set_exercise(const PstTrainer *t, int number, PstExercise *exercise)
{
    const PstMaterial *m = &t->material;
    const PstRecipe *r = m->recipe;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *example = &m->photos->examples[pst_random_below(&random, m->photos->train)];
    PstWindow window = pst_corpus_square(example, &random, r->smallest_window, r->largest_window);
    gsize style = (gsize)pst_random_below(&random, m->bank->train.count);
    float detail = (float)pst_random_unit(&random);

    pst_corpus_resample(example, window, &exercise->photo);
    exercise->style = number < r->identity ? NULL : m->bank->train.style + style * PST_STYLE_SIZE;
    exercise->target = m->bank->train.target + style * PST_TARGET_SIZE;
    exercise->exact = m->examiner ? m->bank->train.exact + style * PST_EXACT_SIZE : NULL;
    exercise->detail = number < r->full_detail ? 1 : detail;
    exercise->dparameters = t->gradients[number];
}

static void give_lesson(int number, int worker, gpointer data)
{
    PstTrainer *t = data;
    const PstRecipe *r = t->material.recipe;
    PstLesson *lesson = t->lessons[worker];
    const PstMaterial *m = &t->material;
    PstSubject subject = { .encoder = m->encoder, .judge = m->judge, .weights = t->weights,
                           .examiner = m->examiner };
    int first = number * lesson->room, count = MIN(lesson->room, r->batch - first);

    for (int i = 0; i < PST_LOSSES; i++) {
        subject.loss[i] = r->loss[i] / r->batch;
    }
    for (int i = 0; i < count; i++) {
        set_exercise(t, first + i, &lesson->exercises[i]);
    }
    pst_lesson_give(lesson, &subject, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], lesson->exercises[i].terms, sizeof *t->terms);
    }
}

void pst_trainer_step(PstTrainer *t, double *terms)
{
    const PstRecipe *r = t->material.recipe;
    int room = t->lessons[0]->room;

    pst_generator_weights_prepare(t->weights, t->pool);
    pst_thread_pool_run(t->pool, (r->batch + room - 1) / room, give_lesson, t);
    pst_optimiser_step(t->optimiser, r, t->step, t->gradients, r->batch, t->pool);
    for (int picture = 0; picture < r->batch; picture++) {
        for (int i = 0; i < PST_LOSSES; i++) {
            terms[i] += t->terms[picture][i] / r->batch;
        }
    }
    t->step++;
}
