#include "fine_tuning.h"

#include "engine/kernel/blas.h"
#include "engine/network/grain.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LARGEST_MINIBATCH    4
#define QUICK_TO_CORRECT  4.0 /* power of the content's ratio that its weight is multiplied by, */
#define LARGEST_CORRECTION 1.5 /* at most */
#define GRAIN_PLACES      4096 /* rows and columns that windows lie at in the grain */
#define HELD_OUT_WINDOW   1.25 /* times `size`, at most the photograph's short side */

static const PstLoss logged[2] = { PST_LOSS_STYLE, PST_LOSS_CONTENT };

/* ---- making one ----------------------------------------------------------------------------- */

static PstTrainingRecipe adam_recipe(const PstFineTuningRecipe *r, double rate, double beta1)
{
    return (PstTrainingRecipe){ .steps = r->steps, .batch = r->batch, .size = r->size, .rate = rate, .final_rate = rate * 0.02,
                        .warm_up = r->warm_up, .beta1 = beta1, .beta2 = 0.99, .average = r->average };
}

static int capacity_of(const PstFineTuning *t)
{
    int threads = pst_thread_pool_threads(t->pool);

    return MIN(LARGEST_MINIBATCH, (t->inputs.recipe->batch + threads - 1) / threads);
}

static PstStepConfiguration subject_of(const PstFineTuning *t)
{
    const PstFineTuningData *m = &t->inputs;
    PstStepConfiguration configuration = { .encoder = m->encoder, .loss_network = m->encoder, .shallow = m->shallow,
                           .weights = t->weights, .grain = t->grain, .second_opinion = m->recipe->second_opinion,
                           .cancellable = m->cancellable };

    for (int i = 0; i < PST_LOSSES; i++) {
        configuration.loss[i] = m->recipe->loss[i] / m->recipe->batch;
    }
    configuration.loss[PST_LOSS_CONTENT] = t->content_weight / m->recipe->batch;
    return configuration;
}

static void make_discriminator(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->inputs.recipe;
    int threads = pst_thread_pool_threads(t->pool);

    t->discriminator = pst_discriminator_new();
    t->critic = pst_optimiser_new(pst_discriminator_size());
    t->critic_adam = adam_recipe(r, r->discriminator_rate, 0.5);
    pst_discriminator_init(t->critic->weights, (guint64)r->seed);
    t->workspaces = g_new(PstDiscriminatorWorkspace *, threads);
    for (int i = 0; i < threads; i++) {
        t->workspaces[i] = pst_discriminator_workspace_new(t->discriminator, t->arena, t->inputs.patches->side);
    }
    t->critic_gradients = g_new(float *, r->batch);
    for (int i = 0; i < r->batch; i++) {
        t->critic_gradients[i] = pst_arena_floats(t->arena, t->critic->size);
    }
}

static void try_out(PstFineTuning *t);

PstFineTuning *pst_fine_tuning_new(const PstFineTuningData *inputs, PstThreadPool *pool)
{
    PstFineTuning *t = g_new0(PstFineTuning, 1);
    const PstFineTuningRecipe *r = inputs->recipe;
    int threads = pst_thread_pool_threads(pool);
    gsize row = pst_trainable_subset_row(r->subset);

    pst_blas_prepare();
    t->inputs = *inputs;
    t->pool = pool;
    t->arena = pst_arena_new();
    t->adam = adam_recipe(r, r->rate, 0.9);
    t->optimiser = pst_optimiser_new(row);
    pst_trainable_subset_begin(r->subset, t->optimiser->weights, (guint64)r->seed);
    memcpy(t->optimiser->average, t->optimiser->weights, row * sizeof(float));
    t->weights = pst_generator_weights_new(pst_parameters_new());
    memcpy(t->weights->parameters, inputs->base->parameters, pst_parameters_size() * sizeof(float));
    memcpy(t->weights->style_mean, inputs->base->style_mean, sizeof t->weights->style_mean);
    memcpy(t->weights->style_std, inputs->base->style_std, sizeof t->weights->style_std);
    t->content_weight = r->loss[PST_LOSS_CONTENT];
    t->grain = pst_grain_for(inputs->style);
    t->change = pst_arena_floats(t->arena, pst_weight_delta_size());
    t->best = g_new0(float, row);
    t->validations = g_array_new(FALSE, FALSE, sizeof(PstValidation));
    t->curve = g_array_new(FALSE, FALSE, sizeof(PstFineTuningLoss));
    t->minibatches = g_new(PstMinibatchStep *, threads);
    t->full = g_new(float *, threads * capacity_of(t));
    for (int i = 0; i < threads; i++) {
        PstStepConfiguration configuration = subject_of(t);

        t->minibatches[i] = pst_minibatch_step_new(&configuration, r->size, r->size, capacity_of(t));
    }
    for (int i = 0; i < threads * capacity_of(t); i++) {
        t->full[i] = pst_arena_floats(t->arena, pst_parameters_size());
    }
    t->gradients = g_new(float *, r->batch);
    for (int i = 0; i < r->batch; i++) {
        t->gradients[i] = pst_arena_floats(t->arena, row);
    }
    t->terms = g_malloc0_n(MAX(r->batch, inputs->held_out_count), sizeof *t->terms);
    t->appearances = g_new0(PstStyleAppearance, r->batch);
    t->reached = g_new0(PstStyleAppearance, 1);
    t->aim = g_new0(PstStyleAppearance, 1);
    t->verdicts = g_malloc0_n(r->batch, sizeof *t->verdicts);
    if (r->adversarial > 0 && inputs->patches) {
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
        pst_minibatch_step_free(t->minibatches[i]);
        if (t->workspaces) {
            pst_discriminator_workspace_free(t->workspaces[i]);
        }
    }
    g_free(t->minibatches);
    g_free(t->workspaces);
    g_free(t->full);
    g_free(t->gradients);
    g_free(t->critic_gradients);
    g_free(t->best);
    g_free(t->terms);
    g_free(t->appearances);
    g_free(t->reached);
    g_free(t->aim);
    g_free(t->verdicts);
    g_array_unref(t->validations);
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
    pst_trainable_subset_expand(t->inputs.recipe->subset, row, change);
    for (gsize i = 0; share != 1 && i < pst_weight_delta_size(); i++) {
        change[i] *= (float)share;
    }
}

/* The generator with it. */
static void take(PstFineTuning *t, const float *row, double share)
{
    expand(t, row, share, t->change);
    pst_trainable_subset_apply(t->inputs.base->parameters, t->change, t->weights->parameters);
    pst_generator_weights_prepare(t->weights, t->pool);
}

/* ---- validations --------------------------------------------------------------------------------- */

static PstCrop middle(const PstExample *e, int side)
{
    side = MIN(side, MIN(e->width, e->height));
    return (PstCrop){ (e->width - side) / 2, (e->height - side) / 2, side, side, FALSE };
}

static void set_style(const PstFineTuning *t, PstSample *e)
{
    e->style = t->inputs.style;
    e->target = t->inputs.target;
    e->exact = t->inputs.exact;
    e->aim = NULL;
    e->detail = 1;
    e->grain_row = e->grain_column = 0;
}

static void run_validation(int number, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstMinibatchStep *minibatch = t->minibatches[worker];
    PstStepConfiguration configuration = subject_of(t);
    int first = number * minibatch->capacity, count = MIN(minibatch->capacity, t->inputs.held_out_count - first);

    configuration.terms_only = TRUE;
    for (int i = 0; i < count; i++) {
        PstSample *e = &minibatch->samples[i];
        const PstExample *photo = &t->inputs.held_out[first + i];

        pst_corpus_resample(photo, middle(photo, (int)(HELD_OUT_WINDOW * t->inputs.recipe->size)), &e->photo);
        set_style(t, e);
    }
    pst_minibatch_step_give(minibatch, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], minibatch->samples[i].terms, sizeof *t->terms);
    }
}

const PstValidation *pst_fine_tuning_best_validation(const PstFineTuning *t)
{
    return pst_validations_best(t->validations, t->inputs.recipe->content_limit);
}

/* Tries the running average. */
static void try_out(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->inputs.recipe;
    int capacity = capacity_of(t), n = t->inputs.held_out_count;
    PstValidation validation = { .step = t->step };
    double ratio;

    take(t, t->optimiser->average, r->share);
    pst_thread_pool_run(t->pool, (n + capacity - 1) / capacity, run_validation, t);
    for (int i = 0; i < n; i++) {
        validation.style += t->terms[i][PST_LOSS_STYLE] / n;
        validation.content += t->terms[i][PST_LOSS_CONTENT] / n;
    }
    g_array_append_val(t->validations, validation);
    if (t->step == 0) {
        return;
    }
    ratio = pst_validations_content(t->validations, &validation);
    if (pst_fine_tuning_best_validation(t)->step == t->step) {
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
    return t->inputs.recipe->together > 0 && t->step > 0;
}

static void set_exercise(const PstFineTuning *t, int number, PstSample *sample)
{
    const PstFineTuningRecipe *r = t->inputs.recipe;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *photo = &t->inputs.photos[pst_random_below(&random, t->inputs.photo_count)];
    PstCrop window = pst_corpus_square(photo, &random, r->smallest_window, r->largest_window);

    if (!r->vary_windows) {
        window = middle(photo, r->largest_window);
    }
    pst_corpus_resample(photo, window, &sample->photo);
    if (r->vary_colours) {
        pst_vary_colours(&sample->photo, &random);
    }
    set_style(t, sample);
    sample->aim = aims_beyond(t) ? t->aim : NULL;
    if (number == r->batch - 1 && r->batch > 1) {
        sample->detail = (float)pst_random_unit(&random); /* the slider goes on to work */
    }
    sample->grain_row = pst_random_below(&random, GRAIN_PLACES);
    sample->grain_column = pst_random_below(&random, GRAIN_PLACES);
}

typedef struct {
    PstFineTuning *tuning;
    int first, worker;
} Critique;

/* The discriminator's verdict on picture i, and what the discriminator learns from it and from a patch of a painting. */
static void criticise(struct PstMinibatchStep *minibatch, int i, gpointer data)
{
    const Critique *c = data;
    PstFineTuning *t = c->tuning;
    const PstFineTuningRecipe *r = t->inputs.recipe;
    const PstPatches *patches = t->inputs.patches;
    PstDiscriminatorWorkspace *workspace = t->workspaces[c->worker];
    PstActivations *seen = minibatch->seen[i];
    const PstMap *features = &seen->taps[PST_PATCH_TAP];
    int number = c->first + i;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)(number + r->batch));
    const PstMap *real = &patches->maps[pst_random_below(&random, patches->count)];
    float *dweights = t->critic_gradients[number];
    double share = 1.0 / r->batch, *verdict = t->verdicts[number];
    gboolean counts = t->step >= r->adversarial_from;

    memset(dweights, 0, t->critic->size * sizeof *dweights);
    verdict[0] = pst_discriminator_look(t->discriminator, workspace, patches, features, 1, r->adversarial * share, NULL,
                                        counts ? &seen->dtaps[PST_PATCH_TAP] : NULL);
    verdict[1] = pst_discriminator_look(t->discriminator, workspace, patches, features, 0, share, dweights, NULL) +
                 pst_discriminator_look(t->discriminator, workspace, patches, real, 1, share, dweights, NULL);
}

static void run_minibatch(int number, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstMinibatchStep *minibatch = t->minibatches[worker];
    PstStepConfiguration configuration = subject_of(t);
    int first = number * minibatch->capacity, count = MIN(minibatch->capacity, t->inputs.recipe->batch - first);
    Critique critique = { t, first, worker };

    if (aims_beyond(t)) {
        configuration.loss[PST_LOSS_STYLE] *= 1 - t->inputs.recipe->together;
    }
    if (t->discriminator) {
        configuration.term = criticise;
        configuration.term_data = &critique;
    }
    for (int i = 0; i < count; i++) {
        set_exercise(t, first + i, &minibatch->samples[i]);
        minibatch->samples[i].dparameters = t->full[worker * minibatch->capacity + i];
    }
    pst_minibatch_step_give(minibatch, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], minibatch->samples[i].terms, sizeof *t->terms);
        t->appearances[first + i] = minibatch->samples[i].appearance;
        pst_trainable_subset_gradient(t->inputs.recipe->subset, t->optimiser->weights, minibatch->samples[i].dparameters,
                           t->gradients[first + i]);
    }
}

static void give_lessons(PstFineTuning *t)
{
    int capacity = capacity_of(t), batch = t->inputs.recipe->batch;

    take(t, t->optimiser->weights, 1);
    pst_style_appearance_aim(t->reached, t->inputs.target, t->inputs.exact, t->inputs.recipe->together, t->aim);
    if (t->discriminator) {
        pst_discriminator_set(t->discriminator, t->critic->weights);
    }
    pst_thread_pool_run(t->pool, (batch + capacity - 1) / capacity, run_minibatch, t);
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
    const PstFineTuningRecipe *r = t->inputs.recipe;
    int validations = MAX(1, r->validations);

    /* evenly spread, the last one at the last step */
    return (gint64)t->step * validations / r->steps != (gint64)(t->step - 1) * validations / r->steps;
}

void pst_fine_tuning_step(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->inputs.recipe;
    PstFineTuningLoss loss = { 0 };

    give_lessons(t);
    pst_style_appearance_follow(t->reached, t->appearances, r->batch, t->step == 0);
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

void pst_fine_tuning_validate(PstFineTuning *t)
{
    if (g_array_index(t->validations, PstValidation, t->validations->len - 1).step != t->step) {
        try_out(t);
    }
}

gboolean pst_fine_tuning_done(const PstFineTuning *t)
{
    return t->step >= t->inputs.recipe->steps || t->since_best >= t->inputs.recipe->patience;
}

static PstWeightDelta *change_of(const PstFineTuning *t, const float *row)
{
    g_autofree float *values = g_new(float, pst_weight_delta_size());

    expand(t, row, t->inputs.recipe->share, values);
    return pst_weight_delta_new(values);
}

PstWeightDelta *pst_fine_tuning_best(const PstFineTuning *t)
{
    return pst_fine_tuning_best_validation(t)->step > 0 ? change_of(t, t->best) : NULL;
}

PstWeightDelta *pst_fine_tuning_present(const PstFineTuning *t)
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
        { "reached.exact", t->reached->exact, PST_SHALLOW_SIZE },
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
    g_autofree double *validations = g_new(double, 3 * t->validations->len);
    int curve[2] = { (int)t->curve->len, sizeof(PstFineTuningLoss) / sizeof(float) };

    list_rows(t, rows);
    for (int i = 0; i < ROWS; i++) {
        pst_tensors_writer_add(writer, rows[i].name, PST_TENSOR_F32, rows[i].values, &rows[i].count, 1);
    }
    for (guint i = 0; i < t->validations->len; i++) {
        const PstValidation *validation = &g_array_index(t->validations, PstValidation, i);

        memcpy(validations + 3 * i, (double[]){ validation->step, validation->style, validation->content }, 3 * sizeof *validations);
    }
    add_doubles(writer, "state", state, 3);
    add_doubles(writer, "trials", validations, 3 * (int)t->validations->len);
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
    const double *state, *validations;

    if (!curve || !(state = get_doubles(tensors, "state", &count, error)) ||
        !(validations = get_doubles(tensors, "trials", &count, error))) {
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
    t->step = (int)CLAMP(state[0], 0, t->inputs.recipe->steps);
    t->since_best = (int)CLAMP(state[1], 0, G_MAXINT);
    t->content_weight = isfinite(state[2]) ? state[2] : t->inputs.recipe->loss[PST_LOSS_CONTENT];
    g_array_set_size(t->validations, 0);
    for (int i = 0; i < count / 3; i++) {
        PstValidation validation = { (int)CLAMP(validations[3 * i], 0, G_MAXINT), validations[3 * i + 1], validations[3 * i + 2] };

        g_array_append_val(t->validations, validation);
    }
    g_array_set_size(t->curve, 0);
    g_array_append_vals(t->curve, curve, pst_tensors_find(tensors, "curve")->shape[0]);
    return TRUE;
}
