#include "training_run.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/resource.h>

#include "app/common/advice.h"
#include "app/common/own_styles.h"
#include "engine/service/raster.h"
#include "engine/finetune/style_training.h"
#include "texture.h"

#define NICENESS 10 /* painting, and whatever else is asked for, goes first */

/* What the thread reports and the main thread shows. */
typedef struct {
    PstTrainingStage stage;
    int step, steps;
    double seconds_left;
    GArray *curve, *validations; /* PstTrainingPoint */
} Report;

struct _PstTrainingRun {
    GObject parent_instance;
    PstTrainingRequest *request;
    PstPhoto *photo;
    PstTrainingRunState state;
    Report shown;
    GdkTexture *first_texture, *texture;
    char *message;
    GThread *thread;

    /* shared with the thread */
    GMutex mutex;
    Report fresh; /* points are those that are not in `shown` yet */
    PstRaster *preview;
    guint source;       /* of the report under way */
    gboolean restarted; /* curves begin anew */
    PstTrainingAnswer answer;
    GCancellable *cancellable;

    /* the thread's, until it is joined */
    GError *error;
    char *style_id;
    gboolean vain;
    guint seen_steps, seen_validations;
};

G_DEFINE_FINAL_TYPE(PstTrainingRun, pst_training_run, G_TYPE_OBJECT)

enum { STATE = 1, TEXTURE, PROPERTIES };
static GParamSpec *properties[PROPERTIES];
static guint progress_signal;
static PstTrainingRun *current; /* borrowed; only in the main thread */

static void report_init(Report *report)
{
    *report = (Report){ .seconds_left = -1,
                        .curve = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint)),
                        .validations = g_array_new(FALSE, FALSE, sizeof(PstTrainingPoint)) };
}

static void report_clear(Report *report)
{
    g_array_unref(report->curve);
    g_array_unref(report->validations);
}

static void set_state(PstTrainingRun *run, PstTrainingRunState state)
{
    if (run->state != state) {
        run->state = state;
        g_object_notify_by_pspec(G_OBJECT(run), properties[STATE]);
    }
}

/* ---- in the thread -------------------------------------------------------------------------- */

static void move_points(GArray *from, GArray *to)
{
    if (from->len > 0) {
        g_array_append_vals(to, from->data, from->len);
        g_array_set_size(from, 0);
    }
}

/* In the main thread: takes over what there is. */
static gboolean on_report(gpointer data)
{
    PstTrainingRun *run = data;
    g_autoptr(PstRaster) preview = NULL;

    g_mutex_lock(&run->mutex);
    run->source = 0;
    if (run->restarted) {
        g_array_set_size(run->shown.curve, 0);
        g_array_set_size(run->shown.validations, 0);
        run->restarted = FALSE;
    }
    run->shown.stage = run->fresh.stage;
    run->shown.step = run->fresh.step;
    run->shown.steps = run->fresh.steps;
    run->shown.seconds_left = run->fresh.seconds_left;
    move_points(run->fresh.curve, run->shown.curve);
    move_points(run->fresh.validations, run->shown.validations);
    preview = g_steal_pointer(&run->preview);
    g_mutex_unlock(&run->mutex);
    if (preview) {
        g_clear_object(&run->texture);
        run->texture = pst_texture_from_raster(preview);
        if (!run->first_texture) {
            run->first_texture = g_object_ref(run->texture);
        }
        g_object_notify_by_pspec(G_OBJECT(run), properties[TEXTURE]);
    }
    g_signal_emit(run, progress_signal, 0);
    return G_SOURCE_REMOVE;
}

/* With the mutex: what of the engine's records is new. */
static void add_points(PstTrainingRun *run, const PstFineTuning *tuning)
{
    for (; run->seen_steps < tuning->curve->len; run->seen_steps++) {
        const PstFineTuningLoss *loss = &g_array_index(tuning->curve, PstFineTuningLoss, run->seen_steps);
        PstTrainingPoint point = { (int)run->seen_steps + 1, loss->style, loss->content };

        g_array_append_val(run->fresh.curve, point);
    }
    for (; run->seen_validations < tuning->validations->len; run->seen_validations++) {
        const PstValidation *validation = &g_array_index(tuning->validations, PstValidation, run->seen_validations);
        PstTrainingPoint point = { validation->step, (float)validation->style, (float)validation->content };

        g_array_append_val(run->fresh.validations, point);
    }
}

static PstTrainingAnswer on_progress(const PstTrainingProgress *progress, gpointer data)
{
    PstTrainingRun *run = data;
    PstRaster *preview = progress->preview ? pst_raster_new(progress->preview, NULL, NULL) : NULL;
    PstTrainingAnswer answer;

    g_mutex_lock(&run->mutex);
    run->fresh.stage = progress->stage;
    run->fresh.step = progress->step;
    run->fresh.steps = progress->steps;
    run->fresh.seconds_left = progress->seconds_left;
    if (progress->tuning) {
        add_points(run, progress->tuning);
    }
    if (preview) {
        g_clear_pointer(&run->preview, pst_raster_free);
        run->preview = preview;
    }
    if (run->source == 0) {
        run->source = g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, on_report, g_object_ref(run), g_object_unref);
    }
    answer = run->answer;
    g_mutex_unlock(&run->mutex);
    return answer;
}

static gboolean make_plan(const PstTrainingRequest *request, PstStylePlan *plan, GError **error)
{
    *plan = pst_style_plan(request->fine ? PST_QUALITY_FINE : PST_QUALITY_QUICK);
    plan->crop |= request->crop;
    for (int i = 0; request->settings && request->settings[i]; i++) {
        if (!pst_style_plan_set(plan, request->settings[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean on_end(gpointer data);

static gpointer work(gpointer data)
{
    PstTrainingRun *run = data;
    const PstTrainingRequest *r = run->request;
    g_autofree char *checkpoint = pst_training_request_checkpoint(r);
    g_autoptr(PstStyle) style = NULL;
    PstStyleTraining training = {
        .pictures = (const char *const *)r->pictures,
        .photos = r->photos,
        .preview_picture = run->photo ? run->photo->preview : NULL,
        .name = r->name,
        .artist = r->artist,
        .author = r->author,
        .licence = r->licence,
        .checkpoint = checkpoint,
        .resume = pst_training_request_has_begun(r),
    };

    /* The threads of the pool inherit it. Where that isn't so, it takes its share like any other. */
    setpriority(PRIO_PROCESS, 0, NICENESS);
    if (make_plan(r, &training.plan, &run->error)) {
        style = pst_style_train(&training, on_progress, run, run->cancellable, &run->error);
    }
    if (style) {
        run->vain = !style->delta;
        run->style_id = pst_own_styles_add(style, &run->error);
    }
    g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, on_end, g_object_ref(run), g_object_unref);
    return NULL;
}

/* ---- in the main thread --------------------------------------------------------------------- */

static void fail(PstTrainingRun *run)
{
    g_free(run->message);
    if (run->error->domain == PST_STYLE_CHECKPOINT_ERROR) {
        g_autofree char *checkpoint = pst_training_request_checkpoint(run->request);

        g_remove(checkpoint);
        run->message = g_strdup(_("The pictures or photographs have changed since, so it has to begin anew."));
    } else {
        run->message = pst_error_text(run->error);
    }
    set_state(run, PST_TRAINING_RUN_FAILED);
}

/* Joins the thread; the state says how it ended. */
static void finish(PstTrainingRun *run)
{
    g_autoptr(PstTrainingRun) held = NULL;

    if (!run->thread) {
        return;
    }
    held = run; /* what go() took for the thread */
    g_thread_join(g_steal_pointer(&run->thread));
    current = NULL;
    if (run->style_id) {
        pst_training_request_forget(run->request);
        set_state(run, PST_TRAINING_RUN_DONE);
    } else if (g_error_matches(run->error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED) ||
               g_error_matches(run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        set_state(run, PST_TRAINING_RUN_STOPPED);
    } else {
        fail(run);
    }
    g_clear_error(&run->error);
}

static gboolean on_end(gpointer data)
{
    finish(data);
    return G_SOURCE_REMOVE;
}

static void answer(PstTrainingRun *run, PstTrainingAnswer answer)
{
    g_mutex_lock(&run->mutex);
    run->answer = answer;
    g_mutex_unlock(&run->mutex);
}

void pst_training_run_set_photo(PstTrainingRun *run, PstPhoto *photo)
{
    PstPhoto *old = run->photo;

    run->photo = photo ? pst_photo_ref(photo) : NULL;
    pst_photo_unref(old);
}

PstTrainingRun *pst_training_run_new(PstTrainingRequest *request, PstPhoto *photo)
{
    PstTrainingRun *run = g_object_new(PST_TYPE_TRAINING_RUN, NULL);

    run->request = request;
    run->photo = photo ? pst_photo_ref(photo) : NULL;
    return run;
}

gboolean pst_training_run_go(PstTrainingRun *run)
{
    g_autoptr(GError) error = NULL;

    if (current || run->state == PST_TRAINING_RUN_DONE) {
        return FALSE;
    }
    if (!pst_training_request_keep(run->request, &error)) {
        g_free(run->message);
        run->message = g_strdup(error->message);
        set_state(run, PST_TRAINING_RUN_FAILED);
        return TRUE;
    }
    current = run;
    run->seen_steps = run->seen_validations = 0;
    run->fresh.stage = run->shown.stage = PST_TRAINING_READING;
    run->restarted = TRUE;
    g_clear_object(&run->cancellable);
    run->cancellable = g_cancellable_new();
    answer(run, PST_TRAINING_GO_ON);
    set_state(run, PST_TRAINING_RUN_RUNNING);
    run->thread = g_thread_new("training", work, g_object_ref(run));
    return TRUE;
}

void pst_training_run_stop(PstTrainingRun *run)
{
    if (run->state != PST_TRAINING_RUN_RUNNING) {
        return;
    }
    answer(run, PST_TRAINING_PAUSE);
    /* Before the first step the answer is not asked for, and nothing has been learnt yet. */
    if (run->shown.stage != PST_TRAINING_FITTING) {
        g_cancellable_cancel(run->cancellable);
    }
    set_state(run, PST_TRAINING_RUN_STOPPING);
}

void pst_training_run_keep(PstTrainingRun *run)
{
    if (run->state == PST_TRAINING_RUN_STOPPED && !pst_training_run_go(run)) {
        return;
    }
    if (run->state == PST_TRAINING_RUN_RUNNING) {
        answer(run, PST_TRAINING_KEEP);
        set_state(run, PST_TRAINING_RUN_STOPPING);
    }
}

void pst_training_run_wait(PstTrainingRun *run)
{
    pst_training_run_stop(run);
    finish(run);
}

void pst_training_run_discard(PstTrainingRun *run)
{
    if (run->cancellable) {
        g_cancellable_cancel(run->cancellable);
    }
    finish(run);
    pst_training_request_forget(run->request);
}

PstTrainingRun *pst_training_run_current(void)
{
    return current;
}

const PstTrainingRequest *pst_training_run_request(PstTrainingRun *run)
{
    return run->request;
}

PstTrainingRunState pst_training_run_state(PstTrainingRun *run)
{
    return run->state;
}

gboolean pst_training_run_is_fitting(PstTrainingRun *run)
{
    return run->shown.stage == PST_TRAINING_FITTING;
}

int pst_training_run_step(PstTrainingRun *run)
{
    return run->shown.step;
}

int pst_training_run_steps(PstTrainingRun *run)
{
    return run->shown.steps;
}

double pst_training_run_seconds_left(PstTrainingRun *run)
{
    return run->shown.seconds_left;
}

GdkTexture *pst_training_run_first_texture(PstTrainingRun *run)
{
    return run->first_texture;
}

GdkTexture *pst_training_run_texture(PstTrainingRun *run)
{
    return run->texture;
}

const GArray *pst_training_run_curve(PstTrainingRun *run)
{
    return run->shown.curve;
}

const GArray *pst_training_run_validations(PstTrainingRun *run)
{
    return run->shown.validations;
}

double pst_training_run_gain(PstTrainingRun *run)
{
    const GArray *validations = run->shown.validations;
    float first = validations->len > 0 ? g_array_index(validations, PstTrainingPoint, 0).style : 0, best = first;

    for (guint i = 1; i < validations->len; i++) {
        best = MIN(best, g_array_index(validations, PstTrainingPoint, i).style);
    }
    return first > 0 ? 1 - best / first : 0;
}

const char *pst_training_run_style_id(PstTrainingRun *run)
{
    return run->state == PST_TRAINING_RUN_DONE ? run->style_id : NULL;
}

gboolean pst_training_run_was_vain(PstTrainingRun *run)
{
    return run->vain;
}

const char *pst_training_run_message(PstTrainingRun *run)
{
    return run->message;
}

static void pst_training_run_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstTrainingRun *run = PST_TRAINING_RUN(object);

    if (id == TEXTURE) {
        g_value_set_object(value, run->texture);
    } else {
        g_value_set_int(value, run->state);
    }
}

static void pst_training_run_finalize(GObject *object)
{
    PstTrainingRun *run = PST_TRAINING_RUN(object);

    g_clear_pointer(&run->request, pst_training_request_free);
    pst_photo_unref(run->photo);
    pst_raster_free(run->preview);
    g_clear_object(&run->first_texture);
    g_clear_object(&run->texture);
    g_clear_object(&run->cancellable);
    g_clear_error(&run->error);
    report_clear(&run->shown);
    report_clear(&run->fresh);
    g_mutex_clear(&run->mutex);
    g_free(run->style_id);
    g_free(run->message);
    G_OBJECT_CLASS(pst_training_run_parent_class)->finalize(object);
}

static void pst_training_run_class_init(PstTrainingRunClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_training_run_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_training_run_finalize;
    properties[STATE] = g_param_spec_int("state", NULL, NULL, 0, PST_TRAINING_RUN_FAILED, 0, flags);
    properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
    progress_signal = g_signal_new("progress", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void pst_training_run_init(PstTrainingRun *run)
{
    g_mutex_init(&run->mutex);
    report_init(&run->shown);
    report_init(&run->fresh);
}
