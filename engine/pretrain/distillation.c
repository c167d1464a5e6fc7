#include "distillation.h"

#include "checkpoint.h"
#include "drift.h"
#include "student.h"
#include "teacher_patches.h"

#include "engine/finetune/stylised_sample.h"
#include "engine/kernel/moments.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SEED             11
#define SIZE             128 /* side of a patch */
#define BATCH            16
#define ADVERSARIAL_EACH 4  /* so many of a batch are adversarial, */
#define DRIFTED_EACH     4  /* and so many of generators that have drifted */
#define DRIFT_PICTURES   4  /* painted by each of these, */
#define DRIFT_ROUNDS     4  /* kept for so many rounds */
#define HELD_OUT         48 /* patches of each kind, at most, for evaluation; */
#define EVALUATED        24 /* photographs that are stylised for that */
#define STYLE_SIDE       384
#define FEATURES         0.1 /* weight of the features */
#define FEWEST_STRIDES   3   /* of an adversarial patch along the gradient */
#define MOST_STRIDES     8
#define FORMAT           "pastiche-distillation-1"

enum { PHOTOS, PAINTINGS, STYLISED, KINDS };
static const char *const kind_names[KINDS] = { "photographs", "paintings", "stylised" };
static const double shares[KINDS] = { 0.2 / 0.75, 0.35 / 0.75, 0.2 / 0.75 };

/* One thread's. */
typedef struct {
    PstActivations *activations; /* the student's */
    PstMap rgb, features;
} ThreadWorkspace;

typedef struct {
    const PstDistillation *request;
    PstThreadPool *pool;
    PstLossNetwork *teacher, *encoder;
    PstStudent *student;
    PstModel *model;
    PstCorpus *corpora[STYLISED]; /* photographs, paintings */
    PstExample *stylised;         /* samples, those held out last */
    int stylised_count;
    PstGeneratorWeights *base;
    float *parameters; /* its */
    PstTeacherPatches *fixed, *adversarial, *drifted, *held_out[KINDS];
    PstTrainingRecipe adam;
    PstArena *arena;
    float *gradients[BATCH];
    ThreadWorkspace *threads;
    int step;
    char *checkpoint; /* path */
} Workspace;

static void workspace_clear(Workspace *w)
{
    for (int i = 0; w->threads && i < pst_thread_pool_threads(w->pool); i++) {
        pst_activations_free(w->threads[i].activations);
    }
    g_free(w->threads);
    for (int kind = 0; kind < STYLISED; kind++) {
        pst_corpus_free(w->corpora[kind]);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        pst_teacher_patches_free(w->held_out[kind]);
    }
    for (int i = 0; i < w->stylised_count; i++) {
        pst_example_clear(&w->stylised[i]);
    }
    g_free(w->stylised);
    pst_teacher_patches_free(w->fixed);
    pst_teacher_patches_free(w->adversarial);
    pst_teacher_patches_free(w->drifted);
    pst_generator_weights_free(w->base);
    pst_floats_free(w->parameters);
    pst_loss_network_free(w->teacher);
    pst_loss_network_free(w->encoder);
    pst_student_free(w->student);
    pst_model_free(w->model);
    pst_arena_free(w->arena);
    pst_thread_pool_free(w->pool);
    g_free(w->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, workspace_clear)

/* ---- patches -------------------------------------------------------------------------------- */

static void measure_style(const Workspace *w, const PstExample *painting, PstRandom *random, float *style)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations)
        activations = pst_activations_new(w->encoder, arena, STYLE_SIDE, STYLE_SIDE, PST_STYLE_TAPS, FALSE);
    PstMap rgb = pst_arena_map(arena, STYLE_SIDE, STYLE_SIDE, 3);

    pst_example_resample(painting, pst_example_random_square(painting, random, STYLE_SIDE, STYLE_SIDE), &rgb);
    pst_loss_network_forward(w->encoder, &rgb, activations);
    pst_taps_statistics(activations->taps, style);
}

/* Photographs in styles of paintings. */
static void stylise(Workspace *w)
{
    int learnt = w->request->stylised;
    const PstCorpus *photos = w->corpora[PHOTOS], *paintings = w->corpora[PAINTINGS];
    g_autoptr(PstExecutor) executor = pst_executor_new(w->pool, NULL, NULL, NULL);

    w->stylised = g_new(PstExample, learnt + EVALUATED);
    for (int i = 0; i < learnt + EVALUATED; i++) {
        PstRandom random = pst_random_at(SEED, 1, i);
        const PstExample *photo = photos->examples, *painting = paintings->examples;
        float style[PST_STYLE_SIZE];

        if (i < learnt) {
            photo += pst_random_below(&random, photos->train);
            painting += pst_random_below(&random, paintings->train);
        } else {
            photo += photos->train + pst_random_below(&random, photos->held_out);
            painting += paintings->train + pst_random_below(&random, paintings->held_out);
        }
        measure_style(w, painting, &random, style);
        w->stylised[w->stylised_count++] = pst_stylised_sample_new(w->model, photo, style, NULL, executor);
    }
}

static PstTeacherPatchSource source_of(const Workspace *w, int kind, gboolean held_out)
{
    const PstCorpus *c = kind == STYLISED ? NULL : w->corpora[kind];
    int learnt = w->request->stylised;

    if (kind == STYLISED) {
        return held_out ? (PstTeacherPatchSource){ w->stylised + learnt, EVALUATED, 1 }
                        : (PstTeacherPatchSource){ w->stylised, learnt, shares[kind] };
    }
    return held_out ? (PstTeacherPatchSource){ c->examples + c->train, c->held_out, 1 }
                    : (PstTeacherPatchSource){ c->examples, c->train, shares[kind] };
}

static PstTeacherPatches *new_patches(Workspace *w, int count, const PstTeacherPatchSource *sources, int source_count,
                                      guint64 seed)
{
    PstTeacherPatches *patches = pst_teacher_patches_new(count, SIZE);

    pst_teacher_patches_fill(patches, 0, count, sources, source_count, seed, w->pool);
    pst_teacher_patches_encode(patches, 0, count, w->teacher, w->pool);
    return patches;
}

static void make_patches(Workspace *w)
{
    const PstDistillation *d = w->request;
    PstTeacherPatchSource sources[KINDS];

    for (int kind = 0; kind < KINDS; kind++) {
        PstTeacherPatchSource held_out = source_of(w, kind, TRUE);

        sources[kind] = source_of(w, kind, FALSE);
        w->held_out[kind] = new_patches(w, MIN(HELD_OUT, d->patches), &held_out, 1, SEED + 1);
    }
    w->fixed = new_patches(w, d->patches, sources, KINDS, SEED);
    w->adversarial = pst_teacher_patches_new(d->adversarial, SIZE);
    if (w->drifted) { /* of a checkpoint */
        pst_teacher_patches_encode(w->drifted, 0, d->drifted, w->teacher, w->pool);
    } else { /* until generators have drifted */
        sources[STYLISED].share = 1;
        w->drifted = new_patches(w, d->drifted, &sources[STYLISED], 1, SEED + 3);
    }
}

/* ---- checkpoints ---------------------------------------------------------------------------- */

static int drifted_bytes(const Workspace *w)
{
    return w->request->drifted * SIZE * SIZE * 3 * (int)sizeof(guint16);
}

static gboolean save(Workspace *w, GError **error)
{
    g_autoptr(PstTensorsWriter) checkpoint = pst_tensors_writer_new();
    g_autofree char *step = g_strdup_printf("%d", w->step);
    int bytes = drifted_bytes(w);

    pst_student_add_state(w->student, checkpoint);
    pst_tensors_writer_add_bytes(checkpoint, "drifted", (const guint8 *)w->drifted->rgb, &bytes, 1);
    pst_tensors_writer_set_metadata(checkpoint, "format", FORMAT);
    pst_tensors_writer_set_metadata(checkpoint, "step", step);
    return pst_student_write(w->student, w->request->output, w->step, error) &&
           pst_tensors_writer_save(checkpoint, w->checkpoint, error);
}

static gboolean read_checkpoint(Workspace *w, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(w->checkpoint, NULL, error);
    const char *step = tensors ? pst_tensors_metadata(tensors, "step") : NULL;
    const guint8 *drifted;
    gint64 number;

    if (!tensors) {
        return FALSE;
    }
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) || !step ||
        !g_ascii_string_to_signed(step, 10, 0, G_MAXINT, &number, NULL)) {
        g_set_error(error, PST_CHECKPOINT_ERROR, PST_CHECKPOINT_ERROR_OTHER,
                    "%s: is not a checkpoint of a distillation", w->checkpoint);
        return FALSE;
    }
    if (!(drifted = pst_tensors_get_bytes(tensors, "drifted", (int[]){ drifted_bytes(w) }, 1, error))) {
        return FALSE;
    }
    w->drifted = pst_teacher_patches_new(w->request->drifted, SIZE);
    memcpy(w->drifted->rgb, drifted, drifted_bytes(w));
    w->step = (int)number;
    return pst_student_get_state(w->student, tensors, error);
}

/* Where it begins, or goes on. */
static gboolean begin(Workspace *w, GError **error)
{
    if (g_file_test(w->checkpoint, G_FILE_TEST_EXISTS)) {
        return read_checkpoint(w, error);
    }
    if (w->request->start) {
        return pst_student_read(w->student, w->request->start, error);
    }
    pst_student_randomise(w->student, SEED);
    return TRUE;
}

/* ---- a step --------------------------------------------------------------------------------- */

/* How far a student's features are from the teacher's. */
typedef struct {
    double residual, energy; /* of the features */
    double statistics;       /* MSE of means and deviations */
} Distance;

/* d = gradient of FEATURES MSE(features) + MSE(means) + MSE(deviations). */
static Distance compare(const PstMap *features, const PstMap *wanted, PstMap *d)
{
    float mean[PST_TEACHER_PATCH_CHANNELS], deviation[PST_TEACHER_PATCH_CHANNELS];
    float dmean[PST_TEACHER_PATCH_CHANNELS], ddeviation[PST_TEACHER_PATCH_CHANNELS];
    float factor = (float)(2 * FEATURES / pst_map_size(features));
    Distance distance = { 0 };

    for (gsize i = 0; i < pst_map_size(features); i++) {
        float difference = features->data[i] - wanted->data[i];

        distance.residual += (double)difference * difference;
        distance.energy += (double)wanted->data[i] * wanted->data[i];
        d->data[i] = factor * difference;
    }
    pst_map_moments(features, PST_EPSILON, mean, deviation);
    pst_map_moments(wanted, PST_EPSILON, dmean, ddeviation);
    for (int c = 0; c < PST_TEACHER_PATCH_CHANNELS; c++) {
        float of_mean = mean[c] - dmean[c], of_deviation = deviation[c] - ddeviation[c];

        distance.statistics += (of_mean * of_mean + of_deviation * of_deviation) / PST_TEACHER_PATCH_CHANNELS;
        dmean[c] = 2 * of_mean / PST_TEACHER_PATCH_CHANNELS;
        ddeviation[c] = 2 * of_deviation / PST_TEACHER_PATCH_CHANNELS;
    }
    pst_map_moments_gradient(features, mean, deviation, dmean, ddeviation, d);
    return distance;
}

/* Passes a patch through the student, and compares. */
static Distance pass(const Workspace *w, ThreadWorkspace *t, const PstTeacherPatches *patches, int i)
{
    PstActivations *activations = t->activations;

    pst_teacher_patch_rgb(patches, i, &t->rgb);
    pst_teacher_patch_features(patches, i, &t->features);
    pst_loss_network_forward(w->student->network, &t->rgb, activations);
    return compare(&activations->taps[PST_TEACHER_PATCH_TAP], &t->features, &activations->dtaps[PST_TEACHER_PATCH_TAP]);
}

static void compute_gradient(int task, int worker, gpointer data)
{
    Workspace *w = data;
    ThreadWorkspace *t = &w->threads[worker];
    PstRandom random = pst_random_at(SEED, 3 + w->step, task);
    const PstTeacherPatches *patches = task < ADVERSARIAL_EACH                  ? w->adversarial
                                       : task < ADVERSARIAL_EACH + DRIFTED_EACH ? w->drifted
                                                                                : w->fixed;

    memset(w->gradients[task], 0, w->student->optimiser->size * sizeof(float));
    pass(w, t, patches, pst_random_below(&random, patches->count));
    t->activations->dparameters = w->gradients[task];
    pst_loss_network_backward(w->student->network, &t->activations, 1);
    t->activations->dparameters = NULL;
}

/* The statistics of a tap, and the gradient of half their squared distance to the wanted ones. */
static void set_gradient(const PstMap *tap, const float *wanted, PstMap *d)
{
    float is[2 * PST_TEACHER_PATCH_CHANNELS], dis[2 * PST_TEACHER_PATCH_CHANNELS];

    pst_map_moments(tap, PST_EPSILON, is, is + PST_TEACHER_PATCH_CHANNELS);
    for (int c = 0; c < 2 * PST_TEACHER_PATCH_CHANNELS; c++) {
        dis[c] = is[c] - wanted[c];
    }
    memset(d->data, 0, pst_map_size(d) * sizeof(float));
    pst_map_moments_gradient(tap, is, is + PST_TEACHER_PATCH_CHANNELS, dis, dis + PST_TEACHER_PATCH_CHANNELS, d);
}

/* A patch follows the student's gradient towards the statistics that another one has in the student. */
static void make_adversarial(int task, int worker, gpointer data)
{
    Workspace *w = data;
    ThreadWorkspace *t = &w->threads[worker];
    const PstLossNetwork *student = w->student->network;
    PstActivations *activations = t->activations;
    PstMap *tap = &activations->taps[PST_TEACHER_PATCH_TAP], *rgb = &t->rgb;
    PstRandom random = pst_random_at(SEED + 2, w->step, task);
    int from = pst_random_below(&random, w->fixed->count), to = pst_random_below(&random, w->fixed->count);
    int strides = FEWEST_STRIDES + pst_random_below(&random, MOST_STRIDES - FEWEST_STRIDES + 1);
    double stride = pst_random_log_uniform(&random, 0.004, 0.025);
    float wanted[2 * PST_TEACHER_PATCH_CHANNELS];

    pst_teacher_patch_rgb(w->fixed, to, rgb);
    pst_loss_network_forward(student, rgb, activations);
    pst_map_moments(tap, PST_EPSILON, wanted, wanted + PST_TEACHER_PATCH_CHANNELS);
    pst_teacher_patch_rgb(w->fixed, from, rgb);
    for (int i = 0; i < strides; i++) {
        const float *drgb = activations->drgb.data;
        double length = 1e-20;

        pst_loss_network_forward(student, rgb, activations);
        set_gradient(tap, wanted, &activations->dtaps[PST_TEACHER_PATCH_TAP]);
        pst_loss_network_backward(student, &activations, 1);
        for (gsize k = 0; k < pst_map_size(rgb); k++) {
            length += (double)drgb[k] * drgb[k] / pst_map_size(rgb);
        }
        for (gsize k = 0; k < pst_map_size(rgb); k++) {
            float moved = rgb->data[k] - (float)(stride / sqrt(length)) * drgb[k];

            rgb->data[k] = CLAMP(moved, -0.1f, 1.1f);
        }
    }
    pst_teacher_patch_set_rgb(w->adversarial, task, rgb);
}

/* ---- evaluation ----------------------------------------------------------------------------- */

typedef struct {
    Workspace *workspace;
    const PstTeacherPatches *patches;
    Distance *distances;
} Evaluation;

static void evaluate(int task, int worker, gpointer data)
{
    const Evaluation *e = data;

    e->distances[task] = pass(e->workspace, &e->workspace->threads[worker], e->patches, task);
}

static void print_distance(Workspace *w, const char *name, const PstTeacherPatches *patches)
{
    g_autofree Distance *distances = g_new(Distance, patches->count);
    Distance sum = { 0 };

    pst_thread_pool_run(w->pool, patches->count, evaluate, &(Evaluation){ w, patches, distances });
    for (int i = 0; i < patches->count; i++) {
        sum.residual += distances[i].residual;
        sum.energy += distances[i].energy;
        sum.statistics += distances[i].statistics / patches->count;
    }
    printf("  %s %.4f %.4f", name, sum.residual / sum.energy, sum.statistics);
}

/* Of the average, as that is what is written. */
static void report(Workspace *w, double seconds)
{
    pst_loss_network_set(w->student->network, w->student->optimiser->average);
    printf("step %6d  %.3f s ", w->step, seconds);
    print_distance(w, "adversarial", w->adversarial);
    print_distance(w, "drifted", w->drifted);
    for (int kind = 0; kind < KINDS; kind++) {
        print_distance(w, kind_names[kind], w->held_out[kind]);
    }
    printf("\n");
    fflush(stdout);
}

/* ---- rounds --------------------------------------------------------------------------------- */

/* Generators learn under the student; their paintings take the place of the oldest ones. */
static void renew_drifted(Workspace *w)
{
    const PstDistillation *d = w->request;
    const PstDrift drift = {
        w->model, w->base, w->encoder, w->student->network, w->corpora[PHOTOS], w->corpora[PAINTINGS], w->pool, d->drift
    };
    PstExample pictures[DRIFT_PICTURES];
    const PstTeacherPatchSource source = { pictures, DRIFT_PICTURES, 1 };
    int share = d->drifted / (d->generators * DRIFT_ROUNDS), round = w->step / d->round;

    for (int i = 0; i < d->generators; i++) {
        int first = (round % DRIFT_ROUNDS * d->generators + i) * share;

        pst_drift_paint(&drift, SEED + 4, w->step, i, pictures, DRIFT_PICTURES);
        pst_teacher_patches_fill(w->drifted, first, share, &source, 1, SEED + 5 + w->step, w->pool);
        pst_teacher_patches_encode(w->drifted, first, share, w->teacher, w->pool);
        for (int k = 0; k < DRIFT_PICTURES; k++) {
            pst_example_clear(&pictures[k]);
        }
    }
}

static void run_round(Workspace *w, int last)
{
    PstStudent *s = w->student;
    gint64 start;
    int first = w->step;

    pst_loss_network_set(s->network, s->optimiser->weights);
    pst_thread_pool_run(w->pool, w->adversarial->count, make_adversarial, w);
    pst_teacher_patches_encode(w->adversarial, 0, w->adversarial->count, w->teacher, w->pool);
    renew_drifted(w);
    start = g_get_monotonic_time();
    while (w->step < last) {
        pst_thread_pool_run(w->pool, BATCH, compute_gradient, w);
        pst_optimiser_step(s->optimiser, &w->adam, w->step, w->gradients, BATCH, w->pool);
        pst_loss_network_set(s->network, s->optimiser->weights);
        w->step++;
    }
    if (!w->request->quiet) {
        report(w, (g_get_monotonic_time() - start) / 1e6 / (last - first));
    }
}

static void make_thread_workspaces(Workspace *w)
{
    int threads = pst_thread_pool_threads(w->pool);

    w->arena = pst_arena_new();
    w->threads = g_new0(ThreadWorkspace, threads);
    for (int i = 0; i < threads; i++) {
        ThreadWorkspace *t = &w->threads[i];

        t->activations = pst_activations_new(w->student->network, w->arena, SIZE, SIZE, PST_TEACHER_PATCH_TAP, TRUE);
        t->rgb = pst_arena_map(w->arena, SIZE, SIZE, 3);
        t->features = pst_arena_map(w->arena, SIZE / 4, SIZE / 4, PST_TEACHER_PATCH_CHANNELS);
    }
    for (int i = 0; i < BATCH; i++) {
        w->gradients[i] = pst_arena_floats(w->arena, w->student->optimiser->size);
    }
}

static gboolean load(Workspace *w, GError **error)
{
    const PstDistillation *d = w->request;

    w->pool = pst_thread_pool_new(d->threads);
    w->checkpoint = g_strconcat(d->output, ".checkpoint", NULL);
    w->adam = (PstTrainingRecipe){ .steps = d->steps,
                                   .batch = BATCH,
                                   .size = SIZE,
                                   .rate = d->rate,
                                   .final_rate = d->rate / 100,
                                   .warm_up = 100,
                                   .beta1 = 0.9,
                                   .beta2 = 0.99,
                                   .average = 0.995 };
    if (!(w->teacher = pst_shallow_loss_network_read(d->teacher, error)) ||
        !(w->encoder = pst_loss_network_read(d->encoder, error)) ||
        !(w->model = pst_model_load(d->encoder, d->generator, error)) ||
        !(w->corpora[PHOTOS] = pst_corpus_read(d->photos, w->pool, error)) ||
        !(w->corpora[PAINTINGS] = pst_corpus_read(d->paintings, w->pool, error))) {
        return FALSE;
    }
    w->parameters = pst_parameters_new();
    w->base = pst_generator_weights_new(w->parameters);
    if (!pst_generator_weights_read(w->base, d->generator, error)) {
        return FALSE;
    }
    w->student = pst_student_new();
    make_thread_workspaces(w);
    return begin(w, error);
}

gboolean pst_distillation_run(const PstDistillation *distillation, const volatile int *stop, GError **error)
{
    g_auto(Workspace) w = { .request = distillation };
    int last = distillation->until > 0 ? MIN(distillation->until, distillation->steps) : distillation->steps;

    if (!load(&w, error)) {
        return FALSE;
    }
    stylise(&w);
    make_patches(&w);
    if (!distillation->quiet) {
        printf("from step %d to %d on %d threads; unexplained share of the features, MSE of the statistics:\n", w.step,
               last, pst_thread_pool_threads(w.pool));
        fflush(stdout);
    }
    while (w.step < last && !*stop) {
        run_round(&w, MIN(last, (w.step / distillation->round + 1) * distillation->round));
        if (!save(&w, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
