#include "style_training.h"

#include "provenance.h"

#include "engine/picture/reader.h"
#include "engine/paint/preview.h"

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

G_DEFINE_QUARK(pst-style-training-error-quark, pst_style_training_error);

/* All that is loaded for a training. */
typedef struct {
    const PstStyleTraining *request;
    PstTrainingProgressFunction report;
    gpointer report_data;
    GCancellable *cancellable;
    PstThreadPool *pool;
    PstModel *model;
    PstLossNetwork *encoder, *shallow;
    float *parameters;
    PstGeneratorWeights *base;
    char *networks; /* checksum of both */
    PstStyleImages *style_images;
    PstContentSet *content_set;
    PstPatches *patches;
    PstPreview *preview;
    PstStylePlan plan; /* with the number of steps */
    PstTensors *checkpoint;    /* to go on from, or NULL */
    PstPhotographProbe probe;
    PstStyleImagesStatistics statistics;
    PstFineTuning *tuning;
    char *findings; /* JSON */
    gint64 begun, preview_at, checkpoint_at;
    int first_step; /* of this run */
} Workspace;

static void room_clear(Workspace *workspace)
{
    pst_fine_tuning_free(workspace->tuning);
    pst_preview_free(workspace->preview);
    pst_patches_free(workspace->patches);
    pst_content_set_free(workspace->content_set);
    pst_style_images_free(workspace->style_images);
    pst_generator_weights_free(workspace->base);
    pst_floats_free(workspace->parameters);
    pst_loss_network_free(workspace->encoder);
    pst_loss_network_free(workspace->shallow);
    pst_model_free(workspace->model);
    pst_tensors_free(workspace->checkpoint);
    pst_thread_pool_free(workspace->pool);
    pst_style_images_statistics_clear(&workspace->statistics);
    g_free(workspace->networks);
    g_free(workspace->findings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, room_clear)

/* ---- before the first step ------------------------------------------------------------------ */

static gboolean load_networks(Workspace *workspace, GError **error)
{
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *encoder = g_strdup_printf("%s/encoder.safetensors", data);
    g_autofree char *base = g_strdup_printf("%s/base.safetensors", data);
    g_autofree char *shallow = g_strdup_printf("%s/examiner.safetensors", data);
    g_autofree char *probe = g_strdup_printf("%s/photograph.safetensors", data);

    if (!data || !(workspace->model = pst_model_load(encoder, base, error)) ||
        !(workspace->encoder = pst_loss_network_read(encoder, error)) ||
        !(workspace->shallow = pst_shallow_loss_network_read(shallow, error)) ||
        !pst_photograph_probe_read(&workspace->probe, probe, error)) {
        return FALSE;
    }
    workspace->parameters = pst_parameters_new();
    workspace->base = pst_generator_weights_new(workspace->parameters);
    workspace->networks = pst_provenance_checksum((const char *[]){ encoder, base, shallow, NULL }, error);
    return workspace->networks && pst_generator_weights_read(workspace->base, base, error);
}

static PstTrainingAnswer tell(Workspace *workspace, PstTrainingStage stage, const PstPicture *preview)
{
    PstTrainingProgress progress = { .stage = stage, .seconds_left = -1, .report = workspace->findings,
                                     .preview = preview };

    if (stage == PST_TRAINING_FITTING) {
        int done = workspace->tuning->step - workspace->first_step;
        double seconds = (g_get_monotonic_time() - workspace->begun) / 1e6;

        progress.tuning = workspace->tuning;
        progress.step = workspace->tuning->step;
        progress.steps = workspace->plan.tuning.steps;
        progress.seconds_left = done > 0 ? seconds / done * (progress.steps - progress.step) : -1;
    }
    return workspace->report ? workspace->report(&progress, workspace->report_data) : PST_TRAINING_GO_ON;
}

/* The photograph that shows how far it has come. */
static gboolean read_preview(Workspace *workspace, const char *samples, GError **error)
{
    g_autofree char *sample = g_build_filename(samples, SAMPLE, NULL);
    const char *path = workspace->request->preview ? workspace->request->preview : sample;
    const PstPicture *photo = workspace->request->preview_picture;
    g_autoptr(PstPicture) read = photo ? NULL : pst_picture_read(path, NULL, workspace->cancellable, error);
    g_autoptr(PstPicture) smaller = NULL;

    photo = photo ? photo : read;
    if (photo && MAX(photo->width, photo->height) > PREVIEW_SIDE) {
        smaller = pst_picture_fit_long_side(photo, PREVIEW_SIDE, workspace->cancellable, error);
        if (!smaller) {
            return FALSE;
        }
    }
    if (photo) {
        workspace->preview = pst_preview_new(workspace->model, workspace->pool, smaller ? smaller : photo, error);
    }
    return workspace->preview != NULL;
}

static gboolean read_pictures(Workspace *workspace, GError **error)
{
    const PstStyleTraining *r = workspace->request;
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *samples = data ? g_build_filename(data, "samples", NULL) : NULL;

    if (!data || !(workspace->style_images = pst_style_images_read(r->pictures, workspace->pool, workspace->cancellable, error)) ||
        !(workspace->content_set = pst_content_set_read(r->photos ? r->photos : samples, workspace->pool, workspace->cancellable, error))) {
        return FALSE;
    }
    return !workspace->report || read_preview(workspace, samples, error);
}

/* Synthetic photographs are painted in the built-in styles. */
static void add_synthetic(Workspace *workspace)
{
    g_autofree char *data = pst_data_folder(NULL);
    g_autofree char *folder = g_build_filename(data, "styles", NULL);
    g_autoptr(GPtrArray) library = pst_style_library_read(folder, NULL, NULL);
    g_autofree const float **styles = g_new(const float *, library->len + 1);

    for (guint i = 0; i < library->len; i++) {
        styles[i] = ((const PstStyleEntry *)library->pdata[i])->style->statistics;
    }
    pst_content_set_add_painted(workspace->content_set, workspace->model, styles, (int)library->len, workspace->plan.synthetic,
                             (guint64)workspace->plan.tuning.seed, workspace->pool, workspace->cancellable);
}

static void list_scales(const PstStylePlan *plan, int *scales)
{
    double ratio = plan->largest_scale / (double)plan->smallest_scale;

    for (int i = 0; i < plan->scales; i++) {
        scales[i] = (int)lrint(plan->smallest_scale * pow(ratio, i / (double)MAX(1, plan->scales - 1)));
    }
}

static void measure(Workspace *workspace)
{
    int scales[PST_STYLE_PLAN_MOST_SCALES];
    PstStyleImagesView view = { workspace->encoder, workspace->plan.shallow ? workspace->shallow : NULL, scales, workspace->plan.scales,
                              workspace->cancellable };

    list_scales(&workspace->plan, scales);
    pst_style_images_statistics_clear(&workspace->statistics);
    pst_style_images_measure(workspace->style_images, &view, workspace->pool, &workspace->statistics);
}

/* Takes frames off where the plan says so. */
static void crop(Workspace *workspace)
{
    gboolean any = FALSE;

    for (int i = 0; i < workspace->style_images->count; i++) {
        PstPictureMeasures m;

        pst_picture_measure(&workspace->style_images->items[i].example, &m);
        if (m.framed) {
            pst_style_images_crop(workspace->style_images, i, m.inside);
            any = TRUE;
        }
    }
    if (any) {
        measure(workspace);
    }
}

static void check(Workspace *workspace)
{
    json_t *report = pst_data_check(workspace->style_images, workspace->statistics.styles, &workspace->probe, workspace->pool);

    workspace->findings = pst_provenance_dumped(report);
    if (workspace->plan.crop) {
        crop(workspace);
    }
}

static void make_patches(Workspace *workspace)
{
    const PstFineTuningRecipe *r = &workspace->plan.tuning;
    PstPatchesPlan plan = { PATCHES, r->size, r->vary_windows, (guint64)r->seed };
    g_autofree PstExample *paintings = g_new(PstExample, workspace->style_images->count);

    for (int i = 0; i < workspace->style_images->count; i++) {
        paintings[i] = workspace->style_images->items[i].example;
    }
    workspace->patches = pst_patches_new(workspace->encoder, paintings, workspace->style_images->count, &plan, workspace->pool);
}

/* What is practised on, and what discriminators compare with. */
static void gather(Workspace *workspace)
{
    add_synthetic(workspace);
    if (workspace->plan.style_images) {
        pst_content_set_add_exemplars(workspace->content_set, workspace->style_images);
    }
    if (workspace->plan.tuning.adversarial > 0) {
        make_patches(workspace);
    }
}

static PstFineTuning *make_tuning(Workspace *workspace)
{
    PstFineTuningData inputs = {
        .recipe = &workspace->plan.tuning,
        .encoder = workspace->encoder,
        .shallow = workspace->plan.shallow ? workspace->shallow : NULL,
        .base = workspace->base,
        .style = workspace->statistics.style,
        .target = workspace->statistics.target,
        .exact = workspace->statistics.exact,
        .photos = workspace->content_set->photos,
        .photo_count = workspace->content_set->count,
        .held_out = workspace->content_set->held_out,
        .held_out_count = workspace->content_set->held_out_count,
        .patches = workspace->patches,
        .cancellable = workspace->cancellable,
    };

    return pst_fine_tuning_new(&inputs, workspace->pool);
}

/* As many steps as fit into the time that is left of the plan's. */
static void choose_steps(Workspace *workspace)
{
    PstFineTuningRecipe *r = &workspace->plan.tuning;
    double step = pst_fine_tuning_measure(workspace->tuning, MEASURED_STEPS);
    double left = workspace->plan.seconds - (g_get_monotonic_time() - workspace->begun) / 1e6;
    int steps = (int)(left / step) / STEPS_ROUNDED_TO * STEPS_ROUNDED_TO;

    r->steps = CLAMP(steps, MIN(FEWEST_STEPS, r->steps), r->steps);
}

/* ---- checkpoints ---------------------------------------------------------------------------- */

/* What a checkpoint depends on, but for the number of steps. */
static char *inputs(const Workspace *workspace)
{
    g_autoptr(GString) text = g_string_new(workspace->networks);
    g_autofree char *recipe = pst_provenance_recipe(&workspace->plan, workspace->networks, 0);

    g_string_append_printf(text, " %s %s", recipe, workspace->content_set->checksum);
    for (int i = 0; i < workspace->style_images->count; i++) {
        g_string_append_printf(text, " %s", workspace->style_images->items[i].sha256);
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

static gboolean save_checkpoint(Workspace *workspace, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autofree char *depends = NULL, *steps = g_strdup_printf("%d", workspace->plan.tuning.steps);

    if (!workspace->request->checkpoint) {
        return TRUE;
    }
    depends = inputs(workspace);
    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    pst_tensors_writer_set_metadata(writer, "inputs", depends);
    pst_tensors_writer_set_metadata(writer, "steps", steps);
    pst_fine_tuning_write(workspace->tuning, writer);
    workspace->checkpoint_at = g_get_monotonic_time();
    return pst_tensors_writer_save(writer, workspace->request->checkpoint, error);
}

static gboolean open_checkpoint(Workspace *workspace, GError **error)
{
    const char *path = workspace->request->checkpoint, *steps;
    g_autofree char *depends = inputs(workspace);
    gint64 number;

    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_CHECKPOINT,
                    _("%s: is no training to go on with; begin one without --resume"), path ? path : "checkpoint");
        return FALSE;
    }
    if (!(workspace->checkpoint = pst_tensors_read(path, NULL, error))) {
        return FALSE;
    }
    steps = pst_tensors_metadata(workspace->checkpoint, "steps");
    if (g_strcmp0(pst_tensors_metadata(workspace->checkpoint, "format"), FORMAT) ||
        g_strcmp0(pst_tensors_metadata(workspace->checkpoint, "inputs"), depends) || !steps ||
        !g_ascii_string_to_signed(steps, 10, 1, 1000000, &number, NULL)) {
        g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_CHECKPOINT,
                    _("%s: belongs to a training of other pictures, photographs or settings; begin one without --resume"),
                    path);
        return FALSE;
    }
    workspace->plan.tuning.steps = (int)number;
    return TRUE;
}

static gboolean prepare(Workspace *workspace, GError **error)
{
    const PstStyleTraining *r = workspace->request;

    workspace->begun = g_get_monotonic_time();
    workspace->pool = pst_thread_pool_new(r->threads);
    workspace->plan = r->plan;
    tell(workspace, PST_TRAINING_READING, NULL);
    if (!load_networks(workspace, error) || !read_pictures(workspace, error)) {
        return FALSE;
    }
    if (r->resume && !open_checkpoint(workspace, error)) {
        return FALSE;
    }
    tell(workspace, PST_TRAINING_MEASURING, NULL);
    measure(workspace);
    if (g_cancellable_set_error_if_cancelled(workspace->cancellable, error)) {
        return FALSE;
    }
    check(workspace);
    tell(workspace, PST_TRAINING_MEASURING, NULL);
    gather(workspace);
    if (g_cancellable_set_error_if_cancelled(workspace->cancellable, error)) {
        return FALSE;
    }
    workspace->tuning = make_tuning(workspace);
    if (workspace->checkpoint) {
        return pst_fine_tuning_read(workspace->tuning, workspace->checkpoint, error);
    }
    if (workspace->plan.seconds > 0) {
        choose_steps(workspace);
        pst_fine_tuning_free(workspace->tuning);
        workspace->tuning = make_tuning(workspace);
    }
    return !g_cancellable_set_error_if_cancelled(workspace->cancellable, error);
}

/* ---- practising ----------------------------------------------------------------------------- */

/* The preview where one is due, the caller's. */
static PstPicture *paint_preview(Workspace *workspace)
{
    gint64 now = g_get_monotonic_time();
    g_autoptr(PstStyle) style = NULL;

    if (!workspace->preview || (workspace->preview_at && now - workspace->preview_at < PREVIEW_SECONDS * G_USEC_PER_SEC)) {
        return NULL;
    }
    style = pst_style_new(workspace->request->name);
    memcpy(style->statistics, workspace->statistics.style, sizeof style->statistics);
    style->change = pst_fine_tuning_present(workspace->tuning);
    workspace->preview_at = now;
    return pst_preview_paint(workspace->preview, style, NULL, NULL, NULL, workspace->cancellable, NULL);
}

static gboolean practise(Workspace *workspace, GError **error)
{
    PstTrainingAnswer answer = PST_TRAINING_GO_ON;

    workspace->begun = workspace->checkpoint_at = g_get_monotonic_time();
    workspace->first_step = workspace->tuning->step;
    while (answer == PST_TRAINING_GO_ON && !pst_fine_tuning_done(workspace->tuning)) {
        g_autoptr(PstPicture) preview = NULL;

        pst_fine_tuning_step(workspace->tuning);
        preview = g_cancellable_is_cancelled(workspace->cancellable) ? NULL : paint_preview(workspace);
        if (g_cancellable_set_error_if_cancelled(workspace->cancellable, error)) {
            return FALSE;
        }
        answer = tell(workspace, PST_TRAINING_FITTING, preview);
        if (g_get_monotonic_time() - workspace->checkpoint_at > CHECKPOINT_SECONDS * G_USEC_PER_SEC &&
            !save_checkpoint(workspace, error)) {
            return FALSE;
        }
    }
    if (answer == PST_TRAINING_KEEP) {
        pst_fine_tuning_validate(workspace->tuning);
    }
    if (answer == PST_TRAINING_PAUSE) {
        if (save_checkpoint(workspace, error)) {
            g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED,
                        _("paused after %d of %d steps; --resume goes on"), workspace->tuning->step, workspace->plan.tuning.steps);
        }
        return FALSE;
    }
    return !g_cancellable_set_error_if_cancelled(workspace->cancellable, error);
}

static PstStyle *finish(Workspace *workspace)
{
    const PstStyleTraining *r = workspace->request;
    PstStyle *style = pst_style_new(r->name);
    g_autoptr(PstWeightDelta) best = pst_fine_tuning_best(workspace->tuning);

    memcpy(style->statistics, workspace->statistics.style, sizeof style->statistics);
    style->artist = g_strdup(r->artist);
    style->author = g_strdup(r->author);
    style->licence = g_strdup(r->licence);
    if (best) { /* as it will be in the file */
        style->change = pst_weight_delta_round(best);
    }
    style->sources = pst_provenance_sources(workspace->style_images);
    style->recipe = pst_provenance_recipe(&workspace->plan, workspace->networks, workspace->plan.tuning.steps);
    style->curve = pst_provenance_curve(workspace->tuning);
    style->report = g_strdup(workspace->findings);
    return style;
}

char *pst_style_check(const PstStyleTraining *training, GCancellable *cancellable, GError **error)
{
    g_auto(Workspace) workspace = { .request = training, .cancellable = cancellable, .plan = training->plan };

    workspace.pool = pst_thread_pool_new(training->threads);
    if (!load_networks(&workspace, error) ||
        !(workspace.style_images = pst_style_images_read(training->pictures, workspace.pool, cancellable, error))) {
        return NULL;
    }
    workspace.plan.crop = FALSE;
    measure(&workspace);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    check(&workspace);
    return g_steal_pointer(&workspace.findings);
}

PstStyle *pst_style_train(const PstStyleTraining *training, PstTrainingProgressFunction progress, gpointer data,
                          GCancellable *cancellable, GError **error)
{
    g_auto(Workspace) workspace = { .request = training, .report = progress, .report_data = data, .cancellable = cancellable };

    return prepare(&workspace, error) && practise(&workspace, error) ? finish(&workspace) : NULL;
}
