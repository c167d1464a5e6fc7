/* pastiche train: trains a style on a few pictures. */
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "progress.h"
#include "style_request.h"
#include "app/common/rights.h"
#include "app/common/thumbnail.h"

#include "engine/base/memory_guard.h"
#include "engine/base/memory.h"
#include "engine/picture/inputs.h"
#include "engine/picture/writer.h"
#include "engine/finetune/style_training.h"
#include "engine/style/style_library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const PstUsage usage = {
    .command = "pastiche train",
    .parameters = N_("PICTURE... --name NAME"),
    .summary = N_("Trains a style on one to ten pictures: takes the generator that paints in any\n"
                  "style and trains it on this one."),
    .description = N_("Without -o the style joins your own styles, so that --style finds it by name. Prints the path\n"
                      "of the file. Photographs to train with are those of --photos, else samples of the program's.\n"
                      "Ctrl-C finishes early and keeps the best there is. A training that was killed, or paused by\n"
                      "SIGTERM, goes on with --resume and ends with the same bytes.\n"
                      "\n"
                      "Example:\n"
                      "  pastiche train irises.jpg cypresses.jpg sower.jpg --name Vincent --photos ~/Pictures\n"
                      "  pastiche stylize photo.jpg --style vincent"),
};

typedef struct {
    PstStyleRequest style;
    char **settings;
    char *photos, *preview, *preview_output, *log;
    char *quality, *steps, *rights; /* not checked yet */
    gboolean resume, crop, check_only;
    int quality_chosen, rights_chosen;
    gint64 step_count;
    PstStylePlan plan;
} Request;

static gboolean fail(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

static gboolean check_plan(Request *r, GError **error)
{
    g_autoptr(GError) wrong = NULL;

    r->plan = pst_style_plan((PstQuality)r->quality_chosen);
    if (r->step_count > 0) {
        r->plan.tuning.steps = (int)r->step_count;
        r->plan.seconds = 0;
    }
    for (int i = 0; r->settings && r->settings[i]; i++) {
        if (!pst_style_plan_set(&r->plan, r->settings[i], &wrong))
            return fail(error, wrong->message);
    }
    r->plan.crop |= r->crop;
    return TRUE;
}

static gboolean check(Request *r, GError **error)
{
    if (!r->style.name && !r->check_only)
        return fail(error, _("a name for the style is missing; give one with --name"));
    r->rights_chosen = -1;
    return pst_option_choice("--quality", r->quality, pst_quality_names, &r->quality_chosen, error) &&
           pst_option_choice("--rights", r->rights, pst_rights_names, &r->rights_chosen, error) &&
           pst_option_whole("--steps", r->steps, 1, 100000, &r->step_count, error) && check_plan(r, error);
}

/* The person before a terminal is asked; where there is nobody, or no answer, it is not known. */
static PstRights ask_rights(void)
{
    char answer[16];

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return PST_RIGHTS_UNKNOWN;
    fprintf(stderr, "%s\n", _("Whose pictures are these?"));
    for (int i = 0; i < PST_RIGHTS; i++)
        fprintf(stderr, "  %d  %s\n", i + 1, pst_rights_label((PstRights)i));
    fprintf(stderr, _("The answer is kept in the style. [%d] "), PST_RIGHTS_UNKNOWN + 1);
    if (fgets(answer, sizeof answer, stdin) && answer[0] > '0' && answer[0] <= '0' + PST_RIGHTS)
        return (PstRights)(answer[0] - '1');
    return PST_RIGHTS_UNKNOWN;
}

static gboolean parse(Request *r, int argc, char **argv, int *status)
{
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "photos", 0, 0, G_OPTION_ARG_FILENAME, &r->photos, N_("Train with the photographs of this folder"),
          N_("FOLDER") },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &r->quality,
          N_("quick (default; about a minute and a half on two processors) or fine (five minutes)"), N_("HOW") },
        { "rights", 0, 0, G_OPTION_ARG_FILENAME, &r->rights,
          N_("Whose the pictures are: own, public-domain, permission or unknown (default: asks once)"), N_("WHOSE") },
        { "resume", 0, 0, G_OPTION_ARG_NONE, &r->resume, N_("Go on with a training that was stopped"), NULL },
        { "check", 0, 0, G_OPTION_ARG_NONE, &r->check_only, N_("Only check the pictures and print a report as JSON"),
          NULL },
        { "crop", 0, 0, G_OPTION_ARG_NONE, &r->crop, N_("Take off frames and margins that the check finds"), NULL },
        { "preview", 0, 0, G_OPTION_ARG_FILENAME, &r->preview,
          N_("Paint this photograph while training (default: a sample)"), N_("FILE") },
        { "preview-output", 0, 0, G_OPTION_ARG_FILENAME, &r->preview_output,
          N_("Write it here every few seconds, over and over"), N_("FILE") },
        { "log", 0, 0, G_OPTION_ARG_FILENAME, &r->log, N_("Write how it goes, one JSON object a line"), N_("FILE") },
        { "steps", 0, 0, G_OPTION_ARG_FILENAME, &r->steps, N_("So many steps, whatever time they take"), "N" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &r->settings,
          N_("Set a number of the plan (docs/training.md lists them)"), N_("NAME=NUMBER") },
        G_OPTION_ENTRY_NULL
    };

    if (!pst_style_request_parse(&r->style, &usage, entries, argc, argv, status))
        return FALSE;
    if (check(r, &error)) {
        if (!r->style.licence && !r->check_only)
            r->style.licence = g_strdup(
                pst_rights_licence(r->rights_chosen < 0 ? ask_rights() : (PstRights)r->rights_chosen));
        return TRUE;
    }
    *status = pst_options_fail(&usage, error);
    return FALSE;
}

/* Beside the style: where a training is found again does not depend on what the folder holds meanwhile. */
static char *checkpoint_path(const Request *r)
{
    g_autofree char *folder = NULL, *id = NULL;

    if (r->style.output)
        return g_strconcat(r->style.output, ".checkpoint", NULL);
    folder = pst_style_library_own_folder();
    id = pst_style_library_identifier(r->style.name);
    return g_strconcat(folder, G_DIR_SEPARATOR_S, id, PST_STYLE_SUFFIX ".checkpoint", NULL);
}

/* What the check found, a line each. */
static void print_findings(const char *report)
{
    json_t *parsed = json_loads(report, 0, NULL), *finding;
    size_t i;

    json_array_foreach(json_object_get(parsed, "findings"), i, finding) {
        g_autofree char *text = pst_finding_text(finding, json_object_get(parsed, "pictures"), TRUE);

        pst_console_error("%s", text);
    }
    json_decref(parsed);
}

/* ---- while it goes on ----------------------------------------------------------------------- */

typedef struct {
    const Request *request;
    PstProgress *progress;
    GCancellable *interrupt;
    GCancellable *stop; /* of a training that has nothing yet to keep */
    gboolean fitting;   /* atomic: it may have */
    FILE *log;
    char *preview_path; /* that has been written, or NULL */
    guint validations;  /* that have been logged */
    gboolean reported;
    gint64 begun;
} Watch;

static void tell_moved(const char *asked, const char *path)
{
    pst_console_error(_("%s: exists already and was kept; written to %s"), asked, path);
}

static void log_line(Watch *watch, const PstTrainingProgress *p)
{
    const GArray *curve = p->tuning ? p->tuning->curve : NULL, *validations = p->tuning ? p->tuning->validations : NULL;
    json_t *line = json_pack("{s:f, s:i, s:i, s:b}", "seconds", (g_get_monotonic_time() - watch->begun) / 1e6, "step",
                             p->step, "steps", p->steps, "preview", p->preview != NULL);
    char *text;

    if (curve && curve->len > 0) {
        const PstFineTuningLoss *loss = &g_array_index(curve, PstFineTuningLoss, curve->len - 1);

        json_object_set_new(line, "style", json_real(loss->style));
        json_object_set_new(line, "content", json_real(loss->content));
        json_object_set_new(line, "content_weight", json_real(p->tuning->content_weight));
    }
    if (validations && validations->len > watch->validations) {
        const PstValidation *validation = &g_array_index(validations, PstValidation, validations->len - 1);

        json_object_set_new(line, "trial", json_pack("[f, f]", validation->style, validation->content));
        watch->validations = validations->len;
    }
    text = json_dumps(line, JSON_COMPACT);
    fprintf(watch->log, "%s\n", text);
    fflush(watch->log);
    free(text);
    json_decref(line);
}

/* The first one is written beside what is there; from then on it replaces itself. */
static void write_preview(Watch *watch, const PstPicture *preview)
{
    const Request *r = watch->request;
    const PstWriteOptions options = { .conflict = watch->preview_path ? PST_CONFLICT_OVERWRITE : r->style.conflict };
    const char *path = watch->preview_path ? watch->preview_path : r->preview_output;
    g_autofree char *written = NULL;
    g_autoptr(GError) error = NULL;

    if (!pst_picture_write(preview, path, &options, &written, NULL, &error))
        pst_console_failure(error);
    else if (!watch->preview_path && strcmp(written, path) != 0)
        tell_moved(r->preview_output, written);
    if (written && !watch->preview_path)
        watch->preview_path = g_steal_pointer(&written);
}

static PstTrainingAnswer watch_training(const PstTrainingProgress *p, gpointer data)
{
    Watch *watch = data;
    static const char *const stages[] = { N_("reading pictures"), N_("looking at them"), N_("training") };
    g_autofree char *label = NULL;

    if (p->report && !watch->reported) {
        watch->reported = TRUE;
        print_findings(p->report);
    }
    g_atomic_int_set(&watch->fitting, p->stage == PST_TRAINING_FITTING);
    if (p->stage == PST_TRAINING_FITTING) {
        const PstValidation *first = &g_array_index(p->tuning->validations, PstValidation, 0);
        const PstValidation *best = pst_fine_tuning_best_validation(p->tuning);

        if (!watch->progress)
            watch->progress = pst_progress_new(p->steps, pst_progress_terminal());
        label = g_strdup_printf(_("training, %.0f%% closer"), 100 * (1 - best->style / MAX(first->style, 1e-9)));
        pst_progress_update(watch->progress, p->step, label);
    } else if (pst_progress_terminal()) {
        fprintf(stderr, "\r%s\033[K", _(stages[p->stage]));
    }
    if (watch->log)
        log_line(watch, p);
    if (p->preview && watch->request->preview_output)
        write_preview(watch, p->preview);
    if (!g_cancellable_is_cancelled(watch->interrupt))
        return PST_TRAINING_GO_ON;
    return pst_interrupt_signal() == SIGINT ? PST_TRAINING_KEEP : PST_TRAINING_PAUSE;
}

/* On the interrupt's thread. Later on watch_training() answers. */
static void stop_preparing(GCancellable *interrupt, gpointer data)
{
    Watch *watch = data;

    if (!g_atomic_int_get(&watch->fitting))
        g_cancellable_cancel(watch->stop);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static PstStyleTraining training_of(const Request *r, const char *checkpoint)
{
    return (PstStyleTraining){
        .pictures = (const char *const *)r->style.pictures,
        .photos = r->photos,
        .preview = r->preview,
        .name = r->style.name,
        .artist = r->style.artist,
        .year = r->style.year,
        .movement = r->style.movement,
        .author = r->style.author,
        .licence = r->style.licence,
        .plan = r->plan,
        .checkpoint = checkpoint,
        .resume = r->resume,
        .threads = r->style.threads,
    };
}

/* Nothing that is read here is written over. */
static gboolean check_outputs(const Request *r, GError **error)
{
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    const char *outputs[] = { r->style.output, r->preview_output, r->log };

    for (int i = 0; r->style.pictures[i]; i++)
        pst_inputs_add(inputs, r->style.pictures[i]);
    pst_inputs_add(inputs, r->photos);
    pst_inputs_add(inputs, r->preview);
    for (gsize i = 0; i < G_N_ELEMENTS(outputs); i++) {
        for (gsize k = 0; outputs[i] && k < i; k++) {
            if (g_strcmp0(outputs[i], outputs[k]) == 0)
                return fail(error, _("two outputs have the same name; choose another for one of them"));
        }
        if (outputs[i] && !pst_inputs_spare(inputs, outputs[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean open_log(const Request *r, Watch *watch, GError **error)
{
    g_autofree char *path = r->log ? pst_output_resolve(r->log, r->style.conflict, error) : NULL;

    if (!r->log || !path)
        return !r->log;
    watch->log = fopen(path, r->style.conflict == PST_CONFLICT_OVERWRITE ? "we" : "wxe");
    if (!watch->log)
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_IO, _("%s: can't be written (%s)"), path,
                    g_strerror(errno));
    else if (strcmp(path, r->log) != 0)
        tell_moved(r->log, path);
    return watch->log != NULL;
}

/* The name that was free when the training began may be taken by now. */
static gboolean take_free_name(const Request *r, char **path, GError **error)
{
    char *now = r->style.conflict == PST_CONFLICT_OVERWRITE ? g_strdup(*path)
                                                            : pst_output_resolve(*path, PST_CONFLICT_UNIQUE, error);

    g_free(*path);
    *path = now;
    return now != NULL;
}

/* The path of the file that was written. */
static char *train(const Request *r, Watch *watch, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = pst_style_request_path(&r->style, r->style.name, error), *checkpoint = checkpoint_path(r);
    const PstStyleTraining training = training_of(r, checkpoint);
    g_autoptr(PstModel) model = path ? pst_model_load_default(error) : NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstStyle) style = NULL;

    if (!model || !(style = pst_style_train(&training, watch_training, watch, cancellable, error)))
        return NULL;
    pool = pst_thread_pool_new(r->style.threads);
    style->thumbnail = pst_thumbnail_paint(model, pool, style, cancellable, error);
    if (!style->thumbnail || !take_free_name(r, &path, error) || !pst_style_write(style, path, error))
        return NULL;
    if (!style->delta)
        pst_console_error(
            _("training found nothing better than the style untrained; give more time, or other pictures"));
    g_remove(checkpoint);
    return g_steal_pointer(&path);
}

static int run_check(const Request *r)
{
    const PstStyleTraining training = training_of(r, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *report = pst_style_check(&training, NULL, &error);

    if (!report) {
        pst_console_failure(error);
        return PST_EXIT_FAILED;
    }
    pst_console_json(json_loads(report, 0, NULL));
    return pst_console_finish();
}

static int run(const Request *r)
{
    Watch watch = { .request = r, .begun = g_get_monotonic_time() };
    g_autoptr(GCancellable) interrupt = watch.interrupt = pst_interrupt_watch();
    G_GNUC_UNUSED g_autoptr(GCancellable) stop = watch.stop = g_cancellable_new();
    g_autoptr(PstMemoryGuard) guard = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *written = NULL;

    if (!check_outputs(r, &error) || !open_log(r, &watch, &error)) {
        pst_console_failure(error);
        return PST_EXIT_FAILED;
    }
    g_cancellable_connect(interrupt, G_CALLBACK(stop_preparing), &watch, NULL);
    pst_memory_return_large();
    guard = pst_memory_guard_new(watch.stop, &error);
    written = guard ? train(r, &watch, pst_memory_guard_cancellable(guard), &error) : NULL;
    pst_memory_guard_explain(guard, &error);
    if (watch.progress)
        pst_progress_clear(watch.progress);
    pst_progress_free(watch.progress);
    if (watch.log)
        fclose(watch.log);
    g_free(watch.preview_path);
    if (g_error_matches(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED)) {
        pst_console_error(_("%s; --resume goes on"), error->message);
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    }
    if (error && error->domain == PST_STYLE_CHECKPOINT_ERROR) {
        pst_console_error(_("%s; begin one without --resume"), error->message);
        return PST_EXIT_FAILED;
    }
    return pst_style_request_end(written, error);
}

int pst_command_train(int argc, char **argv)
{
    static Request request;
    int status;

    return !parse(&request, argc, argv, &status) ? status : request.check_only ? run_check(&request) : run(&request);
}
