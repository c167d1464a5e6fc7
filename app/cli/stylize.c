/* pastiche stylize: paints photographs in a style. */
#include "app/common/batch.h"
#include "command.h"
#include "console.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "app/common/unlikeness.h"
#include "report.h"
#include "requested_look.h"
#include "style_argument.h"
#include "stylize_job.h"
#include "stylize_recipe.h"
#include "stylize_request.h"

#include "engine/base/memory_guard.h"
#include "engine/base/memory.h"
#include "engine/paint/export.h"
#include "engine/style/style_library.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define KEPT ((gsize)256 << 20) /* of memory, from one photograph of a batch to the next */

/* All that painting one photograph needs. */
typedef struct {
    const PstStylizeRequest *request;
    const PstBatch *batch;
    PstInputs *inputs; /* all files that are read, and the recipe that was saved */
    PstRequestedLook *asked;
    char *recipe; /* of it, without a date */
    PstStylizeJob *job;
    PstReport *report;
    PstMemoryGuard *guard;
    GCancellable *cancellable; /* of the guard */
    PstThreadPool *pool;
    PstModel *model;
    PstFamiliarity *familiarity; /* or NULL: nothing is told of photographs */
} Work;

/* Results hold their recipe without the date: the same input gives the same bytes. */
static gboolean store_recipe(Work *work, const PstRecipeOrigin *origin, GError **error)
{
    work->recipe = pst_recipe_write(work->asked->look, origin, error);
    if (work->recipe && !work->request->no_recipe && strlen(work->recipe) > PST_MAX_RECIPE)
        pst_report_warning(work->report, _("the recipe is too large for pictures: results are without it; keep it with"
                                           " --save-recipe"));
    return work->recipe != NULL;
}

static gboolean save_recipe(const Work *work, PstRecipeOrigin *origin, GError **error)
{
    const char *path = work->request->save_recipe;
    g_autofree char *written = NULL;

    if (!path)
        return TRUE;
    if (!pst_inputs_spare(work->inputs, path, error))
        return FALSE;
    written = pst_stylize_recipe_save(work->asked->look, origin, path, work->request->conflict, error);
    if (written) {
        pst_report_recipe(work->report, written, path);
        pst_inputs_add(work->inputs, written);
    }
    return written != NULL;
}

/* Reads the model, completes the look with its styles, and saves the recipe. */
static gboolean prepare(Work *work, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };

    work->model = pst_model_load_default(error);
    if (!work->model || !pst_requested_look_complete(work->asked, work->model, work->pool, work->cancellable, error) ||
        !pst_stylize_recipe_origin(&origin, error) || !store_recipe(work, &origin, error) ||
        !save_recipe(work, &origin, error))
        return FALSE;
    if (g_cancellable_set_error_if_cancelled(work->cancellable, error))
        return FALSE;
    work->job = pst_stylize_job_new(work->request, work->batch, work->recipe, origin.model, error);
    return work->job != NULL;
}

static void tell_plan(const PstExportPlan *plan, gpointer report)
{
    pst_report_plan(report, plan);
}

static void tell_progress(double share, gpointer report)
{
    pst_report_progress(report, share);
}

/* Paints one photograph and returns the path of the result. PST_PICTURE_ERROR_EXISTS: it is there. */
static char *paint(const Work *work, const PstBatchItem *item, PstExportEffort *effort, GError **error)
{
    const PstExportSource source = { .path = item->input };
    PstExportSettings settings = pst_stylize_request_export(work->request, work->recipe);

    settings.write.format = item->format;
    settings.inputs = work->inputs;
    settings.planned = tell_plan;
    settings.warned = pst_report_file_warning;
    settings.progress = tell_progress;
    settings.data = work->report;
    return pst_export(work->asked->look, work->model, work->pool, &source, item->output, &settings, effort,
                      work->cancellable, error);
}

/* The work that a photograph is: its pixels as painted, or `usual` if its size isn't known. */
static double work_of(const Work *work, const PstBatchItem *item, double usual)
{
    double side = work->asked->look->size;

    if (item->pixels <= 0)
        return usual;
    return side > 0 ? side * side : item->pixels;
}

static void note_unlike(const Work *work, const char *photo)
{
    g_autofree char *note = NULL;
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(work->cancellable, NULL);

    if (!guard || !work->familiarity ||
        !pst_photo_is_unlike(work->familiarity, work->model, work->pool, photo, pst_memory_guard_cancellable(guard)))
        return;
    note = g_strdup_printf("%s: %s", photo, pst_unlikeness_text());
    pst_report_note(work->report, note);
}

static gboolean is_cancelled(const GError *error)
{
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Paints one photograph, unless that is done. FALSE: stop. */
static gboolean paint_item(const Work *work, const PstBatchItem *item)
{
    g_autoptr(GError) error = NULL, unnoted = NULL;
    g_autofree char *written = NULL;
    PstExportEffort effort = { 0 };
    gboolean done = pst_stylize_job_is_done(work->job, item, &error);

    if (!done && !error) {
        note_unlike(work, item->input);
        written = paint(work, item, &effort, &error);
    }
    if (is_cancelled(error))
        return FALSE;
    if (written)
        pst_report_painted(work->report, written, &effort);
    else if (done || (work->request->conflict == PST_CONFLICT_SKIP && !work->request->resume &&
                      g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS)))
        pst_report_skipped(work->report, item->output);
    else
        pst_report_failed(work->report, error);
    if (pst_stylize_job_note(work->job, item, done ? item->output : written, error, &unnoted))
        return TRUE;
    pst_report_problem(work->report, unnoted);
    return FALSE;
}

static void paint_all(const Work *work, double usual)
{
    if (work->batch->items->len > 1)
        pst_memory_keep(KEPT);
    for (guint i = 0; i < work->batch->items->len && pst_console_writable(); i++) {
        const PstBatchItem *item = work->batch->items->pdata[i];

        if (g_cancellable_is_cancelled(work->cancellable))
            return;
        pst_report_photo(work->report, item->input, work_of(work, item, usual));
        if (!paint_item(work, item))
            return;
    }
}

/* The work that all photographs are; `*usual` is the mean. */
static double total_work(const Work *work, double *usual)
{
    const GPtrArray *items = work->batch->items;
    double known = 0;
    guint count = 0;

    for (guint i = 0; i < items->len; i++) {
        double pixels = work_of(work, items->pdata[i], 0);

        known += pixels;
        count += pixels > 0;
    }
    *usual = count > 0 ? known / count : 1;
    return known + *usual * (items->len - count);
}

/* `format` has the count in it. */
static void warn_of_count(PstReport *report, const char *format, guint count)
{
    g_autofree char *message = count > 0 ? g_strdup_printf(format, count) : NULL;

    if (message)
        pst_report_warning(report, message);
}

/* What was asked for by a folder and isn't painted. */
static void tell_left_out(const PstBatch *batch, PstReport *report)
{
    for (guint i = 0; i < batch->problems->len; i++)
        pst_report_problem(report, batch->problems->pdata[i]);
    warn_of_count(report,
                  g_dngettext(GETTEXT_PACKAGE, "%u picture or video left out, its format can't be read here",
                              "%u pictures or videos left out, their formats can't be read here", batch->unreadable),
                  batch->unreadable);
    warn_of_count(
        report,
        g_dngettext(GETTEXT_PACKAGE, "%u painting of this program left out; give its name to paint it once more",
                    "%u paintings of this program left out; give their names to paint them once more", batch->results),
        batch->results);
}

static void stylize(Work *work)
{
    g_autoptr(GError) error = NULL;
    double usual, total = total_work(work, &usual);

    tell_left_out(work->batch, work->report);
    if (work->batch->items->len == 0 && !work->request->shard.count && work->batch->problems->len == 0 &&
        work->batch->results == 0) {
        g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT, _("%s: no picture in it; give a folder with pictures"),
                    work->request->photos[0]);
        pst_report_problem(work->report, error);
    }
    if (work->batch->items->len == 0 && !work->request->manifest)
        return;

    work->pool = pst_thread_pool_new(work->request->threads);
    work->familiarity = pst_familiarity_load_default(NULL);
    if (prepare(work, &error)) {
        pst_report_start(work->report, work->batch->items->len, total, work->batch->others, work->asked->styles,
                         work->asked->style_seconds, pst_thread_pool_threads(work->pool));
        paint_all(work, usual);
    }
    pst_memory_guard_explain(work->guard, &error);
    if (error && !is_cancelled(error))
        pst_report_problem(work->report, error);
    pst_stylize_job_free(work->job);
    g_free(work->recipe);
    pst_familiarity_free(work->familiarity);
    pst_model_free(work->model);
    pst_thread_pool_free(work->pool);
}

static int run(const PstStylizeRequest *request)
{
    g_autoptr(PstReport) report = pst_report_new(request->json, request->statistics, request->memory > 0);
    g_auto(PstRequestedLook) asked = { 0 };
    Work work;
    g_autofree char *label = NULL;
    g_autoptr(PstBatch) batch = NULL;
    g_autoptr(PstInputs) inputs = NULL;
    g_autoptr(GCancellable) interrupt = pst_interrupt_watch();
    g_autoptr(GError) error = NULL;
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(interrupt, &error);
    PstBatchSettings settings = {
        .output = request->output,
        .format = request->format,
        .conflict = request->conflict,
        .recursive = request->recursive,
    };

    if (!guard)
        pst_report_problem(report, error);
    if (!guard || !pst_requested_look_begin(&asked, request, report))
        return pst_report_finish(report, 0);
    settings.label = label = pst_style_arguments_label(asked.styles);
    batch = pst_batch_new((const char *const *)request->photos, &settings, &error);
    if (!batch)
        return pst_options_fail(&pst_stylize_usage, error);
    if (request->shard.count)
        pst_batch_keep_shard(batch, &request->shard);
    /* Photographs, styles and the recipe are not there to be written over. */
    inputs = pst_inputs_ref(batch->inputs);
    pst_requested_look_add_inputs(&asked, inputs);

    work = (Work){ .request = request,
                   .batch = batch,
                   .inputs = inputs,
                   .asked = &asked,
                   .report = report,
                   .guard = guard,
                   .cancellable = pst_memory_guard_cancellable(guard) };
    stylize(&work);
    return pst_report_finish(report, pst_interrupt_signal());
}

int pst_command_stylize(int argc, char **argv)
{
    static PstStylizeRequest request;
    int status;

    return pst_stylize_request_parse(&request, argc, argv, &status) ? run(&request) : status;
}
