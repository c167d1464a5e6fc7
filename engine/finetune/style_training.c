#include "style_training.h"

#include "content_set.h"
#include "provenance.h"

#include "engine/base/memory_guard.h"
#include "engine/picture/reader.h"
#include "engine/paint/painter.h"
#include "engine/style/style_library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SAMPLE             "lake.jpg"
#define MEASURED_STEPS     3
#define FEWEST_STEPS       30
#define STEPS_ROUNDED_TO   10
#define CHECKPOINT_SECONDS 10
#define PREVIEW_SECONDS    3
#define PREVIEW_SIDE       640  /* pixels of its long side, at most */
#define STYLE_VECTORS      8192 /* of each layer, of all style images; a step compares with some of them */

G_DEFINE_QUARK(pst-style-training-error-quark, pst_style_training_error);

/* All that is loaded for a training. */
typedef struct {
    const PstStyleTraining *request;
    PstTrainingProgressFunction report;
    gpointer report_data;
    GCancellable *cancellable;
    PstThreadPool *pool;
    PstModel *model;
    PstLossNetwork *encoder, *shallow_loss_network;
    float *parameters;
    PstGeneratorWeights *base;
    char *networks; /* checksum of their files */
    PstStyleImages *style_images;
    PstContentSet *content_set;
    PstArena *arena;          /* of the vectors */
    PstStyleVectors *vectors; /* or NULL */
    PstSwapPatches *patches;  /* or NULL */
    PstPicture *photo;        /* that shows how far it has come, */
    PstPainter *preview;      /* and its painter */
    PstStylePlan plan;        /* with the number of steps */
    PstTensors *checkpoint;   /* to go on from, or NULL */
    PstPhotographProbe probe;
    PstStyleImagesStatistics statistics;
    PstFineTuning *tuning;
    char *findings; /* JSON */
    gint64 begun, preview_at, checkpoint_at;
    int first_step; /* of this run */
} Workspace;

static void workspace_clear(Workspace *w)
{
    pst_fine_tuning_free(w->tuning);
    pst_painter_free(w->preview);
    pst_picture_free(w->photo);
    pst_arena_free(w->arena);
    pst_swap_patches_free(w->patches);
    pst_content_set_free(w->content_set);
    pst_style_images_free(w->style_images);
    pst_generator_weights_free(w->base);
    pst_floats_free(w->parameters);
    pst_loss_network_free(w->encoder);
    pst_loss_network_free(w->shallow_loss_network);
    pst_model_free(w->model);
    pst_tensors_free(w->checkpoint);
    pst_thread_pool_free(w->pool);
    pst_style_images_statistics_clear(&w->statistics);
    g_free(w->networks);
    g_free(w->findings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, workspace_clear)

/* ---- before the first step ------------------------------------------------------------------ */

static gboolean load_networks(Workspace *w, GError **error)
{
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *encoder = g_strdup_printf("%s/encoder.safetensors", data);
    g_autofree char *base = g_strdup_printf("%s/base.safetensors", data);
    g_autofree char *shallow = g_strdup_printf("%s/examiner.safetensors", data);
    g_autofree char *probe = g_strdup_printf("%s/photograph.safetensors", data);

    if (!data || !(w->model = pst_model_load(encoder, base, error)) ||
        !(w->encoder = pst_loss_network_read(encoder, error)) ||
        !(w->shallow_loss_network = pst_shallow_loss_network_read(shallow, error)) ||
        !pst_photograph_probe_read(&w->probe, probe, error)) {
        return FALSE;
    }
    w->parameters = pst_parameters_new();
    w->base = pst_generator_weights_new(w->parameters);
    w->networks = pst_provenance_checksum((const char *[]){ encoder, base, shallow, NULL }, error);
    return w->networks && pst_generator_weights_read(w->base, base, error);
}

static PstTrainingAnswer report_progress(Workspace *w, PstTrainingStage stage, const PstPicture *preview)
{
    PstTrainingProgress progress = { .stage = stage, .seconds_left = -1, .report = w->findings, .preview = preview };

    if (stage == PST_TRAINING_FITTING) {
        int done = w->tuning->step - w->first_step;
        double seconds = (g_get_monotonic_time() - w->begun) / 1e6;

        progress.tuning = w->tuning;
        progress.step = w->tuning->step;
        progress.steps = w->plan.tuning.steps;
        progress.seconds_left = done > 0 ? seconds / done * (progress.steps - progress.step) : -1;
    }
    return w->report ? w->report(&progress, w->report_data) : PST_TRAINING_GO_ON;
}

/* The photograph that shows how far it has come. */
static gboolean read_preview(Workspace *w, const char *samples, GError **error)
{
    g_autofree char *sample = g_build_filename(samples, SAMPLE, NULL);
    const char *path = w->request->preview ? w->request->preview : sample;
    const PstPicture *photo = w->request->preview_picture;
    g_autoptr(PstPicture) read = photo ? NULL : pst_picture_read(path, NULL, w->cancellable, error);

    photo = photo ? photo : read;
    if (!photo) {
        return FALSE;
    }
    w->photo = pst_picture_fit_long_side(photo, MIN(PREVIEW_SIDE, MAX(photo->width, photo->height)), w->cancellable,
                                         error);
    if (w->photo) {
        const PstRowSource source = pst_row_source(w->photo);

        w->preview = pst_painter_new(w->model, w->pool, &source, &(PstPainterOptions){ .keep = TRUE }, w->cancellable,
                                     error);
    }
    return w->preview != NULL;
}

static gboolean read_pictures(Workspace *w, GError **error)
{
    const PstStyleTraining *r = w->request;
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *samples = data ? g_build_filename(data, "samples", NULL) : NULL;

    if (!data || !(w->style_images = pst_style_images_read(r->pictures, w->pool, w->cancellable, error))) {
        return FALSE;
    }
    w->content_set = pst_content_set_read(r->photos ? r->photos : samples, w->pool, w->cancellable, error);
    return w->content_set && (!w->report || read_preview(w, samples, error));
}

/* Stylised samples in the built-in styles, and the style images. */
static void complete_content_set(Workspace *w)
{
    g_autofree char *data = pst_data_folder(NULL);
    g_autofree char *folder = g_build_filename(data, "styles", NULL);
    g_autoptr(GPtrArray) library = pst_style_library_read_folder(folder, NULL, NULL);
    g_autofree const float **styles = g_new(const float *, library->len + 1);

    for (guint i = 0; i < library->len; i++) {
        styles[i] = ((const PstStyleEntry *)library->pdata[i])->style->statistics;
    }
    pst_content_set_add_stylised(w->content_set, w->model, styles, (int)library->len, w->plan.synthetic,
                                 (guint64)w->plan.tuning.seed, w->pool, w->cancellable);
    pst_content_set_add_style_images(w->content_set, w->style_images);
}

static void measure(Workspace *w)
{
    const PstStyleImagesView view = { w->encoder, w->shallow_loss_network, w->plan.style_side, w->cancellable };

    pst_style_images_statistics_clear(&w->statistics);
    pst_style_images_measure(w->style_images, &view, w->pool, &w->statistics);
}

static void check(Workspace *w)
{
    json_t *report = pst_data_check(w->style_images, w->statistics.styles, &w->probe, w->pool);

    w->findings = pst_provenance_dumped(report);
}

/* Takes frames off. */
static void crop(Workspace *w)
{
    gboolean any = FALSE;

    for (int i = 0; i < w->style_images->count; i++) {
        PstPictureMeasures m;

        pst_picture_measure(&w->style_images->items[i].example, &m);
        if (m.framed) {
            pst_style_images_crop(w->style_images, i, m.inside);
            any = TRUE;
        }
    }
    if (any) {
        measure(w);
    }
}

/* What results are compared with place by place. */
static void make_vectors(Workspace *w)
{
    w->arena = pst_arena_new();
    w->vectors = pst_style_images_vectors(w->style_images, w->encoder, STYLE_VECTORS, (guint64)w->plan.tuning.seed,
                                          w->arena, w->cancellable);
}

static PstFineTuning *make_tuning(Workspace *w)
{
    const PstFineTuningData data = {
        .recipe = &w->plan.tuning,
        .encoder = w->encoder,
        .shallow_loss_network = w->shallow_loss_network,
        .base = w->base,
        .style = w->statistics.style,
        .target = w->statistics.target,
        .shallow_target = w->statistics.shallow_target,
        .patches = w->patches,
        .vectors = w->vectors,
        .photos = w->content_set->photos,
        .photo_count = w->content_set->count,
        .held_out = w->content_set->held_out,
        .held_out_count = w->content_set->held_out_count,
        .cancellable = w->cancellable,
    };

    return pst_fine_tuning_new(&data, w->pool);
}

/* As many steps as fit into the time that is left of the plan's. */
static void choose_steps(Workspace *w)
{
    PstFineTuningRecipe *r = &w->plan.tuning;
    double step = pst_fine_tuning_measure(w->tuning, MEASURED_STEPS);
    double left = w->plan.seconds - (g_get_monotonic_time() - w->begun) / 1e6;
    int steps = (int)(left / step) / STEPS_ROUNDED_TO * STEPS_ROUNDED_TO;

    r->steps = CLAMP(steps, MIN(FEWEST_STEPS, r->steps), r->steps);
}

/* ---- checkpoints ---------------------------------------------------------------------------- */

/* What a checkpoint depends on, but for the number of steps. */
static char *inputs_of(const Workspace *w)
{
    g_autoptr(GString) text = g_string_new(w->networks);
    g_autofree char *recipe = pst_provenance_recipe(&w->plan, w->networks, 0);

    g_string_append_printf(text, " %s %s", recipe, w->content_set->checksum);
    for (int i = 0; i < w->style_images->count; i++) {
        g_string_append_printf(text, " %s", w->style_images->items[i].sha256);
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

static gboolean save_checkpoint(Workspace *w, GError **error)
{
    g_autofree char *inputs = NULL;

    if (!w->request->checkpoint) {
        return TRUE;
    }
    inputs = inputs_of(w);
    w->checkpoint_at = g_get_monotonic_time();
    return pst_style_checkpoint_write(w->request->checkpoint, inputs, w->tuning, error);
}

static gboolean open_checkpoint(Workspace *w, GError **error)
{
    g_autofree char *inputs = inputs_of(w);

    w->checkpoint = pst_style_checkpoint_open(w->request->checkpoint, inputs, &w->plan.tuning.steps, error);
    return w->checkpoint != NULL;
}

static gboolean prepare(Workspace *w, GError **error)
{
    const PstStyleTraining *r = w->request;

    w->begun = g_get_monotonic_time();
    w->pool = pst_thread_pool_new(r->threads);
    w->plan = r->plan;
    report_progress(w, PST_TRAINING_READING, NULL);
    if (!load_networks(w, error) || !read_pictures(w, error)) {
        return FALSE;
    }
    if (r->resume && !open_checkpoint(w, error)) {
        return FALSE;
    }
    report_progress(w, PST_TRAINING_MEASURING, NULL);
    measure(w);
    if (g_cancellable_set_error_if_cancelled(w->cancellable, error)) {
        return FALSE;
    }
    check(w);
    if (w->plan.crop) {
        crop(w);
    }
    report_progress(w, PST_TRAINING_MEASURING, NULL);
    complete_content_set(w);
    if (w->plan.tuning.loss[PST_LOSS_NEIGHBOURS] > 0 || w->plan.tuning.loss[PST_LOSS_COVERAGE] > 0) {
        make_vectors(w);
    }
    if (g_cancellable_set_error_if_cancelled(w->cancellable, error)) {
        return FALSE;
    }
    w->patches = w->statistics.patches ? pst_style_patches_unpack(w->statistics.patches) : NULL;
    w->tuning = make_tuning(w);
    if (w->checkpoint) {
        return pst_fine_tuning_read(w->tuning, w->checkpoint, error);
    }
    if (w->plan.seconds > 0) {
        choose_steps(w);
        pst_fine_tuning_free(w->tuning);
        w->tuning = make_tuning(w);
    }
    return !g_cancellable_set_error_if_cancelled(w->cancellable, error);
}

/* ---- fitting -------------------------------------------------------------------------------- */

/* Statistics and patches of the style images. */
static void take_measures(const Workspace *w, PstStyle *style)
{
    memcpy(style->statistics, w->statistics.style, sizeof style->statistics);
    style->patches = w->statistics.patches ? pst_style_patches_ref(w->statistics.patches) : NULL;
}

/* The preview where one is due and there is memory for it; the caller's. */
static PstPicture *paint_preview(Workspace *w)
{
    gint64 now = g_get_monotonic_time();
    g_autoptr(PstStyle) style = NULL;

    if (!w->preview || (w->preview_at && now - w->preview_at < PREVIEW_SECONDS * G_USEC_PER_SEC)) {
        return NULL;
    }
    style = pst_style_new(w->request->name);
    take_measures(w, style);
    w->preview_at = now;
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(w->cancellable, NULL);
    if (!guard) {
        return NULL;
    }
    style->delta = pst_fine_tuning_present(w->tuning);
    const PstPaintLayer layer = { .style = style };
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    pst_painter_paint(w->preview, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, pst_memory_guard_cancellable(guard),
                      NULL);
    return painting;
}

static gboolean fit(Workspace *w, GError **error)
{
    PstTrainingAnswer answer = PST_TRAINING_GO_ON;

    w->begun = w->checkpoint_at = g_get_monotonic_time();
    w->first_step = w->tuning->step;
    while (answer == PST_TRAINING_GO_ON && !pst_fine_tuning_done(w->tuning)) {
        g_autoptr(PstPicture) preview = NULL;

        pst_fine_tuning_step(w->tuning);
        preview = g_cancellable_is_cancelled(w->cancellable) ? NULL : paint_preview(w);
        if (g_cancellable_set_error_if_cancelled(w->cancellable, error)) {
            return FALSE;
        }
        answer = report_progress(w, PST_TRAINING_FITTING, preview);
        if (g_get_monotonic_time() - w->checkpoint_at > CHECKPOINT_SECONDS * G_USEC_PER_SEC &&
            !save_checkpoint(w, error)) {
            return FALSE;
        }
    }
    if (answer == PST_TRAINING_KEEP) {
        pst_fine_tuning_validate(w->tuning);
    }
    if (answer == PST_TRAINING_PAUSE) {
        if (save_checkpoint(w, error)) {
            g_set_error(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED,
                        _("paused after %d of %d steps"), w->tuning->step, w->plan.tuning.steps);
        }
        return FALSE;
    }
    return !g_cancellable_set_error_if_cancelled(w->cancellable, error);
}

/* The strokes of the style images, of a few spread evenly where there are many. */
static gboolean add_palette(Workspace *w, PstStyle *style, GError **error)
{
    enum { MOST = 8 };
    g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func((GDestroyNotify)pst_picture_free);
    int count = MIN(w->style_images->count, MOST);

    for (int i = 0; i < count; i++) {
        const PstStyleImage *image = &w->style_images->items[i * w->style_images->count / count];
        PstPicture *picture = pst_example_picture(&image->example, error);

        if (!picture) {
            return FALSE;
        }
        g_ptr_array_add(pictures, picture);
    }
    return pst_style_add_palette(style, w->model, w->pool, (const PstPicture *const *)pictures->pdata, count,
                                 w->cancellable, error);
}

/* What was needed to fit only: the palette needs much memory, too. */
static void clear_fitting(Workspace *w)
{
    g_clear_pointer(&w->tuning, pst_fine_tuning_free);
    g_clear_pointer(&w->preview, pst_painter_free);
    g_clear_pointer(&w->arena, pst_arena_free);
    g_clear_pointer(&w->content_set, pst_content_set_free);
    w->vectors = NULL;
}

static PstStyle *finish(Workspace *w, GError **error)
{
    const PstStyleTraining *r = w->request;
    g_autoptr(PstStyle) style = pst_style_new(r->name);
    g_autoptr(PstWeightDelta) best = pst_fine_tuning_best(w->tuning);

    take_measures(w, style);
    style->artist = g_strdup(r->artist);
    style->year = g_strdup(r->year);
    style->movement = g_strdup(r->movement);
    style->author = g_strdup(r->author);
    style->licence = g_strdup(r->licence);
    if (best) { /* as it will be in the file */
        style->delta = pst_weight_delta_round(best);
    }
    style->sources = pst_provenance_sources(w->style_images);
    style->recipe = pst_provenance_recipe(&w->plan, w->networks, w->plan.tuning.steps);
    style->curve = pst_provenance_curve(w->tuning);
    style->report = g_strdup(w->findings);
    clear_fitting(w);
    return add_palette(w, style, error) ? g_steal_pointer(&style) : NULL;
}

char *pst_style_check(const PstStyleTraining *training, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, error);
    g_auto(Workspace) w = { .request = training, .plan = training->plan };

    if (!guard) {
        return NULL;
    }
    w.cancellable = pst_memory_guard_cancellable(guard);
    w.pool = pst_thread_pool_new(training->threads);
    if (load_networks(&w, error) &&
        (w.style_images = pst_style_images_read(training->pictures, w.pool, w.cancellable, error))) {
        measure(&w);
        if (!g_cancellable_set_error_if_cancelled(w.cancellable, error)) {
            check(&w);
        }
    }
    pst_memory_guard_explain(guard, error);
    return g_steal_pointer(&w.findings);
}

PstStyle *pst_style_train(const PstStyleTraining *training, PstTrainingProgressFunction progress, gpointer data,
                          GCancellable *cancellable, GError **error)
{
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, error);
    g_auto(Workspace) w = { .request = training, .report = progress, .report_data = data };
    PstStyle *style = NULL;

    if (guard) {
        w.cancellable = pst_memory_guard_cancellable(guard);
        style = prepare(&w, error) && fit(&w, error) ? finish(&w, error) : NULL;
        pst_memory_guard_explain(guard, error);
    }
    return style;
}
