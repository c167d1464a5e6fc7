#include "style_training.h"

#include "story.h"

#include "engine/picture/reader.h"
#include "engine/render/preview.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SAMPLE             "lake.jpg"
#define MEASURED_STEPS     3
#define FEWEST_STEPS       30
#define STEPS_ROUNDED_TO   10
#define CHECKPOINT_SECONDS 10
#define PREVIEW_SECONDS    3
#define PREVIEW_SIDE       640 /* pixels of its long side, at most */
#define PATCHES            32
#define FORMAT             "pastiche-style-training-1"

G_DEFINE_QUARK(pst-style-training-error-quark, pst_style_training_error)

/* All that is loaded for a training. */
typedef struct {
    const PstStyleTraining *request;
    PstTrainingProgressFunction report;
    gpointer report_data;
    GCancellable *cancellable;
    PstThreadPool *pool;
    PstModel *model;
    PstJudge *encoder, *examiner;
    float *parameters;
    PstGeneratorWeights *base;
    char *networks; /* checksum of both */
    PstExemplars *exemplars;
    PstPractice *practice;
    PstPatches *patches;
    PstPreview *preview;
    PstStylePlan plan; /* with the number of steps */
    PstTensors *checkpoint;    /* to go on from, or NULL */
    PstPhotographProbe probe;
    PstExemplarsStatistics statistics;
    PstFineTuning *tuning;
    char *findings; /* JSON */
    gint64 begun, preview_at, checkpoint_at;
    int first_step; /* of this run */
} Room;

static void room_clear(Room *room)
{
    pst_fine_tuning_free(room->tuning);
    pst_preview_free(room->preview);
    pst_patches_free(room->patches);
    pst_practice_free(room->practice);
    pst_exemplars_free(room->exemplars);
    pst_generator_weights_free(room->base);
    pst_floats_free(room->parameters);
    pst_judge_free(room->encoder);
    pst_judge_free(room->examiner);
    pst_model_free(room->model);
    pst_tensors_free(room->checkpoint);
    pst_thread_pool_free(room->pool);
    pst_exemplars_statistics_clear(&room->statistics);
    g_free(room->networks);
    g_free(room->findings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

/* ---- before the first step ------------------------------------------------------------------ */

static gboolean load_networks(Room *room, GError **error)
{
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *encoder = g_strdup_printf("%s/encoder.safetensors", data);
    g_autofree char *base = g_strdup_printf("%s/base.safetensors", data);
    g_autofree char *examiner = g_strdup_printf("%s/examiner.safetensors", data);
    g_autofree char *probe = g_strdup_printf("%s/photograph.safetensors", data);

    if (!data || !(room->model = pst_model_load(encoder, base, error)) ||
        !(room->encoder = pst_judge_read(encoder, error)) ||
        !(room->examiner = pst_examiner_read(examiner, error)) ||
        !pst_photograph_probe_read(&room->probe, probe, error)) {
        return FALSE;
    }
    room->parameters = pst_parameters_new();
    room->base = pst_generator_weights_new(room->parameters);
    room->networks = pst_story_checksum((const char *[]){ encoder, base, examiner, NULL }, error);
    return room->networks && pst_generator_weights_read(room->base, base, error);
}

static PstTrainingAnswer tell(Room *room, PstTrainingStage stage, const PstPicture *preview)
{
    PstTrainingProgress progress = { .stage = stage, .seconds_left = -1, .report = room->findings,
                                     .preview = preview };

    if (stage == PST_TRAINING_PRACTISING) {
        int done = room->tuning->step - room->first_step;
        double seconds = (g_get_monotonic_time() - room->begun) / 1e6;

        progress.tuning = room->tuning;
        progress.step = room->tuning->step;
        progress.steps = room->plan.tuning.steps;
        progress.seconds_left = done > 0 ? seconds / done * (progress.steps - progress.step) : -1;
    }
    return room->report ? room->report(&progress, room->report_data) : PST_TRAINING_GO_ON;
}

/* The photograph that shows how far it has come. */
static gboolean read_preview(Room *room, const char *samples, GError **error)
{
    g_autofree char *sample = g_build_filename(samples, SAMPLE, NULL);
    const char *path = room->request->preview ? room->request->preview : sample;
    const PstPicture *photo = room->request->preview_picture;
    g_autoptr(PstPicture) read = photo ? NULL : pst_picture_read(path, NULL, room->cancellable, error);
    g_autoptr(PstPicture) smaller = NULL;

    photo = photo ? photo : read;
    if (photo && MAX(photo->width, photo->height) > PREVIEW_SIDE) {
        smaller = pst_picture_fit_long_side(photo, PREVIEW_SIDE, room->cancellable, error);
        if (!smaller) {
            return FALSE;
        }
    }
    if (photo) {
        room->preview = pst_preview_new(room->model, room->pool, smaller ? smaller : photo, error);
    }
    return room->preview != NULL;
}

static gboolean read_pictures(Room *room, GError **error)
{
    const PstStyleTraining *r = room->request;
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *samples = data ? g_build_filename(data, "samples", NULL) : NULL;

    if (!data || !(room->exemplars = pst_exemplars_read(r->pictures, room->pool, room->cancellable, error)) ||
        !(room->practice = pst_practice_read(r->photos ? r->photos : samples, room->pool, room->cancellable, error))) {
        return FALSE;
    }
    return !room->report || read_preview(room, samples, error);
}

/* Synthetic photographs are painted in the built-in styles. */
static void add_synthetic(Room *room)
{
    g_autofree char *data = pst_data_folder(NULL);
    g_autofree char *folder = g_build_filename(data, "styles", NULL);
    g_autoptr(GPtrArray) library = pst_style_library_read(folder, NULL, NULL);
    g_autofree const float **styles = g_new(const float *, library->len + 1);

    for (guint i = 0; i < library->len; i++) {
        styles[i] = ((const PstStyleEntry *)library->pdata[i])->style->statistics;
    }
    pst_practice_add_painted(room->practice, room->model, styles, (int)library->len, room->plan.synthetic,
                             (guint64)room->plan.tuning.seed, room->pool, room->cancellable);
}

static void list_scales(const PstStylePlan *plan, int *scales)
{
    double ratio = plan->largest_scale / (double)plan->smallest_scale;

    for (int i = 0; i < plan->scales; i++) {
        scales[i] = (int)lrint(plan->smallest_scale * pow(ratio, i / (double)MAX(1, plan->scales - 1)));
    }
}

static void measure(Room *room)
{
    int scales[PST_STYLE_PLAN_MOST_SCALES];
    PstExemplarsView view = { room->encoder, room->plan.examiner ? room->examiner : NULL, scales, room->plan.scales,
                              room->cancellable };

    list_scales(&room->plan, scales);
    pst_exemplars_statistics_clear(&room->statistics);
    pst_exemplars_measure(room->exemplars, &view, room->pool, &room->statistics);
}

/* Takes frames off where the plan says so. */
static void crop(Room *room)
{
    gboolean any = FALSE;

    for (int i = 0; i < room->exemplars->count; i++) {
        PstPictureMeasures m;

        pst_picture_measure(&room->exemplars->items[i].example, &m);
        if (m.framed) {
            pst_exemplars_crop(room->exemplars, i, m.inside);
            any = TRUE;
        }
    }
    if (any) {
        measure(room);
    }
}

static void check(Room *room)
{
    json_t *report = pst_data_check(room->exemplars, room->statistics.styles, &room->probe, room->pool);

    room->findings = pst_story_dumped(report);
    if (room->plan.crop) {
        crop(room);
    }
}

static void make_patches(Room *room)
{
    const PstFineTuningRecipe *r = &room->plan.tuning;
    PstPatchesPlan plan = { PATCHES, r->size, r->vary_windows, (guint64)r->seed };
    g_autofree PstExample *paintings = g_new(PstExample, room->exemplars->count);

    for (int i = 0; i < room->exemplars->count; i++) {
        paintings[i] = room->exemplars->items[i].example;
    }
    room->patches = pst_patches_new(room->encoder, paintings, room->exemplars->count, &plan, room->pool);
}

/* What is practised on, and what discriminators compare with. */
static void gather(Room *room)
{
    add_synthetic(room);
    if (room->plan.exemplars) {
        pst_practice_add_exemplars(room->practice, room->exemplars);
    }
    if (room->plan.tuning.adversarial > 0) {
        make_patches(room);
    }
}

static PstFineTuning *make_tuning(Room *room)
{
    PstFineTuningMaterial material = {
        .recipe = &room->plan.tuning,
        .encoder = room->encoder,
        .examiner = room->plan.examiner ? room->examiner : NULL,
        .base = room->base,
        .style = room->statistics.style,
        .target = room->statistics.target,
        .exact = room->statistics.exact,
        .photos = room->practice->photos,
        .photo_count = room->practice->count,
        .held_out = room->practice->held_out,
        .held_out_count = room->practice->held_out_count,
        .patches = room->patches,
        .cancellable = room->cancellable,
    };

    return pst_fine_tuning_new(&material, room->pool);
}

/* As many steps as fit into the time that is left of the plan's. */
static void choose_steps(Room *room)
{
    PstFineTuningRecipe *r = &room->plan.tuning;
    double step = pst_fine_tuning_measure(room->tuning, MEASURED_STEPS);
    double left = room->plan.seconds - (g_get_monotonic_time() - room->begun) / 1e6;
    int steps = (int)(left / step) / STEPS_ROUNDED_TO * STEPS_ROUNDED_TO;

    r->steps = CLAMP(steps, MIN(FEWEST_STEPS, r->steps), r->steps);
}

/* ---- checkpoints ---------------------------------------------------------------------------- */

/* What a checkpoint depends on, but for the number of steps. */
static char *inputs(const Room *room)
{
    g_autoptr(GString) text = g_string_new(room->networks);
    g_autofree char *recipe = pst_story_recipe(&room->plan, room->networks, 0);

    g_string_append_printf(text, " %s %s", recipe, room->practice->checksum);
    for (int i = 0; i < room->exemplars->count; i++) {
        g_string_append_printf(text, " %s", room->exemplars->items[i].sha256);
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

static gboolean save_checkpoint(Room *room, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *depends = NULL, *steps = g_strdup_printf("%d", room->plan.tuning.steps);

    if (!room->request->checkpoint) {
        return TRUE;
    }
    depends = inputs(room);
    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    pst_tensors_writer_set_metadata(writer, "inputs", depends);
    pst_tensors_writer_set_metadata(writer, "steps", steps);
    pst_fine_tuning_write(room->tuning, writer);
    room->checkpoint_at = g_get_monotonic_time();
    return pst_tensors_writer_save(writer, room->request->checkpoint, error);
}

static gboolean open_checkpoint(Room *room, GError **error)
{
    const char *path = room->request->checkpoint, *steps;
    g_autofree char *depends = inputs(room);
    gint64 number;

    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_CHECKPOINT,
                    _("%s: is no training to go on with; begin one without --resume"), path ? path : "checkpoint");
        return FALSE;
    }
    if (!(room->checkpoint = pst_tensors_read(path, NULL, error))) {
        return FALSE;
    }
    steps = pst_tensors_metadata(room->checkpoint, "steps");
    if (g_strcmp0(pst_tensors_metadata(room->checkpoint, "format"), FORMAT) ||
        g_strcmp0(pst_tensors_metadata(room->checkpoint, "inputs"), depends) || !steps ||
        !g_ascii_string_to_signed(steps, 10, 1, 1000000, &number, NULL)) {
        g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_CHECKPOINT,
                    _("%s: belongs to a training of other pictures, photographs or settings; begin one without --resume"),
                    path);
        return FALSE;
    }
    room->plan.tuning.steps = (int)number;
    return TRUE;
}

static gboolean prepare(Room *room, GError **error)
{
    const PstStyleTraining *r = room->request;

    room->begun = g_get_monotonic_time();
    room->pool = pst_thread_pool_new(r->threads);
    room->plan = r->plan;
    tell(room, PST_TRAINING_READING, NULL);
    if (!load_networks(room, error) || !read_pictures(room, error)) {
        return FALSE;
    }
    if (r->resume && !open_checkpoint(room, error)) {
        return FALSE;
    }
    tell(room, PST_TRAINING_LOOKING, NULL);
    measure(room);
    if (g_cancellable_set_error_if_cancelled(room->cancellable, error)) {
        return FALSE;
    }
    check(room);
    tell(room, PST_TRAINING_LOOKING, NULL);
    gather(room);
    if (g_cancellable_set_error_if_cancelled(room->cancellable, error)) {
        return FALSE;
    }
    room->tuning = make_tuning(room);
    if (room->checkpoint) {
        return pst_fine_tuning_read(room->tuning, room->checkpoint, error);
    }
    if (room->plan.seconds > 0) {
        choose_steps(room);
        pst_fine_tuning_free(room->tuning);
        room->tuning = make_tuning(room);
    }
    return !g_cancellable_set_error_if_cancelled(room->cancellable, error);
}

/* ---- practising ----------------------------------------------------------------------------- */

/* The preview where one is due, the caller's. */
static PstPicture *paint_preview(Room *room)
{
    gint64 now = g_get_monotonic_time();
    g_autoptr(PstStyle) style = NULL;

    if (!room->preview || (room->preview_at && now - room->preview_at < PREVIEW_SECONDS * G_USEC_PER_SEC)) {
        return NULL;
    }
    style = pst_style_new(room->request->name);
    memcpy(style->statistics, room->statistics.style, sizeof style->statistics);
    style->change = pst_fine_tuning_present(room->tuning);
    room->preview_at = now;
    return pst_preview_paint(room->preview, style, NULL, NULL, NULL, room->cancellable, NULL);
}

static gboolean practise(Room *room, GError **error)
{
    PstTrainingAnswer answer = PST_TRAINING_GO_ON;

    room->begun = room->checkpoint_at = g_get_monotonic_time();
    room->first_step = room->tuning->step;
    while (answer == PST_TRAINING_GO_ON && !pst_fine_tuning_done(room->tuning)) {
        g_autoptr(PstPicture) preview = NULL;

        pst_fine_tuning_step(room->tuning);
        preview = g_cancellable_is_cancelled(room->cancellable) ? NULL : paint_preview(room);
        if (g_cancellable_set_error_if_cancelled(room->cancellable, error)) {
            return FALSE;
        }
        answer = tell(room, PST_TRAINING_PRACTISING, preview);
        if (g_get_monotonic_time() - room->checkpoint_at > CHECKPOINT_SECONDS * G_USEC_PER_SEC &&
            !save_checkpoint(room, error)) {
            return FALSE;
        }
    }
    if (answer == PST_TRAINING_KEEP) {
        pst_fine_tuning_try(room->tuning);
    }
    if (answer == PST_TRAINING_PAUSE) {
        if (save_checkpoint(room, error)) {
            g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED,
                        _("paused after %d of %d steps; --resume goes on"), room->tuning->step, room->plan.tuning.steps);
        }
        return FALSE;
    }
    return !g_cancellable_set_error_if_cancelled(room->cancellable, error);
}

static PstStyle *finish(Room *room)
{
    const PstStyleTraining *r = room->request;
    PstStyle *style = pst_style_new(r->name);
    g_autoptr(PstChange) best = pst_fine_tuning_best(room->tuning);

    memcpy(style->statistics, room->statistics.style, sizeof style->statistics);
    style->artist = g_strdup(r->artist);
    style->author = g_strdup(r->author);
    style->licence = g_strdup(r->licence);
    if (best) { /* as it will be in the file */
        style->change = pst_change_round(best);
    }
    style->sources = pst_story_sources(room->exemplars);
    style->recipe = pst_story_recipe(&room->plan, room->networks, room->plan.tuning.steps);
    style->curve = pst_story_curve(room->tuning);
    style->report = g_strdup(room->findings);
    return style;
}

char *pst_style_check(const PstStyleTraining *training, GCancellable *cancellable, GError **error)
{
    g_auto(Room) room = { .request = training, .cancellable = cancellable, .plan = training->plan };

    room.pool = pst_thread_pool_new(training->threads);
    if (!load_networks(&room, error) ||
        !(room.exemplars = pst_exemplars_read(training->pictures, room.pool, cancellable, error))) {
        return NULL;
    }
    room.plan.crop = FALSE;
    measure(&room);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    check(&room);
    return g_steal_pointer(&room.findings);
}

PstStyle *pst_style_train(const PstStyleTraining *training, PstTrainingProgressFunction progress, gpointer data,
                          GCancellable *cancellable, GError **error)
{
    g_auto(Room) room = { .request = training, .report = progress, .report_data = data, .cancellable = cancellable };

    return prepare(&room, error) && practise(&room, error) ? finish(&room) : NULL;
}
