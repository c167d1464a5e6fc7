#include "distillation.h"

#include "drift.h"
#include "engine/gradient/shallow_loss_network.h"
#include "teacher_patches.h"
#include "engine/gradient/optimiser.h"
#include "engine/finetune/stylised_sample.h"

#include "engine/kernel/moments.h"
#include "engine/network/safetensors.h"
#include "engine/network/safetensors_writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SEED        11
#define SIZE        128 /* side of a window */
#define BATCH       16
#define ASTRAY_EACH 4 /* so many of a batch are led astray, */
#define DRIFTED_EACH 4 /* and so many are of generators that have drifted */
#define DRIFT_PICTURES 4 /* painted by each of these, */
#define DRIFT_ROUNDS 4   /* kept for so many rounds */
#define HELD_OUT    48 /* windows of each kind, at most, for looking at results; */
#define TESTED      24 /* photographs that are painted for that */
#define STYLE_SIDE  384
#define FEATURES    0.1 /* weight of the features */
#define FEWEST_STEPS_ASTRAY 3
#define MOST_STEPS_ASTRAY   8
#define FORMAT      "pastiche-distillation-1"

enum { PHOTOS, PAINTINGS, PAINTED, KINDS };
static const char *const kind_names[KINDS] = { "photographs", "paintings", "painted" };
static const double shares[KINDS] = { 0.2 / 0.75, 0.35 / 0.75, 0.2 / 0.75 };

/* What the student does on one thread. */
typedef struct {
    PstActivations *activations;
    PstMap rgb, features;
} ThreadWorkspace;

typedef struct {
    const PstDistillation *request;
    PstThreadPool *pool;
    PstLossNetwork *teacher, *student, *encoder;
    PstModel *model;
    PstCorpus *corpora[PAINTED]; /* photographs, paintings */
    PstExample *painted; /* those held out last */
    int painted_count;
    PstGeneratorWeights *base;
    float *parameters; /* its */
    PstTeacherPatches *fixed, *astray, *drifted, *held_out[KINDS];
    PstTrainingRecipe adam;
    PstOptimiser *optimiser;
    PstArena *arena;
    float *gradients[BATCH];
    ThreadWorkspace *thread_workspaces; /* one a thread */
    int step;
    char *checkpoint; /* path */
} Workspace;

static void room_clear(Workspace *workspace)
{
    for (int i = 0; workspace->thread_workspaces && i < pst_thread_pool_threads(workspace->pool); i++) {
        pst_activations_free(workspace->thread_workspaces[i].activations);
    }
    g_free(workspace->thread_workspaces);
    for (int kind = 0; kind < PAINTED; kind++) {
        pst_corpus_free(workspace->corpora[kind]);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        pst_teacher_patches_free(workspace->held_out[kind]);
    }
    for (int i = 0; i < workspace->painted_count; i++) {
        pst_example_clear(&workspace->painted[i]);
    }
    g_free(workspace->painted);
    pst_teacher_patches_free(workspace->fixed);
    pst_teacher_patches_free(workspace->astray);
    pst_teacher_patches_free(workspace->drifted);
    pst_generator_weights_free(workspace->base);
    pst_floats_free(workspace->parameters);
    pst_loss_network_free(workspace->teacher);
    pst_loss_network_free(workspace->student);
    pst_loss_network_free(workspace->encoder);
    pst_model_free(workspace->model);
    pst_optimiser_free(workspace->optimiser);
    pst_arena_free(workspace->arena);
    pst_thread_pool_free(workspace->pool);
    g_free(workspace->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, room_clear)

/* ---- what is looked at ---------------------------------------------------------------------- */

static gboolean read_pictures(Workspace *workspace, GError **error)
{
    const PstDistillation *d = workspace->request;

    return (workspace->corpora[PHOTOS] = pst_corpus_read(d->photos, workspace->pool, error)) &&
           (workspace->corpora[PAINTINGS] = pst_corpus_read(d->paintings, workspace->pool, error));
}

/* The style of a painting. */
static void look_for_style(const Workspace *workspace, const PstExample *painting, PstRandom *random, float *style)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations) activations = pst_activations_new(workspace->encoder, arena, STYLE_SIDE, STYLE_SIDE, PST_STYLE_TAPS, FALSE);
    PstMap rgb = pst_arena_map(arena, STYLE_SIDE, STYLE_SIDE, 3);

    pst_corpus_resample(painting, pst_corpus_square(painting, random, STYLE_SIDE, STYLE_SIDE), &rgb);
    pst_loss_network_forward(workspace->encoder, &rgb, activations);
    pst_taps_statistics(activations->taps, style);
}

/* Photographs in styles of paintings. */
static void paint(Workspace *workspace)
{
    int learnt = workspace->request->painted;
    const PstCorpus *photos = workspace->corpora[PHOTOS], *paintings = workspace->corpora[PAINTINGS];
    g_autoptr(PstExecutor) executor = pst_executor_new(workspace->pool, NULL, NULL, NULL);

    workspace->painted = g_new(PstExample, learnt + TESTED);
    for (int i = 0; i < learnt + TESTED; i++) {
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
        look_for_style(workspace, painting, &random, style);
        workspace->painted[workspace->painted_count++] = pst_stylised_sample_new(workspace->model, photo, style, NULL, executor);
    }
}

static PstTeacherPatchSource source_of(const Workspace *workspace, int kind, gboolean held_out)
{
    const PstCorpus *c = kind == PAINTED ? NULL : workspace->corpora[kind];
    int learnt = workspace->request->painted;

    if (kind == PAINTED) {
        return held_out ? (PstTeacherPatchSource){ workspace->painted + learnt, TESTED, 1 }
                        : (PstTeacherPatchSource){ workspace->painted, learnt, shares[kind] };
    }
    return held_out ? (PstTeacherPatchSource){ c->examples + c->train, c->held_out, 1 }
                    : (PstTeacherPatchSource){ c->examples, c->train, shares[kind] };
}

/* Fills all of them, and the teacher looks. */
static PstTeacherPatches *take(Workspace *workspace, int count, const PstTeacherPatchSource *sources, int source_count, guint64 seed)
{
    PstTeacherPatches *g = pst_teacher_patches_new(count, SIZE);

    pst_teacher_patches_take(g, 0, count, sources, source_count, seed, workspace->pool);
    pst_teacher_patches_look(g, 0, count, workspace->teacher, workspace->pool);
    return g;
}

static void take_glimpses(Workspace *workspace)
{
    const PstDistillation *d = workspace->request;
    PstTeacherPatchSource sources[KINDS];

    for (int kind = 0; kind < KINDS; kind++) {
        PstTeacherPatchSource held_out = source_of(workspace, kind, TRUE);

        sources[kind] = source_of(workspace, kind, FALSE);
        workspace->held_out[kind] = take(workspace, MIN(HELD_OUT, d->windows), &held_out, 1, SEED + 1);
    }
    workspace->fixed = take(workspace, d->windows, sources, KINDS, SEED);
    workspace->astray = pst_teacher_patches_new(d->astray, SIZE);
    if (workspace->drifted) { /* of a checkpoint */
        pst_teacher_patches_look(workspace->drifted, 0, d->drifted, workspace->teacher, workspace->pool);
    } else { /* until generators have drifted */
        sources[PAINTED].share = 1;
        workspace->drifted = take(workspace, d->drifted, &sources[PAINTED], 1, SEED + 3);
    }
}

/* ---- the student ---------------------------------------------------------------------------- */

static void make_desks(Workspace *workspace)
{
    int threads = pst_thread_pool_threads(workspace->pool);

    workspace->arena = pst_arena_new();
    workspace->thread_workspaces = g_new0(ThreadWorkspace, threads);
    for (int i = 0; i < threads; i++) {
        ThreadWorkspace *thread_workspace = &workspace->thread_workspaces[i];

        thread_workspace->activations = pst_activations_new(workspace->student, workspace->arena, SIZE, SIZE, PST_TEACHER_PATCH_TAP, TRUE);
        thread_workspace->rgb = pst_arena_map(workspace->arena, SIZE, SIZE, 3);
        thread_workspace->features = pst_arena_map(workspace->arena, SIZE / 4, SIZE / 4, PST_TEACHER_PATCH_CHANNELS);
    }
    for (int i = 0; i < BATCH; i++) {
        workspace->gradients[i] = pst_arena_floats(workspace->arena, workspace->optimiser->size);
    }
}

/* He et al., "Delving Deep into Rectifiers", ICCV 2015. */
static void fill_at_random(const PstLossNetwork *student, float *row)
{
    for (int layer = 0; layer < student->count; layer++) {
        int inputs = 9 * student->table[layer].in;
        PstRandom random = pst_random_at(SEED, 2, layer);
        float *weight = row + pst_loss_network_offset(student, layer);

        for (int i = 0; i < inputs * student->table[layer].out; i++) {
            weight[i] = (float)(sqrt(2.0 / inputs) * pst_random_normal(&random));
        }
    }
}

/* Calls run(name, values, shape, dims) for every tensor of a row. */
typedef gboolean (*Tensor)(const char *name, float *values, const int *shape, int dims, gpointer data, GError **error);

static gboolean for_each_tensor(const PstLossNetwork *student, const char *prefix, float *row, Tensor run, gpointer data,
                                GError **error)
{
    for (int layer = 0; layer < student->count; layer++) {
        const PstLayer *l = &student->table[layer];
        float *weight = row + pst_loss_network_offset(student, layer), *bias = weight + 9 * l->in * l->out;
        g_autofree char *weight_name = g_strdup_printf("%s%s.weight", prefix, l->name);
        g_autofree char *bias_name = g_strdup_printf("%s%s.bias", prefix, l->name);

        if (!run(weight_name, weight, (int[]){ l->out, l->in, 3, 3 }, 4, data, error) ||
            !run(bias_name, bias, &l->out, 1, data, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_half(const char *name, float *values, const int *shape, int dims, gpointer writer, GError **error)
{
    pst_tensors_writer_add(writer, name, PST_TENSOR_F16, values, shape, dims);
    return TRUE;
}

static gboolean add_whole(const char *name, float *values, const int *shape, int dims, gpointer writer, GError **error)
{
    pst_tensors_writer_add(writer, name, PST_TENSOR_F32, values, shape, dims);
    return TRUE;
}

static gboolean get(const char *name, float *values, const int *shape, int dims, gpointer tensors, GError **error)
{
    const float *found = pst_tensors_get(tensors, name, shape, dims, error);
    gsize n = 1;

    for (int i = 0; i < dims; i++) {
        n *= shape[i];
    }
    if (found) {
        memcpy(values, found, n * sizeof *values);
    }
    return found != NULL;
}

#define ROWS 4
static const char *const row_names[ROWS] = { "weights.", "average.", "mean.", "square." };

static void list_rows(const PstOptimiser *o, float *rows[ROWS])
{
    memcpy(rows, (float *[]){ o->weights, o->average, o->mean, o->square }, ROWS * sizeof *rows);
}

static int drifted_bytes(const Workspace *workspace)
{
    return workspace->request->drifted * SIZE * SIZE * 3 * (int)sizeof(guint16);
}

static gboolean save(Workspace *workspace, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(PstTensorsWriter) checkpoint = pst_tensors_writer_new();
    g_autofree char *step = g_strdup_printf("%d", workspace->step);
    float *rows[ROWS];

    list_rows(workspace->optimiser, rows);
    for_each_tensor(workspace->student, "", workspace->optimiser->average, add_half, writer, NULL);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-examiner");
    pst_tensors_writer_set_metadata(writer, "steps", step);
    for (int i = 0; i < ROWS; i++) {
        for_each_tensor(workspace->student, row_names[i], rows[i], add_whole, checkpoint, NULL);
    }
    pst_tensors_writer_add_bytes(checkpoint, "drifted", (const guint8 *)workspace->drifted->rgb,
                                 (int[]){ drifted_bytes(workspace) }, 1);
    pst_tensors_writer_set_metadata(checkpoint, "format", FORMAT);
    pst_tensors_writer_set_metadata(checkpoint, "step", step);
    return pst_tensors_writer_save(writer, workspace->request->output, error) &&
           pst_tensors_writer_save(checkpoint, workspace->checkpoint, error);
}

static gboolean read_checkpoint(Workspace *workspace, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(workspace->checkpoint, NULL, error);
    const char *step = tensors ? pst_tensors_metadata(tensors, "step") : NULL;
    const guint8 *drifted;
    float *rows[ROWS];
    gint64 number;

    if (!tensors) {
        return FALSE;
    }
    list_rows(workspace->optimiser, rows);
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) || !step ||
        !g_ascii_string_to_signed(step, 10, 0, G_MAXINT, &number, NULL)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH,
                    "%s: is not a checkpoint of a distillation; move it away", workspace->checkpoint);
        return FALSE;
    }
    if (!(drifted = pst_tensors_get_bytes(tensors, "drifted", (int[]){ drifted_bytes(workspace) }, 1, error))) {
        return FALSE;
    }
    workspace->drifted = pst_teacher_patches_new(workspace->request->drifted, SIZE);
    memcpy(workspace->drifted->rgb, drifted, drifted_bytes(workspace));
    workspace->step = (int)number;
    for (int i = 0; i < ROWS; i++) {
        if (!for_each_tensor(workspace->student, row_names[i], rows[i], get, tensors, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Where it begins, or goes on. */
static gboolean begin(Workspace *workspace, GError **error)
{
    PstOptimiser *o = workspace->optimiser;

    if (g_file_test(workspace->checkpoint, G_FILE_TEST_EXISTS)) {
        return read_checkpoint(workspace, error);
    }
    if (workspace->request->start) {
        g_autoptr(PstTensors) tensors = pst_tensors_read(workspace->request->start, NULL, error);

        if (!tensors || !for_each_tensor(workspace->student, "", o->weights, get, tensors, error)) {
            return FALSE;
        }
    } else {
        fill_at_random(workspace->student, o->weights);
    }
    memcpy(o->average, o->weights, o->size * sizeof(float));
    return TRUE;
}

/* ---- a step --------------------------------------------------------------------------------- */

typedef struct {
    double residual, energy; /* of the features */
    double gap;              /* of means and deviations: MSE */
} Verdict;

/* d = gradient of FEATURES MSE(features) + MSE(means) + MSE(deviations). */
static Verdict compare(const PstMap *seen, const PstMap *wanted, PstMap *d)
{
    float mean[PST_TEACHER_PATCH_CHANNELS], deviation[PST_TEACHER_PATCH_CHANNELS];
    float dmean[PST_TEACHER_PATCH_CHANNELS], ddeviation[PST_TEACHER_PATCH_CHANNELS];
    float factor = (float)(2 * FEATURES / pst_map_size(seen));
    Verdict v = { 0 };

    for (gsize i = 0; i < pst_map_size(seen); i++) {
        float difference = seen->data[i] - wanted->data[i];

        v.residual += (double)difference * difference;
        v.energy += (double)wanted->data[i] * wanted->data[i];
        d->data[i] = factor * difference;
    }
    pst_map_moments(seen, PST_EPSILON, mean, deviation);
    pst_map_moments(wanted, PST_EPSILON, dmean, ddeviation);
    for (int c = 0; c < PST_TEACHER_PATCH_CHANNELS; c++) {
        float of_mean = mean[c] - dmean[c], of_deviation = deviation[c] - ddeviation[c];

        v.gap += (of_mean * of_mean + of_deviation * of_deviation) / PST_TEACHER_PATCH_CHANNELS;
        dmean[c] = 2 * of_mean / PST_TEACHER_PATCH_CHANNELS;
        ddeviation[c] = 2 * of_deviation / PST_TEACHER_PATCH_CHANNELS;
    }
    pst_map_moments_gradient(seen, mean, deviation, dmean, ddeviation, d);
    return v;
}

static void study(int task, int worker, gpointer data)
{
    Workspace *workspace = data;
    ThreadWorkspace *thread_workspace = &workspace->thread_workspaces[worker];
    PstRandom random = pst_random_at(SEED, 3 + workspace->step, task);
    const PstTeacherPatches *g = task < ASTRAY_EACH                  ? workspace->astray
                           : task < ASTRAY_EACH + DRIFTED_EACH ? workspace->drifted
                                                               : workspace->fixed;
    int chosen = pst_random_below(&random, g->count);

    pst_teacher_patch_rgb(g, chosen, &thread_workspace->rgb);
    pst_teacher_patch_features(g, chosen, &thread_workspace->features);
    memset(workspace->gradients[task], 0, workspace->optimiser->size * sizeof(float));
    thread_workspace->activations->dparameters = workspace->gradients[task];
    pst_loss_network_forward(workspace->student, &thread_workspace->rgb, thread_workspace->activations);
    compare(&thread_workspace->activations->taps[PST_TEACHER_PATCH_TAP], &thread_workspace->features, &thread_workspace->activations->dtaps[PST_TEACHER_PATCH_TAP]);
    pst_loss_network_backward(workspace->student, &thread_workspace->activations, 1);
    thread_workspace->activations->dparameters = NULL;
}

/* A window follows the student's gradient towards the statistics that the student sees in another one. */
static void lead_astray(int task, int worker, gpointer data)
{
    Workspace *workspace = data;
    ThreadWorkspace *thread_workspace = &workspace->thread_workspaces[worker];
    PstActivations *activations = thread_workspace->activations;
    PstMap *seen = &activations->taps[PST_TEACHER_PATCH_TAP], *d = &activations->dtaps[PST_TEACHER_PATCH_TAP];
    PstRandom random = pst_random_at(SEED + 2, workspace->step, task);
    int from = pst_random_below(&random, workspace->fixed->count), to = pst_random_below(&random, workspace->fixed->count);
    int steps = FEWEST_STEPS_ASTRAY + pst_random_below(&random, MOST_STEPS_ASTRAY - FEWEST_STEPS_ASTRAY + 1);
    double stride = pst_random_log_uniform(&random, 0.004, 0.025);
    float wanted[2 * PST_TEACHER_PATCH_CHANNELS], is[2 * PST_TEACHER_PATCH_CHANNELS], dis[2 * PST_TEACHER_PATCH_CHANNELS];

    pst_teacher_patch_rgb(workspace->fixed, to, &thread_workspace->rgb);
    pst_loss_network_forward(workspace->student, &thread_workspace->rgb, activations);
    pst_map_moments(seen, PST_EPSILON, wanted, wanted + PST_TEACHER_PATCH_CHANNELS);
    pst_teacher_patch_rgb(workspace->fixed, from, &thread_workspace->rgb);
    for (int step = 0; step < steps; step++) {
        double length = 1e-20;

        pst_loss_network_forward(workspace->student, &thread_workspace->rgb, activations);
        pst_map_moments(seen, PST_EPSILON, is, is + PST_TEACHER_PATCH_CHANNELS);
        for (int c = 0; c < 2 * PST_TEACHER_PATCH_CHANNELS; c++) {
            dis[c] = is[c] - wanted[c];
        }
        memset(d->data, 0, pst_map_size(d) * sizeof(float));
        pst_map_moments_gradient(seen, is, is + PST_TEACHER_PATCH_CHANNELS, dis, dis + PST_TEACHER_PATCH_CHANNELS, d);
        pst_loss_network_backward(workspace->student, &activations, 1);
        for (gsize i = 0; i < pst_map_size(&thread_workspace->rgb); i++) {
            length += (double)activations->drgb.data[i] * activations->drgb.data[i] / pst_map_size(&thread_workspace->rgb);
        }
        for (gsize i = 0; i < pst_map_size(&thread_workspace->rgb); i++) {
            float moved = thread_workspace->rgb.data[i] - (float)(stride / sqrt(length)) * activations->drgb.data[i];

            thread_workspace->rgb.data[i] = CLAMP(moved, -0.1f, 1.1f);
        }
    }
    pst_teacher_patch_set_rgb(workspace->astray, task, &thread_workspace->rgb);
}

/* ---- rounds --------------------------------------------------------------------------------- */

typedef struct {
    Workspace *workspace;
    const PstTeacherPatches *teacher_patches;
    Verdict *verdicts;
} Examination;

static void examine(int task, int worker, gpointer data)
{
    const Examination *e = data;
    ThreadWorkspace *thread_workspace = &e->workspace->thread_workspaces[worker];

    pst_teacher_patch_rgb(e->teacher_patches, task, &thread_workspace->rgb);
    pst_teacher_patch_features(e->teacher_patches, task, &thread_workspace->features);
    pst_loss_network_forward(e->workspace->student, &thread_workspace->rgb, thread_workspace->activations);
    e->verdicts[task] = compare(&thread_workspace->activations->taps[PST_TEACHER_PATCH_TAP], &thread_workspace->features,
                                &thread_workspace->activations->dtaps[PST_TEACHER_PATCH_TAP]);
}

static void print_verdict(Workspace *workspace, const char *name, const PstTeacherPatches *teacher_patches)
{
    g_autofree Verdict *verdicts = g_new(Verdict, teacher_patches->count);
    Verdict sum = { 0 };

    pst_thread_pool_run(workspace->pool, teacher_patches->count, examine, &(Examination){ workspace, teacher_patches, verdicts });
    for (int i = 0; i < teacher_patches->count; i++) {
        sum.residual += verdicts[i].residual;
        sum.energy += verdicts[i].energy;
        sum.gap += verdicts[i].gap / teacher_patches->count;
    }
    printf("  %s %.4f %.4f", name, sum.residual / sum.energy, sum.gap);
}

/* The average is what is written, so it is what is asked. */
static void report(Workspace *workspace, double seconds)
{
    pst_loss_network_set(workspace->student, workspace->optimiser->average);
    printf("step %6d  %.3f s ", workspace->step, seconds);
    print_verdict(workspace, "astray", workspace->astray);
    print_verdict(workspace, "drifted", workspace->drifted);
    for (int kind = 0; kind < KINDS; kind++) {
        print_verdict(workspace, kind_names[kind], workspace->held_out[kind]);
    }
    printf("\n");
    fflush(stdout);
}

/* Generators learn under the student; their pictures take the place of the oldest ones. */
static void let_drift(Workspace *workspace)
{
    const PstDistillation *d = workspace->request;
    const PstDrift drift = { workspace->model, workspace->base, workspace->encoder, workspace->student, workspace->corpora[PHOTOS],
                             workspace->corpora[PAINTINGS], workspace->pool, d->drift };
    PstExample pictures[DRIFT_PICTURES];
    int share = d->drifted / (d->generators * DRIFT_ROUNDS), round = workspace->step / d->round;

    for (int i = 0; i < d->generators; i++) {
        int first = (round % DRIFT_ROUNDS * d->generators + i) * share;

        pst_drift_paint(&drift, SEED + 4, workspace->step, i, pictures, DRIFT_PICTURES);
        pst_teacher_patches_take(workspace->drifted, first, share, &(PstTeacherPatchSource){ pictures, DRIFT_PICTURES, 1 }, 1,
                          SEED + 5 + workspace->step, workspace->pool);
        pst_teacher_patches_look(workspace->drifted, first, share, workspace->teacher, workspace->pool);
        for (int k = 0; k < DRIFT_PICTURES; k++) {
            pst_example_clear(&pictures[k]);
        }
    }
}

static void do_round(Workspace *workspace, int last)
{
    gint64 start;
    int first = workspace->step;

    pst_loss_network_set(workspace->student, workspace->optimiser->weights);
    pst_thread_pool_run(workspace->pool, workspace->astray->count, lead_astray, workspace);
    pst_teacher_patches_look(workspace->astray, 0, workspace->astray->count, workspace->teacher, workspace->pool);
    let_drift(workspace);
    start = g_get_monotonic_time();
    while (workspace->step < last) {
        pst_thread_pool_run(workspace->pool, BATCH, study, workspace);
        pst_optimiser_step(workspace->optimiser, &workspace->adam, workspace->step, workspace->gradients, BATCH, workspace->pool);
        pst_loss_network_set(workspace->student, workspace->optimiser->weights);
        workspace->step++;
    }
    if (!workspace->request->quiet) {
        report(workspace, (g_get_monotonic_time() - start) / 1e6 / (last - first));
    }
}

static gboolean load(Workspace *workspace, GError **error)
{
    const PstDistillation *d = workspace->request;

    workspace->pool = pst_thread_pool_new(d->threads);
    workspace->checkpoint = g_strconcat(d->output, ".checkpoint", NULL);
    workspace->adam = (PstTrainingRecipe){ .steps = d->steps, .batch = BATCH, .size = SIZE, .rate = d->rate,
                              .final_rate = d->rate / 100, .warm_up = 100, .beta1 = 0.9, .beta2 = 0.99,
                              .average = 0.995 };
    if (!(workspace->teacher = pst_shallow_loss_network_read(d->teacher, error)) ||
        !(workspace->encoder = pst_loss_network_read(d->encoder, error)) ||
        !(workspace->model = pst_model_load(d->encoder, d->generator, error)) || !read_pictures(workspace, error)) {
        return FALSE;
    }
    workspace->parameters = pst_parameters_new();
    workspace->base = pst_generator_weights_new(workspace->parameters);
    if (!pst_generator_weights_read(workspace->base, d->generator, error)) {
        return FALSE;
    }
    workspace->student = pst_loss_network_new_layers(pst_own_shallow_loss_network_layers, PST_SHALLOW_LAYERS);
    workspace->optimiser = pst_optimiser_new(pst_loss_network_offset(workspace->student, PST_SHALLOW_LAYERS));
    make_desks(workspace);
    return begin(workspace, error);
}

gboolean pst_distillation_run(const PstDistillation *distillation, const volatile int *stop, GError **error)
{
    g_auto(Workspace) workspace = { .request = distillation };
    int last = distillation->until > 0 ? MIN(distillation->until, distillation->steps) : distillation->steps;

    if (!load(&workspace, error)) {
        return FALSE;
    }
    paint(&workspace);
    take_glimpses(&workspace);
    if (!distillation->quiet) {
        printf("from step %d to %d on %d threads; unexplained share of the features, MSE of the statistics:\n",
               workspace.step, last, pst_thread_pool_threads(workspace.pool));
        fflush(stdout);
    }
    while (workspace.step < last && !*stop) {
        do_round(&workspace, MIN(last, (workspace.step / distillation->round + 1) * distillation->round));
        if (!save(&workspace, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
