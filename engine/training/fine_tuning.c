#include "fine_tuning.h"

#include "engine/kernel/blas.h"
#include "engine/transfer/grain.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LARGEST_LESSON    4
#define QUICK_TO_CORRECT  4.0 /* power of the content's ratio that its weight is multiplied by, */
#define LARGEST_CORRECTION 1.5 /* at most */
#define GRAIN_PLACES      4096 /* rows and columns that windows lie at in the grain */
#define HELD_OUT_WINDOW   1.25 /* times `size`, at most the photograph's short side */

static const PstLoss logged[2] = { PST_LOSS_STYLE, PST_LOSS_CONTENT };

/* ---- making one ----------------------------------------------------------------------------- */

static PstRecipe adam_recipe(const PstFineTuningRecipe *r, double rate, double beta1)
{
    return (PstRecipe){ .steps = r->steps, .batch = r->batch, .size = r->size, .rate = rate, .final_rate = rate * 0.02,
                        .warm_up = r->warm_up, .beta1 = beta1, .beta2 = 0.99, .average = r->average };
}

static int room_of(const PstFineTuning *t)
{
    int threads = pst_thread_pool_threads(t->pool);

    return MIN(LARGEST_LESSON, (t->material.recipe->batch + threads - 1) / threads);
}

static PstSubject subject_of(const PstFineTuning *t)
{
    const PstFineTuningMaterial *m = &t->material;
    PstSubject subject = { .encoder = m->encoder, .judge = m->encoder, .examiner = m->examiner,
                           .weights = t->weights, .grain = t->grain, .second_opinion = m->recipe->second_opinion,
                           .cancellable = m->cancellable };

    for (int i = 0; i < PST_LOSSES; i++) {
        subject.loss[i] = m->recipe->loss[i] / m->recipe->batch;
    }
    subject.loss[PST_LOSS_CONTENT] = t->content_weight / m->recipe->batch;
    return subject;
}

static void make_discriminator(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->material.recipe;
    int threads = pst_thread_pool_threads(t->pool);

    t->discriminator = pst_discriminator_new();
    t->critic = pst_optimiser_new(pst_discriminator_size());
    t->critic_adam = adam_recipe(r, r->discriminator_rate, 0.5);
    pst_discriminator_init(t->critic->weights, (guint64)r->seed);
    t->rooms = g_new(PstDiscriminatorRoom *, threads);
    for (int i = 0; i < threads; i++) {
        t->rooms[i] = pst_discriminator_room_new(t->discriminator, t->arena, t->material.patches->side);
    }
    t->critic_gradients = g_new(float *, r->batch);
    for (int i = 0; i < r->batch; i++) {
        t->critic_gradients[i] = pst_arena_floats(t->arena, t->critic->size);
    }
}

static void try_out(PstFineTuning *t);

PstFineTuning *pst_fine_tuning_new(const PstFineTuningMaterial *material, PstThreadPool *pool)
{
    PstFineTuning *t = g_new0(PstFineTuning, 1);
    const PstFineTuningRecipe *r = material->recipe;
    int threads = pst_thread_pool_threads(pool);
    gsize row = pst_scope_row(r->scope);

    pst_blas_prepare();
    t->material = *material;
    t->pool = pool;
    t->arena = pst_arena_new();
    t->adam = adam_recipe(r, r->rate, 0.9);
    t->optimiser = pst_optimiser_new(row);
    pst_scope_begin(r->scope, t->optimiser->weights, (guint64)r->seed);
    memcpy(t->optimiser->average, t->optimiser->weights, row * sizeof(float));
    t->weights = pst_generator_weights_new(pst_parameters_new());
    memcpy(t->weights->parameters, material->base->parameters, pst_parameters_size() * sizeof(float));
    memcpy(t->weights->style_mean, material->base->style_mean, sizeof t->weights->style_mean);
    memcpy(t->weights->style_std, material->base->style_std, sizeof t->weights->style_std);
    t->content_weight = r->loss[PST_LOSS_CONTENT];
    t->grain = pst_grain_for(material->style);
    t->change = pst_arena_floats(t->arena, pst_change_size());
    t->best = g_new0(float, row);
    t->trials = g_array_new(FALSE, FALSE, sizeof(PstTrial));
    t->curve = g_array_new(FALSE, FALSE, sizeof(PstFineTuningLoss));
    t->lessons = g_new(PstLesson *, threads);
    t->full = g_new(float *, threads * room_of(t));
    for (int i = 0; i < threads; i++) {
        PstSubject subject = subject_of(t);

        t->lessons[i] = pst_lesson_new(&subject, r->size, r->size, room_of(t));
    }
    for (int i = 0; i < threads * room_of(t); i++) {
        t->full[i] = pst_arena_floats(t->arena, pst_parameters_size());
    }
    t->gradients = g_new(float *, r->batch);
    for (int i = 0; i < r->batch; i++) {
        t->gradients[i] = pst_arena_floats(t->arena, row);
    }
    t->terms = g_malloc0_n(MAX(r->batch, material->held_out_count), sizeof *t->terms);
    t->appearances = g_new0(PstAppearance, r->batch);
    t->reached = g_new0(PstAppearance, 1);
    t->aim = g_new0(PstAppearance, 1);
    t->verdicts = g_malloc0_n(r->batch, sizeof *t->verdicts);
    if (r->adversarial > 0 && material->patches) {
        make_discriminator(t);
    }
    try_out(t);
    return t;
}

void pst_fine_tuning_free(PstFineTuning *t)
{
    int threads;

    if (!t) {
        return;
    }
    threads = pst_thread_pool_threads(t->pool);
    for (int i = 0; i < threads; i++) {
        pst_lesson_free(t->lessons[i]);
        if (t->rooms) {
            pst_discriminator_room_free(t->rooms[i]);
        }
    }
    g_free(t->lessons);
    g_free(t->rooms);
    g_free(t->full);
    g_free(t->gradients);
    g_free(t->critic_gradients);
    g_free(t->best);
    g_free(t->terms);
    g_free(t->appearances);
    g_free(t->reached);
    g_free(t->aim);
    g_free(t->verdicts);
    g_array_unref(t->trials);
    g_array_unref(t->curve);
    pst_discriminator_free(t->discriminator);
    pst_optimiser_free(t->critic);
    pst_optimiser_free(t->optimiser);
    pst_floats_free(t->weights->parameters);
    pst_generator_weights_free(t->weights);
    pst_arena_free(t->arena);
    g_free(t);
}

/* The change that a row stands for, times `share`. */
static void expand(const PstFineTuning *t, const float *row, double share, float *change)
{
    pst_scope_expand(t->material.recipe->scope, row, change);
    for (gsize i = 0; share != 1 && i < pst_change_size(); i++) {
        change[i] *= (float)share;
    }
}

/* The generator with it. */
static void take(PstFineTuning *t, const float *row, double share)
{
    expand(t, row, share, t->change);
    pst_scope_apply(t->material.base->parameters, t->change, t->weights->parameters);
    pst_generator_weights_prepare(t->weights, t->pool);
}

/* ---- trials --------------------------------------------------------------------------------- */

static PstWindow middle(const PstExample *e, int side)
{
    side = MIN(side, MIN(e->width, e->height));
    return (PstWindow){ (e->width - side) / 2, (e->height - side) / 2, side, side, FALSE };
}

static void set_style(const PstFineTuning *t, PstExercise *e)
{
    e->style = t->material.style;
    e->target = t->material.target;
    e->exact = t->material.exact;
    e->aim = NULL;
    e->detail = 1;
    e->grain_row = e->grain_column = 0;
}

static void give_trial(int number, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstLesson *lesson = t->lessons[worker];
    PstSubject subject = subject_of(t);
    int first = number * lesson->room, count = MIN(lesson->room, t->material.held_out_count - first);

    subject.terms_only = TRUE;
    for (int i = 0; i < count; i++) {
        PstExercise *e = &lesson->exercises[i];
        const PstExample *photo = &t->material.held_out[first + i];

        pst_corpus_resample(photo, middle(photo, (int)(HELD_OUT_WINDOW * t->material.recipe->size)), &e->photo);
        set_style(t, e);
    }
    pst_lesson_give(lesson, &subject, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], lesson->exercises[i].terms, sizeof *t->terms);
    }
}

const PstTrial *pst_fine_tuning_best_trial(const PstFineTuning *t)
{
    return pst_trials_best(t->trials, t->material.recipe->content_limit);
}

/* Tries the running average. */
static void try_out(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->material.recipe;
    int room = room_of(t), n = t->material.held_out_count;
    PstTrial trial = { .step = t->step };
    double ratio;

    take(t, t->optimiser->average, r->share);
    pst_thread_pool_run(t->pool, (n + room - 1) / room, give_trial, t);
    for (int i = 0; i < n; i++) {
        trial.style += t->terms[i][PST_LOSS_STYLE] / n;
        trial.content += t->terms[i][PST_LOSS_CONTENT] / n;
    }
    g_array_append_val(t->trials, trial);
    if (t->step == 0) {
        return;
    }
    ratio = pst_trials_content(t->trials, &trial);
    if (pst_fine_tuning_best_trial(t)->step == t->step) {
        memcpy(t->best, t->optimiser->average, t->optimiser->size * sizeof(float));
        t->since_best = 0;
    } else if (ratio <= r->content_limit) {
        t->since_best++; /* content is brought back by its weight, that alone is no reason to stop */
    }
    t->content_weight *= CLAMP(pow(ratio / r->content_kept, QUICK_TO_CORRECT), 1 / LARGEST_CORRECTION,
                               LARGEST_CORRECTION);
}

/* ---- a step --------------------------------------------------------------------------------- */

/* Not before there is something to steer by. */
static gboolean aims_beyond(const PstFineTuning *t)
{
    return t->material.recipe->together > 0 && t->step > 0;
}

static void set_exercise(const PstFineTuning *t, int number, PstExercise *exercise)
{
    const PstFineTuningRecipe *r = t->material.recipe;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *photo = &t->material.photos[pst_random_below(&random, t->material.photo_count)];
    PstWindow window = pst_corpus_square(photo, &random, r->smallest_window, r->largest_window);

    if (!r->vary_windows) {
        window = middle(photo, r->largest_window);
    }
    pst_corpus_resample(photo, window, &exercise->photo);
    if (r->vary_colours) {
        pst_vary_colours(&exercise->photo, &random);
    }
    set_style(t, exercise);
    exercise->aim = aims_beyond(t) ? t->aim : NULL;
    if (number == r->batch - 1 && r->batch > 1) {
        exercise->detail = (float)pst_random_unit(&random); /* the slider goes on to work */
    }
    exercise->grain_row = pst_random_below(&random, GRAIN_PLACES);
    exercise->grain_column = pst_random_below(&random, GRAIN_PLACES);
}

typedef struct {
    PstFineTuning *tuning;
    int first, worker;
} Critique;

/* The discriminator's verdict on picture i, and what the discriminator learns from it and from a patch of a painting. */
static void criticise(struct PstLesson *lesson, int i, gpointer data)
{
    const Critique *c = data;
    PstFineTuning *t = c->tuning;
    const PstFineTuningRecipe *r = t->material.recipe;
    const PstPatches *patches = t->material.patches;
    PstDiscriminatorRoom *room = t->rooms[c->worker];
    PstSight *seen = lesson->seen[i];
    const PstMap *features = &seen->taps[PST_PATCH_TAP];
    int number = c->first + i;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)(number + r->batch));
    const PstMap *real = &patches->maps[pst_random_below(&random, patches->count)];
    float *dweights = t->critic_gradients[number];
    double share = 1.0 / r->batch, *verdict = t->verdicts[number];
    gboolean counts = t->step >= r->adversarial_from;

    memset(dweights, 0, t->critic->size * sizeof *dweights);
    verdict[0] = pst_discriminator_look(t->discriminator, room, patches, features, 1, r->adversarial * share, NULL,
                                        counts ? &seen->dtaps[PST_PATCH_TAP] : NULL);
    verdict[1] = pst_discriminator_look(t->discriminator, room, patches, features, 0, share, dweights, NULL) +
                 pst_discriminator_look(t->discriminator, room, patches, real, 1, share, dweights, NULL);
}

static void give_lesson(int number, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstLesson *lesson = t->lessons[worker];
    PstSubject subject = subject_of(t);
    int first = number * lesson->room, count = MIN(lesson->room, t->material.recipe->batch - first);
    Critique critique = { t, first, worker };

    if (aims_beyond(t)) {
        subject.loss[PST_LOSS_STYLE] *= 1 - t->material.recipe->together;
    }
    if (t->discriminator) {
        subject.term = criticise;
        subject.term_data = &critique;
    }
    for (int i = 0; i < count; i++) {
        set_exercise(t, first + i, &lesson->exercises[i]);
        lesson->exercises[i].dparameters = t->full[worker * lesson->room + i];
    }
    pst_lesson_give(lesson, &subject, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], lesson->exercises[i].terms, sizeof *t->terms);
        t->appearances[first + i] = lesson->exercises[i].appearance;
        pst_scope_gradient(t->material.recipe->scope, t->optimiser->weights, lesson->exercises[i].dparameters,
                           t->gradients[first + i]);
    }
}

static void give_lessons(PstFineTuning *t)
{
    int room = room_of(t), batch = t->material.recipe->batch;

    take(t, t->optimiser->weights, 1);
    pst_appearance_aim(t->reached, t->material.target, t->material.exact, t->material.recipe->together, t->aim);
    if (t->discriminator) {
        pst_discriminator_set(t->discriminator, t->critic->weights);
    }
    pst_thread_pool_run(t->pool, (batch + room - 1) / room, give_lesson, t);
}

double pst_fine_tuning_measure(PstFineTuning *t, int steps)
{
    double least = G_MAXDOUBLE;

    for (int i = 0; i < steps; i++) {
        gint64 start = g_get_monotonic_time();

        give_lessons(t);
        least = MIN(least, (g_get_monotonic_time() - start) / 1e6);
    }
    return least;
}

static gboolean trial_due(const PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->material.recipe;
    int trials = MAX(1, r->trials);

    /* evenly spread, the last one at the last step */
    return (gint64)t->step * trials / r->steps != (gint64)(t->step - 1) * trials / r->steps;
}

void pst_fine_tuning_step(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->material.recipe;
    PstFineTuningLoss loss = { 0 };

    give_lessons(t);
    pst_appearance_follow(t->reached, t->appearances, r->batch, t->step == 0);
    pst_optimiser_step(t->optimiser, &t->adam, t->step, t->gradients, r->batch, t->pool);
    if (t->discriminator) {
        pst_optimiser_step(t->critic, &t->critic_adam, t->step, t->critic_gradients, r->batch, t->pool);
    }
    for (int i = 0; i < r->batch; i++) {
        loss.style += (float)(t->terms[i][logged[0]] / r->batch);
        loss.content += (float)(t->terms[i][logged[1]] / r->batch);
        loss.adversarial += (float)(t->verdicts[i][0] / r->batch);
        loss.discriminator += (float)(t->verdicts[i][1] / r->batch);
    }
    g_array_append_val(t->curve, loss);
    t->step++;
    if (trial_due(t)) {
        try_out(t);
    }
}

void pst_fine_tuning_try(PstFineTuning *t)
{
    if (g_array_index(t->trials, PstTrial, t->trials->len - 1).step != t->step) {
        try_out(t);
    }
}

gboolean pst_fine_tuning_done(const PstFineTuning *t)
{
    return t->step >= t->material.recipe->steps || t->since_best >= t->material.recipe->patience;
}

static PstChange *change_of(const PstFineTuning *t, const float *row)
{
    g_autofree float *values = g_new(float, pst_change_size());

    expand(t, row, t->material.recipe->share, values);
    return pst_change_new(values);
}

PstChange *pst_fine_tuning_best(const PstFineTuning *t)
{
    return pst_fine_tuning_best_trial(t)->step > 0 ? change_of(t, t->best) : NULL;
}

PstChange *pst_fine_tuning_present(const PstFineTuning *t)
{
    return change_of(t, t->optimiser->average);
}

/* ---- the state ------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    float *values;
    int count;
} Row;

#define ROWS 11

static void list_rows(const PstFineTuning *t, Row rows[ROWS])
{
    const PstOptimiser *o = t->optimiser, *c = t->critic;
    int n = (int)o->size, m = c ? (int)c->size : 0;
    const Row list[ROWS] = {
        { "weights", o->weights, n }, { "average", o->average, n }, { "mean", o->mean, n },
        { "square", o->square, n },   { "best", t->best, n },       { "critic.weights", c ? c->weights : NULL, m },
        { "critic.mean", c ? c->mean : NULL, m }, { "critic.square", c ? c->square : NULL, m },
        { "critic.average", c ? c->average : NULL, m },       { "reached.target", t->reached->target, PST_TARGET_SIZE },
        { "reached.exact", t->reached->exact, PST_EXACT_SIZE },
    };

    memcpy(rows, list, sizeof list);
}

static void add_doubles(PstTensorsWriter *writer, const char *name, const double *values, int count)
{
    int bytes = count * (int)sizeof *values;

    pst_tensors_writer_add_bytes(writer, name, (const guint8 *)values, &bytes, 1);
}

void pst_fine_tuning_write(const PstFineTuning *t, PstTensorsWriter *writer)
{
    Row rows[ROWS];
    double state[3] = { t->step, t->since_best, t->content_weight };
    g_autofree double *trials = g_new(double, 3 * t->trials->len);
    int curve[2] = { (int)t->curve->len, sizeof(PstFineTuningLoss) / sizeof(float) };

    list_rows(t, rows);
    for (int i = 0; i < ROWS; i++) {
        pst_tensors_writer_add(writer, rows[i].name, PST_TENSOR_F32, rows[i].values, &rows[i].count, 1);
    }
    for (guint i = 0; i < t->trials->len; i++) {
        const PstTrial *trial = &g_array_index(t->trials, PstTrial, i);

        memcpy(trials + 3 * i, (double[]){ trial->step, trial->style, trial->content }, 3 * sizeof *trials);
    }
    add_doubles(writer, "state", state, 3);
    add_doubles(writer, "trials", trials, 3 * (int)t->trials->len);
    pst_tensors_writer_add(writer, "curve", PST_TENSOR_F32, (const float *)t->curve->data, curve, 2);
}

/* The doubles of a tensor: `count` of them, or any number of threes. */
static const double *get_doubles(const PstTensors *tensors, const char *name, int *count, GError **error)
{
    const guint8 *bytes = pst_tensors_get_bytes(tensors, name, (int[]){ PST_TENSORS_ANY }, 1, error);
    int size = bytes ? pst_tensors_find(tensors, name)->shape[0] : 0;

    if (!bytes) {
        return NULL;
    }
    *count = size / (int)sizeof(double);
    if (size % (3 * sizeof(double)) != 0 || *count < 3) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH,
                    _("%s: is not what a training leaves; remove the file to begin anew"), name);
        return NULL;
    }
    return (const double *)bytes;
}

gboolean pst_fine_tuning_read(PstFineTuning *t, const PstTensors *tensors, GError **error)
{
    Row rows[ROWS];
    int loss[2] = { PST_TENSORS_ANY, sizeof(PstFineTuningLoss) / sizeof(float) }, count;
    const float *curve = pst_tensors_get(tensors, "curve", loss, 2, error);
    const double *state, *trials;

    if (!curve || !(state = get_doubles(tensors, "state", &count, error)) ||
        !(trials = get_doubles(tensors, "trials", &count, error))) {
        return FALSE;
    }
    list_rows(t, rows);
    for (int i = 0; i < ROWS; i++) {
        const float *values = pst_tensors_get(tensors, rows[i].name, &rows[i].count, 1, error);

        if (!values) {
            return FALSE;
        }
        if (rows[i].count > 0) {
            memcpy(rows[i].values, values, rows[i].count * sizeof *values);
        }
    }
    t->step = (int)CLAMP(state[0], 0, t->material.recipe->steps);
    t->since_best = (int)CLAMP(state[1], 0, G_MAXINT);
    t->content_weight = isfinite(state[2]) ? state[2] : t->material.recipe->loss[PST_LOSS_CONTENT];
    g_array_set_size(t->trials, 0);
    for (int i = 0; i < count / 3; i++) {
        PstTrial trial = { (int)CLAMP(trials[3 * i], 0, G_MAXINT), trials[3 * i + 1], trials[3 * i + 2] };

        g_array_append_val(t->trials, trial);
    }
    g_array_set_size(t->curve, 0);
    g_array_append_vals(t->curve, curve, pst_tensors_find(tensors, "curve")->shape[0]);
    return TRUE;
}
