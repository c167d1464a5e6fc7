/* pastiche train: trains a style on a few pictures. */
#include "command.h"
#include "console.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "app/common/own_styles.h"
#include "options.h"
#include "progress.h"
#include "app/common/thumbnail.h"

#include "engine/base/memory.h"
#include "engine/picture/output.h"
#include "engine/picture/writer.h"
#include "engine/finetune/style_training.h"
#include "engine/style/style_library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

static const PstUsage usage = {
    .command = "pastiche train",
    .parameters = N_("PICTURE... --name NAME"),
    .summary = N_("Trains a style on one to ten pictures (JPEG or PNG): takes the generator that paints in any\n"
                  "style and lets it practise this one."),
    .description = N_("Without -o the style joins your own styles, so that --style finds it by name. Prints the path\n"
                      "of the file. Photographs to practise on are those of --photos, else samples of the program's.\n"
                      "Ctrl-C finishes early and keeps the best there is. A training that was killed, or paused by\n"
                      "SIGTERM, goes on with --resume and ends with the same bytes.\n"
                      "\n"
                      "Example:\n"
                      "  pastiche train irises.jpg cypresses.jpg sower.jpg --name Vincent --photos ~/Pictures\n"
                      "  pastiche stylize photo.jpg --style vincent"),
};

static const char *const conflict_names[] = { "unique", "overwrite", "skip", NULL };

typedef struct {
    char **pictures, **settings;
    char *output, *name, *artist, *year, *movement, *author, *licence, *photos, *preview, *preview_output, *log;
    char *quality, *steps, *conflict, *threads; /* not checked yet */
    gboolean resume, crop, check_only;
    int quality_chosen, when_exists;
    gint64 step_count, thread_count;
    PstStylePlan plan;
} Request;

static void request_clear(Request *r)
{
    char **texts[] = { &r->output, &r->name,    &r->artist, &r->year,     &r->movement,
                       &r->author, &r->licence, &r->photos, &r->preview,  &r->preview_output,
                       &r->log,    &r->quality, &r->steps,  &r->conflict, &r->threads };

    g_strfreev(r->pictures);
    g_strfreev(r->settings);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
}

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
    if (!r->pictures)
        return fail(error, _("a picture is missing"));
    if (!r->name && !r->check_only)
        return fail(error, _("a name for the style is missing; give one with --name"));
    if (r->name && (!g_utf8_validate(r->name, -1, NULL) || !*r->name || strlen(r->name) > PST_STYLE_TEXT))
        return fail(error, _("--name: has to be 1 to 200 bytes of UTF-8 text"));
    if (r->output && !g_str_has_suffix(r->output, PST_STYLE_SUFFIX))
        return fail(error, _("-o: the name of a style file has to end in .style"));
    return pst_option_choice("--quality", r->quality, pst_quality_names, &r->quality_chosen, error) &&
           pst_option_whole("--steps", r->steps, 1, 100000, &r->step_count, error) &&
           pst_option_choice("--on-conflict", r->conflict, conflict_names, &r->when_exists, error) &&
           pst_option_whole("--threads", r->threads, 1, 1024, &r->thread_count, error) && check_plan(r, error);
}

static gboolean parse(Request *r, int argc, char **argv, int *status)
{
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &r->output, N_("Where to write; a name that ends in .style"),
          N_("FILE") },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &r->name, N_("Name of the style"), N_("TEXT") },
        { "photos", 0, 0, G_OPTION_ARG_FILENAME, &r->photos, N_("Practise on the photographs of this folder"),
          N_("FOLDER") },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &r->quality,
          N_("quick (default; about a minute and a half on two processors) or fine (five minutes)"), N_("HOW") },
        { "resume", 0, 0, G_OPTION_ARG_NONE, &r->resume, N_("Go on with a training that was stopped"), NULL },
        { "check", 0, 0, G_OPTION_ARG_NONE, &r->check_only, N_("Only check the pictures and print a report as JSON"),
          NULL },
        { "crop", 0, 0, G_OPTION_ARG_NONE, &r->crop, N_("Take off frames and margins that the check finds"), NULL },
        { "artist", 0, 0, G_OPTION_ARG_FILENAME, &r->artist, N_("Who painted the pictures"), N_("TEXT") },
        { "year", 0, 0, G_OPTION_ARG_FILENAME, &r->year, N_("When"), N_("TEXT") },
        { "movement", 0, 0, G_OPTION_ARG_FILENAME, &r->movement, N_("The movement it belongs to"), N_("TEXT") },
        { "author", 0, 0, G_OPTION_ARG_FILENAME, &r->author, N_("Who makes the style"), N_("TEXT") },
        { "licence", 0, 0, G_OPTION_ARG_FILENAME, &r->licence, N_("Licence of the style"), N_("TEXT") },
        { "preview", 0, 0, G_OPTION_ARG_FILENAME, &r->preview,
          N_("Paint this photograph while training (default: a sample)"), N_("FILE") },
        { "preview-output", 0, 0, G_OPTION_ARG_FILENAME, &r->preview_output,
          N_("Write it here every few seconds, over and over"), N_("FILE") },
        { "log", 0, 0, G_OPTION_ARG_FILENAME, &r->log, N_("Write how it goes, one JSON object a line"), N_("FILE") },
        { "steps", 0, 0, G_OPTION_ARG_FILENAME, &r->steps, N_("So many steps, whatever time they take"), "N" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &r->settings,
          N_("Set a number of the plan (docs/training.md lists them)"), N_("NAME=NUMBER") },
        { "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, &r->conflict,
          N_("When the file exists: unique (default; a free name), overwrite or skip"), N_("HOW") },
        { "threads", 0, 0, G_OPTION_ARG_FILENAME, &r->threads, N_("Threads to use (default: one per processor)"), "N" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r->pictures, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!pst_options_parse(&usage, entries, argc, argv, status))
        return FALSE;
    if (check(r, &error))
        return TRUE;
    *status = pst_options_fail(&usage, error);
    return FALSE;
}

static char *choose_path(const Request *r, GError **error)
{
    return r->output ? pst_output_resolve(r->output, (PstConflict)r->when_exists, error)
                     : pst_own_styles_new_path(r->name, (PstConflict)r->when_exists, error);
}

/* Beside the style: where a training is found again does not depend on what the folder holds meanwhile. */
static char *checkpoint_path(const Request *r)
{
    g_autofree char *folder = NULL, *id = NULL;

    if (r->output)
        return g_strconcat(r->output, ".checkpoint", NULL);
    folder = pst_style_library_own_folder();
    id = pst_style_library_identifier(r->name);
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
    guint validations; /* that have been logged */
    gboolean reported;
    gint64 begun;
} Watch;

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
        json_object_set_new(line, "adversarial", json_real(loss->adversarial));
        json_object_set_new(line, "discriminator", json_real(loss->discriminator));
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

static void write_preview(const Watch *watch, const PstPicture *preview)
{
    const PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE };
    g_autoptr(GError) error = NULL;

    if (!pst_picture_write(preview, watch->request->preview_output, &options, NULL, NULL, &error))
        pst_console_failure(error);
}

static PstTrainingAnswer watch_training(const PstTrainingProgress *p, gpointer data)
{
    Watch *watch = data;
    static const char *const stages[] = { N_("reading pictures"), N_("looking at them"), N_("practising") };
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
        label = g_strdup_printf(_("practising, %.0f%% closer"), 100 * (1 - best->style / MAX(first->style, 1e-9)));
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
        .pictures = (const char *const *)r->pictures,
        .photos = r->photos,
        .preview = r->preview,
        .name = r->name,
        .artist = r->artist,
        .year = r->year,
        .movement = r->movement,
        .author = r->author,
        .licence = r->licence,
        .plan = r->plan,
        .checkpoint = checkpoint,
        .resume = r->resume,
        .threads = (int)r->thread_count,
    };
}

/* The path of the file that was written. */
static char *train(const Request *r, Watch *watch, GError **error)
{
    g_autofree char *path = choose_path(r, error), *checkpoint = checkpoint_path(r);
    const PstStyleTraining training = training_of(r, checkpoint);
    g_autoptr(PstModel) model = path ? pst_model_load_default(error) : NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstStyle) style = NULL;

    if (!model || !(style = pst_style_train(&training, watch_training, watch, watch->stop, error)))
        return NULL;
    pool = pst_thread_pool_new((int)r->thread_count);
    style->thumbnail = pst_thumbnail_paint(model, pool, style, NULL, error);
    if (!style->thumbnail || !pst_style_write(style, path, error))
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
    g_autoptr(GError) error = NULL;
    g_autofree char *written = NULL;

    if (r->log && !(watch.log = fopen(r->log, "w"))) {
        pst_console_error(_("%s: can't be written (%s); choose another place"), r->log, g_strerror(errno));
        return PST_EXIT_FAILED;
    }
    g_cancellable_connect(interrupt, G_CALLBACK(stop_preparing), &watch, NULL);
    pst_memory_return_large();
    written = train(r, &watch, &error);
    if (watch.progress)
        pst_progress_clear(watch.progress);
    pst_progress_free(watch.progress);
    if (watch.log)
        fclose(watch.log);
    if (written) {
        pst_console_path(written);
        return pst_console_finish();
    }
    if (g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS))
        return PST_EXIT_DONE;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_console_error(_("stopped; nothing was written"));
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    }
    if (g_error_matches(error, PST_STYLE_TRAINING_ERROR, PST_STYLE_TRAINING_ERROR_PAUSED)) {
        pst_console_error(_("%s; --resume goes on"), error->message);
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    }
    if (error->domain == PST_STYLE_CHECKPOINT_ERROR)
        pst_console_error(_("%s; begin one without --resume"), error->message);
    else
        pst_console_failure(error);
    return PST_EXIT_FAILED;
}

int pst_command_train(int argc, char **argv)
{
    Request request = { 0 };
    int status;

    if (parse(&request, argc, argv, &status))
        status = request.check_only ? run_check(&request) : run(&request);
    request_clear(&request);
    return status;
}
