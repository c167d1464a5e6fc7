#include "fine_tuning.h"

#include "engine/kernel/blas.h"
#include "engine/network/grain.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LARGEST_MINIBATCH  4           /* pictures */
#define QUICK_TO_CORRECT   4.0         /* power of the content's ratio that its weight is multiplied by, */
#define LARGEST_CORRECTION 1.5         /* at most */
#define ANY_DETAIL_EACH    4           /* samples */
#define GRAIN_PLACES       4096        /* rows and columns that crops lie at in the grain */
#define VALIDATION         G_MAXUINT64 /* the step that a validation's places are drawn for */
#define HELD_OUT_WINDOW    1.25        /* times `size`, at most the photograph's short side */

static const PstLoss style_terms[] = { PST_LOSS_STYLE, PST_LOSS_NEIGHBOURS, PST_LOSS_COVERAGE };

/* ---- making one ----------------------------------------------------------------------------- */

static PstTrainingRecipe adam_recipe(const PstFineTuningRecipe *r)
{
    return (PstTrainingRecipe){ .steps = r->steps,
                                .batch = r->batch,
                                .size = r->size,
                                .rate = r->rate,
                                .final_rate = r->rate * 0.02,
                                .warm_up = r->warm_up,
                                .beta1 = 0.9,
                                .beta2 = 0.99,
                                .average = r->average };
}

/* Pictures of a thread's minibatch step. */
static int capacity_of(const PstFineTuning *t)
{
    int threads = pst_thread_pool_threads(t->pool);

    return MIN(LARGEST_MINIBATCH, (t->data.recipe->batch + threads - 1) / threads);
}

static PstStepConfiguration configuration_of(const PstFineTuning *t)
{
    const PstFineTuningData *d = &t->data;
    PstStepConfiguration configuration = {
        .encoder = d->encoder,
        .loss_network = d->encoder,
        .shallow_loss_network = d->shallow_loss_network,
        .all_depths = TRUE,
        .weights = t->weights,
        .grain = t->grain,
        .places = d->vectors ? d->recipe->places : 0,
        .vectors = d->recipe->vectors,
        .cancellable = d->cancellable,
    };

    for (int i = 0; i < PST_LOSSES; i++) {
        configuration.loss[i] = d->recipe->loss[i] / d->recipe->batch;
    }
    configuration.loss[PST_LOSS_CONTENT] = t->content_weight / d->recipe->batch;
    configuration.swap = d->patches != NULL;
    return configuration;
}

static float **new_rows(const PstFineTuning *t, int count, gsize size)
{
    float **rows = g_new(float *, count);

    for (int i = 0; i < count; i++) {
        rows[i] = pst_arena_floats(t->arena, size);
    }
    return rows;
}

static PstGeneratorWeights *copy_weights(const PstGeneratorWeights *base)
{
    PstGeneratorWeights *weights = pst_generator_weights_new(pst_parameters_new());

    memcpy(weights->parameters, base->parameters, pst_parameters_size() * sizeof(float));
    memcpy(weights->style_mean, base->style_mean, sizeof weights->style_mean);
    memcpy(weights->style_std, base->style_std, sizeof weights->style_std);
    return weights;
}

static void validate(PstFineTuning *t);

PstFineTuning *pst_fine_tuning_new(const PstFineTuningData *data, PstThreadPool *pool)
{
    PstFineTuning *t = g_new0(PstFineTuning, 1);
    const PstFineTuningRecipe *r = data->recipe;
    int threads = pst_thread_pool_threads(pool);
    gsize size = pst_delta_row_size();
    PstStepConfiguration configuration;

    pst_blas_prepare();
    t->data = *data;
    t->pool = pool;
    t->arena = pst_arena_new();
    t->adam = adam_recipe(r);
    t->optimiser = pst_optimiser_new(size);
    t->weights = copy_weights(data->base);
    t->content_weight = r->loss[PST_LOSS_CONTENT];
    t->grain = pst_grain_for(data->style);
    t->delta = pst_arena_floats(t->arena, pst_weight_delta_size());
    t->best = pst_arena_floats(t->arena, size);
    memset(t->best, 0, size * sizeof *t->best);
    t->validations = g_array_new(FALSE, FALSE, sizeof(PstValidation));
    t->curve = g_array_new(FALSE, FALSE, sizeof(PstFineTuningLoss));
    t->minibatch_steps = g_new(PstMinibatchStep *, threads);
    configuration = configuration_of(t);
    for (int i = 0; i < threads; i++) {
        t->minibatch_steps[i] = pst_minibatch_step_new(&configuration, r->size, r->size, capacity_of(t));
    }
    t->parameter_gradients = new_rows(t, threads * capacity_of(t), pst_parameters_size());
    t->gradients = new_rows(t, r->batch, size);
    t->terms = g_malloc0_n(MAX(r->batch, data->held_out_count), sizeof *t->terms);
    validate(t);
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
        pst_minibatch_step_free(t->minibatch_steps[i]);
    }
    g_free(t->minibatch_steps);
    g_free(t->parameter_gradients);
    g_free(t->gradients);
    g_free(t->terms);
    g_array_unref(t->validations);
    g_array_unref(t->curve);
    pst_optimiser_free(t->optimiser);
    pst_floats_free(t->weights->parameters);
    pst_generator_weights_free(t->weights);
    pst_arena_free(t->arena);
    g_free(t);
}

/* The delta that a row stands for, times `factor`. */
static void expand(const float *row, double factor, float *delta)
{
    pst_delta_row_expand(row, delta);
    for (gsize i = 0; factor != 1 && i < pst_weight_delta_size(); i++) {
        delta[i] *= (float)factor;
    }
}

/* Sets the generator to the base with that delta. */
static void set_generator(PstFineTuning *t, const float *row, double factor)
{
    expand(row, factor, t->delta);
    pst_delta_apply(t->data.base->parameters, t->delta, t->weights->parameters);
    pst_generator_weights_prepare(t->weights, t->pool);
}

/* How far a painting is from the style: the weighted mean of the terms that compare them. */
static double style_loss(const PstFineTuning *t, const double *terms)
{
    const double *weights = t->data.recipe->loss;
    double sum = 0, weight = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(style_terms); i++) {
        sum += weights[style_terms[i]] * terms[style_terms[i]];
        weight += weights[style_terms[i]];
    }
    return sum / MAX(weight, 1e-9);
}

/* ---- validations ---------------------------------------------------------------------------- */

static PstCrop middle(const PstExample *e, int side)
{
    side = MIN(side, MIN(e->width, e->height));
    return (PstCrop){ (e->width - side) / 2, (e->height - side) / 2, side, side, FALSE };
}

static void set_style(const PstFineTuning *t, PstSample *sample)
{
    sample->style = t->data.style;
    sample->target = t->data.target;
    sample->shallow_target = t->data.shallow_target;
    sample->vectors = t->data.vectors;
    sample->patches = t->data.patches;
    sample->detail = 1;
    sample->grain_row = sample->grain_column = 0;
}

static void run_validation(int task, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstMinibatchStep *step = t->minibatch_steps[worker];
    PstStepConfiguration configuration = configuration_of(t);
    int first = task * step->capacity, count = MIN(step->capacity, t->data.held_out_count - first);

    configuration.terms_only = TRUE;
    for (int i = 0; i < count; i++) {
        PstSample *sample = &step->samples[i];
        const PstExample *photo = &t->data.held_out[first + i];

        pst_example_resample(photo, middle(photo, (int)(HELD_OUT_WINDOW * t->data.recipe->size)), &sample->photo);
        set_style(t, sample);
        sample->random = pst_random_at((guint64)t->data.recipe->seed, VALIDATION, (guint64)(first + i));
    }
    pst_minibatch_step_run(step, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], step->samples[i].terms, sizeof *t->terms);
    }
}

const PstValidation *pst_fine_tuning_best_validation(const PstFineTuning *t)
{
    return pst_validations_best(t->validations, t->data.recipe->content_limit);
}

/* Of the running average. */
static void validate(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->data.recipe;
    int capacity = capacity_of(t), n = t->data.held_out_count;
    PstValidation validation = { .step = t->step };
    double ratio;

    set_generator(t, t->optimiser->average, r->interpolation);
    pst_thread_pool_run(t->pool, (n + capacity - 1) / capacity, run_validation, t);
    for (int i = 0; i < n; i++) {
        validation.style += style_loss(t, t->terms[i]) / n;
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

static void set_sample(const PstFineTuning *t, int number, PstSample *sample)
{
    const PstFineTuningRecipe *r = t->data.recipe;
    PstRandom random = pst_random_at((guint64)r->seed, (guint64)t->step, (guint64)number);
    const PstExample *photo = &t->data.photos[pst_random_below(&random, t->data.photo_count)];
    PstCrop crop = pst_example_random_square(photo, &random, r->smallest_window, r->largest_window);

    pst_example_resample(photo, crop, &sample->photo);
    pst_vary_colours(&sample->photo, &random);
    set_style(t, sample);
    if ((t->step * r->batch + number) % ANY_DETAIL_EACH == ANY_DETAIL_EACH - 1) {
        sample->detail = (float)pst_random_unit(&random); /* so that the option goes on to work */
    }
    sample->grain_row = pst_random_below(&random, GRAIN_PLACES);
    sample->grain_column = pst_random_below(&random, GRAIN_PLACES);
    sample->random = random;
}

static void run_minibatch_step(int task, int worker, gpointer data)
{
    PstFineTuning *t = data;
    PstMinibatchStep *step = t->minibatch_steps[worker];
    PstStepConfiguration configuration = configuration_of(t);
    int first = task * step->capacity, count = MIN(step->capacity, t->data.recipe->batch - first);

    for (int i = 0; i < count; i++) {
        set_sample(t, first + i, &step->samples[i]);
        step->samples[i].dparameters = t->parameter_gradients[worker * step->capacity + i];
    }
    pst_minibatch_step_run(step, &configuration, count);
    for (int i = 0; i < count; i++) {
        memcpy(t->terms[first + i], step->samples[i].terms, sizeof *t->terms);
        pst_delta_row_gradient(step->samples[i].dparameters, t->gradients[first + i]);
    }
}

static void compute_gradients(PstFineTuning *t)
{
    int capacity = capacity_of(t), batch = t->data.recipe->batch;

    set_generator(t, t->optimiser->weights, 1);
    pst_thread_pool_run(t->pool, (batch + capacity - 1) / capacity, run_minibatch_step, t);
}

double pst_fine_tuning_measure(PstFineTuning *t, int steps)
{
    double least = G_MAXDOUBLE;

    for (int i = 0; i < steps; i++) {
        gint64 start = g_get_monotonic_time();

        compute_gradients(t);
        least = MIN(least, (g_get_monotonic_time() - start) / 1e6);
    }
    return least;
}

static gboolean validation_due(const PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->data.recipe;
    int validations = MAX(1, r->validations);

    /* evenly spread, the last one at the last step */
    return (gint64)t->step * validations / r->steps != (gint64)(t->step - 1) * validations / r->steps;
}

void pst_fine_tuning_step(PstFineTuning *t)
{
    const PstFineTuningRecipe *r = t->data.recipe;
    PstFineTuningLoss loss = { 0 };

    compute_gradients(t);
    pst_optimiser_step(t->optimiser, &t->adam, t->step, t->gradients, r->batch, t->pool);
    for (int i = 0; i < r->batch; i++) {
        loss.style += (float)(style_loss(t, t->terms[i]) / r->batch);
        loss.content += (float)(t->terms[i][PST_LOSS_CONTENT] / r->batch);
    }
    g_array_append_val(t->curve, loss);
    t->step++;
    if (validation_due(t)) {
        validate(t);
    }
}

void pst_fine_tuning_validate(PstFineTuning *t)
{
    if (g_array_index(t->validations, PstValidation, t->validations->len - 1).step != t->step) {
        validate(t);
    }
}

gboolean pst_fine_tuning_done(const PstFineTuning *t)
{
    return t->step >= t->data.recipe->steps || t->since_best >= t->data.recipe->patience;
}

static PstWeightDelta *delta_of(const PstFineTuning *t, const float *row)
{
    g_autoptr(PstFloats) values = pst_floats_new(pst_weight_delta_size());

    expand(row, t->data.recipe->interpolation, values);
    return pst_weight_delta_new(values);
}

PstWeightDelta *pst_fine_tuning_best(const PstFineTuning *t)
{
    return pst_fine_tuning_best_validation(t)->step > 0 ? delta_of(t, t->best) : NULL;
}

PstWeightDelta *pst_fine_tuning_present(const PstFineTuning *t)
{
    return delta_of(t, t->optimiser->average);
}

/* ---- the state ------------------------------------------------------------------------------ */

typedef struct {
    const char *name;
    float *values;
    int count;
} Row;

#define ROWS 5

static void list_rows(const PstFineTuning *t, Row rows[ROWS])
{
    const PstOptimiser *o = t->optimiser;
    int n = (int)o->size;
    const Row list[ROWS] = {
        { "weights", o->weights, n }, { "average", o->average, n }, { "mean", o->mean, n },
        { "square", o->square, n },   { "best", t->best, n },
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

        validations[3 * i] = validation->step;
        validations[3 * i + 1] = validation->style;
        validations[3 * i + 2] = validation->content;
    }
    add_doubles(writer, "state", state, 3);
    add_doubles(writer, "validations", validations, 3 * (int)t->validations->len);
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
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, _("%s: is not what a training leaves"), name);
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
        !(validations = get_doubles(tensors, "validations", &count, error))) {
        return FALSE;
    }
    list_rows(t, rows);
    for (int i = 0; i < ROWS; i++) {
        const float *values = pst_tensors_get(tensors, rows[i].name, &rows[i].count, 1, error);

        if (!values) {
            return FALSE;
        }
        memcpy(rows[i].values, values, rows[i].count * sizeof *values);
    }
    t->step = (int)CLAMP(state[0], 0, t->data.recipe->steps);
    t->since_best = (int)CLAMP(state[1], 0, G_MAXINT);
    t->content_weight = isfinite(state[2]) ? state[2] : t->data.recipe->loss[PST_LOSS_CONTENT];
    g_array_set_size(t->validations, 0);
    for (int i = 0; i < count / 3; i++) {
        const double *v = validations + 3 * i;
        PstValidation validation = { (int)CLAMP(v[0], 0, G_MAXINT), v[1], v[2] };

        g_array_append_val(t->validations, validation);
    }
    g_array_set_size(t->curve, 0);
    g_array_append_vals(t->curve, curve, pst_tensors_find(tensors, "curve")->shape[0]);
    return TRUE;
}
