#include "distillation.h"

#include "drift.h"
#include "examiner.h"
#include "glimpses.h"
#include "optimiser.h"
#include "painted.h"

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
    PstSight *sight;
    PstMap rgb, features;
} Desk;

typedef struct {
    const PstDistillation *request;
    PstThreadPool *pool;
    PstJudge *teacher, *student, *encoder;
    PstModel *model;
    PstCorpus *corpora[PAINTED]; /* photographs, paintings */
    PstExample *painted; /* those held out last */
    int painted_count;
    PstGeneratorWeights *base;
    float *parameters; /* its */
    PstGlimpses *fixed, *astray, *drifted, *held_out[KINDS];
    PstRecipe adam;
    PstOptimiser *optimiser;
    PstArena *arena;
    float *gradients[BATCH];
    Desk *desks; /* one a thread */
    int step;
    char *checkpoint; /* path */
} Room;

static void room_clear(Room *room)
{
    for (int i = 0; room->desks && i < pst_thread_pool_threads(room->pool); i++) {
        pst_sight_free(room->desks[i].sight);
    }
    g_free(room->desks);
    for (int kind = 0; kind < PAINTED; kind++) {
        pst_corpus_free(room->corpora[kind]);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        pst_glimpses_free(room->held_out[kind]);
    }
    for (int i = 0; i < room->painted_count; i++) {
        pst_example_clear(&room->painted[i]);
    }
    g_free(room->painted);
    pst_glimpses_free(room->fixed);
    pst_glimpses_free(room->astray);
    pst_glimpses_free(room->drifted);
    pst_generator_weights_free(room->base);
    pst_floats_free(room->parameters);
    pst_judge_free(room->teacher);
    pst_judge_free(room->student);
    pst_judge_free(room->encoder);
    pst_model_free(room->model);
    pst_optimiser_free(room->optimiser);
    pst_arena_free(room->arena);
    pst_thread_pool_free(room->pool);
    g_free(room->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

/* ---- what is looked at ---------------------------------------------------------------------- */

static gboolean read_pictures(Room *room, GError **error)
{
    const PstDistillation *d = room->request;

    return (room->corpora[PHOTOS] = pst_corpus_read(d->photos, room->pool, error)) &&
           (room->corpora[PAINTINGS] = pst_corpus_read(d->paintings, room->pool, error));
}

/* The style of a painting. */
static void look_for_style(const Room *room, const PstExample *painting, PstRandom *random, float *style)
{
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstSight) sight = pst_sight_new(room->encoder, arena, STYLE_SIDE, STYLE_SIDE, PST_STYLE_TAPS, FALSE);
    PstMap rgb = pst_arena_map(arena, STYLE_SIDE, STYLE_SIDE, 3);

    pst_corpus_resample(painting, pst_corpus_square(painting, random, STYLE_SIDE, STYLE_SIDE), &rgb);
    pst_judge_forward(room->encoder, &rgb, sight);
    pst_taps_statistics(sight->taps, style);
}

/* Photographs in styles of paintings. */
static void paint(Room *room)
{
    int learnt = room->request->painted;
    const PstCorpus *photos = room->corpora[PHOTOS], *paintings = room->corpora[PAINTINGS];
    g_autoptr(PstExecutor) executor = pst_executor_new(room->pool, NULL, NULL, NULL);

    room->painted = g_new(PstExample, learnt + TESTED);
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
        look_for_style(room, painting, &random, style);
        room->painted[room->painted_count++] = pst_painted_new(room->model, photo, style, NULL, executor);
    }
}

static PstGlimpseSource source_of(const Room *room, int kind, gboolean held_out)
{
    const PstCorpus *c = kind == PAINTED ? NULL : room->corpora[kind];
    int learnt = room->request->painted;

    if (kind == PAINTED) {
        return held_out ? (PstGlimpseSource){ room->painted + learnt, TESTED, 1 }
                        : (PstGlimpseSource){ room->painted, learnt, shares[kind] };
    }
    return held_out ? (PstGlimpseSource){ c->examples + c->train, c->held_out, 1 }
                    : (PstGlimpseSource){ c->examples, c->train, shares[kind] };
}

/* Fills all of them, and the teacher looks. */
static PstGlimpses *take(Room *room, int count, const PstGlimpseSource *sources, int source_count, guint64 seed)
{
    PstGlimpses *g = pst_glimpses_new(count, SIZE);

    pst_glimpses_take(g, 0, count, sources, source_count, seed, room->pool);
    pst_glimpses_look(g, 0, count, room->teacher, room->pool);
    return g;
}

static void take_glimpses(Room *room)
{
    const PstDistillation *d = room->request;
    PstGlimpseSource sources[KINDS];

    for (int kind = 0; kind < KINDS; kind++) {
        PstGlimpseSource held_out = source_of(room, kind, TRUE);

        sources[kind] = source_of(room, kind, FALSE);
        room->held_out[kind] = take(room, MIN(HELD_OUT, d->windows), &held_out, 1, SEED + 1);
    }
    room->fixed = take(room, d->windows, sources, KINDS, SEED);
    room->astray = pst_glimpses_new(d->astray, SIZE);
    if (room->drifted) { /* of a checkpoint */
        pst_glimpses_look(room->drifted, 0, d->drifted, room->teacher, room->pool);
    } else { /* until generators have drifted */
        sources[PAINTED].share = 1;
        room->drifted = take(room, d->drifted, &sources[PAINTED], 1, SEED + 3);
    }
}

/* ---- the student ---------------------------------------------------------------------------- */

static void make_desks(Room *room)
{
    int threads = pst_thread_pool_threads(room->pool);

    room->arena = pst_arena_new();
    room->desks = g_new0(Desk, threads);
    for (int i = 0; i < threads; i++) {
        Desk *desk = &room->desks[i];

        desk->sight = pst_sight_new(room->student, room->arena, SIZE, SIZE, PST_GLIMPSE_TAP, TRUE);
        desk->rgb = pst_arena_map(room->arena, SIZE, SIZE, 3);
        desk->features = pst_arena_map(room->arena, SIZE / 4, SIZE / 4, PST_GLIMPSE_CHANNELS);
    }
    for (int i = 0; i < BATCH; i++) {
        room->gradients[i] = pst_arena_floats(room->arena, room->optimiser->size);
    }
}

/* He et al., "Delving Deep into Rectifiers", ICCV 2015. */
static void fill_at_random(const PstJudge *student, float *row)
{
    for (int layer = 0; layer < student->count; layer++) {
        int inputs = 9 * student->table[layer].in;
        PstRandom random = pst_random_at(SEED, 2, layer);
        float *weight = row + pst_judge_offset(student, layer);

        for (int i = 0; i < inputs * student->table[layer].out; i++) {
            weight[i] = (float)(sqrt(2.0 / inputs) * pst_random_normal(&random));
        }
    }
}

/* Calls run(name, values, shape, dims) for every tensor of a row. */
typedef gboolean (*Tensor)(const char *name, float *values, const int *shape, int dims, gpointer data, GError **error);

static gboolean for_each_tensor(const PstJudge *student, const char *prefix, float *row, Tensor run, gpointer data,
                                GError **error)
{
    for (int layer = 0; layer < student->count; layer++) {
        const PstLayer *l = &student->table[layer];
        float *weight = row + pst_judge_offset(student, layer), *bias = weight + 9 * l->in * l->out;
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

static int drifted_bytes(const Room *room)
{
    return room->request->drifted * SIZE * SIZE * 3 * (int)sizeof(guint16);
}

static gboolean save(Room *room, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(PstTensorsWriter) checkpoint = pst_tensors_writer_new();
    g_autofree char *step = g_strdup_printf("%d", room->step);
    float *rows[ROWS];

    list_rows(room->optimiser, rows);
    for_each_tensor(room->student, "", room->optimiser->average, add_half, writer, NULL);
    pst_tensors_writer_set_metadata(writer, "network", "pastiche-examiner");
    pst_tensors_writer_set_metadata(writer, "steps", step);
    for (int i = 0; i < ROWS; i++) {
        for_each_tensor(room->student, row_names[i], rows[i], add_whole, checkpoint, NULL);
    }
    pst_tensors_writer_add_bytes(checkpoint, "drifted", (const guint8 *)room->drifted->rgb,
                                 (int[]){ drifted_bytes(room) }, 1);
    pst_tensors_writer_set_metadata(checkpoint, "format", FORMAT);
    pst_tensors_writer_set_metadata(checkpoint, "step", step);
    return pst_tensors_writer_save(writer, room->request->output, error) &&
           pst_tensors_writer_save(checkpoint, room->checkpoint, error);
}

static gboolean read_checkpoint(Room *room, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(room->checkpoint, NULL, error);
    const char *step = tensors ? pst_tensors_metadata(tensors, "step") : NULL;
    const guint8 *drifted;
    float *rows[ROWS];
    gint64 number;

    if (!tensors) {
        return FALSE;
    }
    list_rows(room->optimiser, rows);
    if (g_strcmp0(pst_tensors_metadata(tensors, "format"), FORMAT) || !step ||
        !g_ascii_string_to_signed(step, 10, 0, G_MAXINT, &number, NULL)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH,
                    "%s: is not a checkpoint of a distillation; move it away", room->checkpoint);
        return FALSE;
    }
    if (!(drifted = pst_tensors_get_bytes(tensors, "drifted", (int[]){ drifted_bytes(room) }, 1, error))) {
        return FALSE;
    }
    room->drifted = pst_glimpses_new(room->request->drifted, SIZE);
    memcpy(room->drifted->rgb, drifted, drifted_bytes(room));
    room->step = (int)number;
    for (int i = 0; i < ROWS; i++) {
        if (!for_each_tensor(room->student, row_names[i], rows[i], get, tensors, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Where it begins, or goes on. */
static gboolean begin(Room *room, GError **error)
{
    PstOptimiser *o = room->optimiser;

    if (g_file_test(room->checkpoint, G_FILE_TEST_EXISTS)) {
        return read_checkpoint(room, error);
    }
    if (room->request->start) {
        g_autoptr(PstTensors) tensors = pst_tensors_read(room->request->start, NULL, error);

        if (!tensors || !for_each_tensor(room->student, "", o->weights, get, tensors, error)) {
            return FALSE;
        }
    } else {
        fill_at_random(room->student, o->weights);
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
    float mean[PST_GLIMPSE_CHANNELS], deviation[PST_GLIMPSE_CHANNELS];
    float dmean[PST_GLIMPSE_CHANNELS], ddeviation[PST_GLIMPSE_CHANNELS];
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
    for (int c = 0; c < PST_GLIMPSE_CHANNELS; c++) {
        float of_mean = mean[c] - dmean[c], of_deviation = deviation[c] - ddeviation[c];

        v.gap += (of_mean * of_mean + of_deviation * of_deviation) / PST_GLIMPSE_CHANNELS;
        dmean[c] = 2 * of_mean / PST_GLIMPSE_CHANNELS;
        ddeviation[c] = 2 * of_deviation / PST_GLIMPSE_CHANNELS;
    }
    pst_map_moments_gradient(seen, mean, deviation, dmean, ddeviation, d);
    return v;
}

static void study(int task, int worker, gpointer data)
{
    Room *room = data;
    Desk *desk = &room->desks[worker];
    PstRandom random = pst_random_at(SEED, 3 + room->step, task);
    const PstGlimpses *g = task < ASTRAY_EACH                  ? room->astray
                           : task < ASTRAY_EACH + DRIFTED_EACH ? room->drifted
                                                               : room->fixed;
    int chosen = pst_random_below(&random, g->count);

    pst_glimpse_rgb(g, chosen, &desk->rgb);
    pst_glimpse_features(g, chosen, &desk->features);
    memset(room->gradients[task], 0, room->optimiser->size * sizeof(float));
    desk->sight->dparameters = room->gradients[task];
    pst_judge_forward(room->student, &desk->rgb, desk->sight);
    compare(&desk->sight->taps[PST_GLIMPSE_TAP], &desk->features, &desk->sight->dtaps[PST_GLIMPSE_TAP]);
    pst_judge_backward(room->student, &desk->sight, 1);
    desk->sight->dparameters = NULL;
}

/* A window follows the student's gradient towards the statistics that the student sees in another one. */
static void lead_astray(int task, int worker, gpointer data)
{
    Room *room = data;
    Desk *desk = &room->desks[worker];
    PstSight *sight = desk->sight;
    PstMap *seen = &sight->taps[PST_GLIMPSE_TAP], *d = &sight->dtaps[PST_GLIMPSE_TAP];
    PstRandom random = pst_random_at(SEED + 2, room->step, task);
    int from = pst_random_below(&random, room->fixed->count), to = pst_random_below(&random, room->fixed->count);
    int steps = FEWEST_STEPS_ASTRAY + pst_random_below(&random, MOST_STEPS_ASTRAY - FEWEST_STEPS_ASTRAY + 1);
    double stride = pst_random_log_uniform(&random, 0.004, 0.025);
    float wanted[2 * PST_GLIMPSE_CHANNELS], is[2 * PST_GLIMPSE_CHANNELS], dis[2 * PST_GLIMPSE_CHANNELS];

    pst_glimpse_rgb(room->fixed, to, &desk->rgb);
    pst_judge_forward(room->student, &desk->rgb, sight);
    pst_map_moments(seen, PST_EPSILON, wanted, wanted + PST_GLIMPSE_CHANNELS);
    pst_glimpse_rgb(room->fixed, from, &desk->rgb);
    for (int step = 0; step < steps; step++) {
        double length = 1e-20;

        pst_judge_forward(room->student, &desk->rgb, sight);
        pst_map_moments(seen, PST_EPSILON, is, is + PST_GLIMPSE_CHANNELS);
        for (int c = 0; c < 2 * PST_GLIMPSE_CHANNELS; c++) {
            dis[c] = is[c] - wanted[c];
        }
        memset(d->data, 0, pst_map_size(d) * sizeof(float));
        pst_map_moments_gradient(seen, is, is + PST_GLIMPSE_CHANNELS, dis, dis + PST_GLIMPSE_CHANNELS, d);
        pst_judge_backward(room->student, &sight, 1);
        for (gsize i = 0; i < pst_map_size(&desk->rgb); i++) {
            length += (double)sight->drgb.data[i] * sight->drgb.data[i] / pst_map_size(&desk->rgb);
        }
        for (gsize i = 0; i < pst_map_size(&desk->rgb); i++) {
            float moved = desk->rgb.data[i] - (float)(stride / sqrt(length)) * sight->drgb.data[i];

            desk->rgb.data[i] = CLAMP(moved, -0.1f, 1.1f);
        }
    }
    pst_glimpse_set_rgb(room->astray, task, &desk->rgb);
}

/* ---- rounds --------------------------------------------------------------------------------- */

typedef struct {
    Room *room;
    const PstGlimpses *glimpses;
    Verdict *verdicts;
} Examination;

static void examine(int task, int worker, gpointer data)
{
    const Examination *e = data;
    Desk *desk = &e->room->desks[worker];

    pst_glimpse_rgb(e->glimpses, task, &desk->rgb);
    pst_glimpse_features(e->glimpses, task, &desk->features);
    pst_judge_forward(e->room->student, &desk->rgb, desk->sight);
    e->verdicts[task] = compare(&desk->sight->taps[PST_GLIMPSE_TAP], &desk->features,
                                &desk->sight->dtaps[PST_GLIMPSE_TAP]);
}

static void print_verdict(Room *room, const char *name, const PstGlimpses *glimpses)
{
    g_autofree Verdict *verdicts = g_new(Verdict, glimpses->count);
    Verdict sum = { 0 };

    pst_thread_pool_run(room->pool, glimpses->count, examine, &(Examination){ room, glimpses, verdicts });
    for (int i = 0; i < glimpses->count; i++) {
        sum.residual += verdicts[i].residual;
        sum.energy += verdicts[i].energy;
        sum.gap += verdicts[i].gap / glimpses->count;
    }
    printf("  %s %.4f %.4f", name, sum.residual / sum.energy, sum.gap);
}

/* The average is what is written, so it is what is asked. */
static void report(Room *room, double seconds)
{
    pst_judge_set(room->student, room->optimiser->average);
    printf("step %6d  %.3f s ", room->step, seconds);
    print_verdict(room, "astray", room->astray);
    print_verdict(room, "drifted", room->drifted);
    for (int kind = 0; kind < KINDS; kind++) {
        print_verdict(room, kind_names[kind], room->held_out[kind]);
    }
    printf("\n");
    fflush(stdout);
}

/* Generators learn under the student; their pictures take the place of the oldest ones. */
static void let_drift(Room *room)
{
    const PstDistillation *d = room->request;
    const PstDrift drift = { room->model, room->base, room->encoder, room->student, room->corpora[PHOTOS],
                             room->corpora[PAINTINGS], room->pool, d->drift };
    PstExample pictures[DRIFT_PICTURES];
    int share = d->drifted / (d->generators * DRIFT_ROUNDS), round = room->step / d->round;

    for (int i = 0; i < d->generators; i++) {
        int first = (round % DRIFT_ROUNDS * d->generators + i) * share;

        pst_drift_paint(&drift, SEED + 4, room->step, i, pictures, DRIFT_PICTURES);
        pst_glimpses_take(room->drifted, first, share, &(PstGlimpseSource){ pictures, DRIFT_PICTURES, 1 }, 1,
                          SEED + 5 + room->step, room->pool);
        pst_glimpses_look(room->drifted, first, share, room->teacher, room->pool);
        for (int k = 0; k < DRIFT_PICTURES; k++) {
            pst_example_clear(&pictures[k]);
        }
    }
}

static void do_round(Room *room, int last)
{
    gint64 start;
    int first = room->step;

    pst_judge_set(room->student, room->optimiser->weights);
    pst_thread_pool_run(room->pool, room->astray->count, lead_astray, room);
    pst_glimpses_look(room->astray, 0, room->astray->count, room->teacher, room->pool);
    let_drift(room);
    start = g_get_monotonic_time();
    while (room->step < last) {
        pst_thread_pool_run(room->pool, BATCH, study, room);
        pst_optimiser_step(room->optimiser, &room->adam, room->step, room->gradients, BATCH, room->pool);
        pst_judge_set(room->student, room->optimiser->weights);
        room->step++;
    }
    if (!room->request->quiet) {
        report(room, (g_get_monotonic_time() - start) / 1e6 / (last - first));
    }
}

static gboolean load(Room *room, GError **error)
{
    const PstDistillation *d = room->request;

    room->pool = pst_thread_pool_new(d->threads);
    room->checkpoint = g_strconcat(d->output, ".checkpoint", NULL);
    room->adam = (PstRecipe){ .steps = d->steps, .batch = BATCH, .size = SIZE, .rate = d->rate,
                              .final_rate = d->rate / 100, .warm_up = 100, .beta1 = 0.9, .beta2 = 0.99,
                              .average = 0.995 };
    if (!(room->teacher = pst_examiner_read(d->teacher, error)) ||
        !(room->encoder = pst_judge_read(d->encoder, error)) ||
        !(room->model = pst_model_load(d->encoder, d->generator, error)) || !read_pictures(room, error)) {
        return FALSE;
    }
    room->parameters = pst_parameters_new();
    room->base = pst_generator_weights_new(room->parameters);
    if (!pst_generator_weights_read(room->base, d->generator, error)) {
        return FALSE;
    }
    room->student = pst_judge_new_layers(pst_own_examiner_layers, PST_EXAMINER_LAYERS);
    room->optimiser = pst_optimiser_new(pst_judge_offset(room->student, PST_EXAMINER_LAYERS));
    make_desks(room);
    return begin(room, error);
}

gboolean pst_distillation_run(const PstDistillation *distillation, const volatile int *stop, GError **error)
{
    g_auto(Room) room = { .request = distillation };
    int last = distillation->until > 0 ? MIN(distillation->until, distillation->steps) : distillation->steps;

    if (!load(&room, error)) {
        return FALSE;
    }
    paint(&room);
    take_glimpses(&room);
    if (!distillation->quiet) {
        printf("from step %d to %d on %d threads; unexplained share of the features, MSE of the statistics:\n",
               room.step, last, pst_thread_pool_threads(room.pool));
        fflush(stdout);
    }
    while (room.step < last && !*stop) {
        do_round(&room, MIN(last, (room.step / distillation->round + 1) * distillation->round));
        if (!save(&room, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
