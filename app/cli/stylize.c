/* pastiche stylize: paints photographs in a style. */
#include "app/common/advice.h"
#include "app/common/batch.h"
#include "command.h"
#include "console.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "app/common/own_styles.h"
#include "report.h"
#include "style_argument.h"
#include "stylize_recipe.h"
#include "stylize_request.h"

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
    const GPtrArray *styles;
    PstLook *look;
    char *recipe; /* of it, as it is stored in results, or NULL */
    PstReport *report;
    GCancellable *cancellable;
    PstThreadPool *pool;
    PstModel *model;
    double style_seconds; /* to encode pictures */
} Work;

static void warn_of_style(const GError *error, gpointer data)
{
    g_autofree char *text = pst_error_text(error);

    pst_report_warning(data, text);
}

/* All styles that were asked for, or NULL when one of them is no good. */
static GPtrArray *find_styles(const PstStylizeRequest *request, PstReport *report)
{
    g_autoptr(GPtrArray) library = pst_style_library_read(warn_of_style, report);
    g_autoptr(GPtrArray) styles = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);
    gboolean sound = TRUE;

    for (int i = 0; request->style_texts[i]; i++) {
        g_autoptr(GError) error = NULL;
        PstStyleArgument *style = pst_style_argument_new(request->style_texts[i], library, &error);

        if (style) {
            g_ptr_array_add(styles, style);
        } else {
            pst_report_problem(report, error);
            sound = FALSE;
        }
    }
    return sound ? g_steal_pointer(&styles) : NULL;
}

/* The look without styles but those of the recipe, if there is one. NULL when it is no good. */
static PstLook *begin_look(const PstStylizeRequest *request, PstReport *report)
{
    g_autoptr(PstLook) look = NULL;
    g_autoptr(GError) error = NULL;

    if (!request->recipe)
        return pst_look_new();
    look = pst_stylize_recipe_read(request->recipe, report, &error);
    if (look && request->style_texts) {
        while (look->count > 1)
            pst_look_remove_region(look, 1);
        while (look->regions[0].count > 0)
            pst_look_region_remove(&look->regions[0], 0);
        g_clear_pointer(&look->regions[0].mask, pst_mask_unref);
    } else if (look) {
        pst_own_styles_complete(look, request->recipe, &error);
    }
    if (!error)
        return g_steal_pointer(&look);
    pst_report_problem(report, error);
    return NULL;
}

/* A style without its picture is numbers for one size of strokes only. */
static void warn_of_scale(const GPtrArray *styles, PstReport *report)
{
    for (guint i = 0; i < styles->len; i++) {
        const PstStyleArgument *style = styles->pdata[i];
        g_autofree char *message = NULL;

        if (style->picture)
            continue;
        message = g_strdup_printf(_("%s: --style-size has no effect on a style without its picture; give the picture"
                                    " itself to --style"),
                                  style->label);
        pst_report_warning(report, message);
    }
}

/* Results hold their recipe without the date: the same input gives the same bytes. */
static gboolean store_recipe(Work *work, const PstRecipeOrigin *origin, GError **error)
{
    if (work->request->no_recipe)
        return TRUE;
    work->recipe = pst_recipe_write(work->look, origin, error);
    if (work->recipe && strlen(work->recipe) > PST_MAX_RECIPE)
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
    written = pst_stylize_recipe_save(work->look, origin, path, work->request->conflict, error);
    if (written)
        pst_report_recipe(work->report, written, path);
    return written != NULL;
}

/* Works out the styles of pictures. */
static gboolean load_styles(Work *work, GError **error)
{
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);
    gint64 since = g_get_monotonic_time();

    for (guint i = 0; i < work->styles->len; i++) {
        if (!pst_style_argument_load(work->styles->pdata[i], cache, work->model, work->pool, &work->request->limits,
                                     work->look->style_side, work->cancellable, error))
            return FALSE;
    }
    work->style_seconds = (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
    return TRUE;
}

/* Reads the model, completes the look with its styles, and saves the recipe. */
static gboolean prepare(Work *work, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };

    work->model = pst_model_load_default(error);
    if (!work->model || !load_styles(work, error))
        return FALSE;
    if (pst_look_is_plain(work->look) && !pst_style_arguments_add(work->styles, work->look, error))
        return FALSE;
    return pst_stylize_recipe_origin(&origin, error) && store_recipe(work, &origin, error) &&
           save_recipe(work, &origin, error);
}

/* Photographs and style pictures are not there to be written over. */
static gboolean protect_sources(const Work *work, const char *output, GError **error)
{
    g_autofree char *target = NULL;
    gboolean source;

    if (work->request->conflict != PST_CONFLICT_OVERWRITE)
        return TRUE;
    target = pst_file_identity(output);
    source = pst_batch_is_input(work->batch, output);
    for (guint i = 0; target && i < work->styles->len; i++) {
        const PstStyleArgument *style = work->styles->pdata[i];
        g_autofree char *identity = pst_file_identity(style->path);

        source |= g_strcmp0(identity, target) == 0;
    }
    if (source)
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS,
                    _("%s: the result would replace a picture that is read here; choose another -o"), output);
    return !source;
}

static void tell_plan(const PstExportPlan *plan, gpointer report)
{
    pst_report_plan(report, plan);
}

static void tell_warning(const char *message, gpointer report)
{
    pst_report_warning(report, message);
}

static void tell_progress(double share, gpointer report)
{
    pst_report_progress(report, share);
}

/* Paints one photograph and returns the path of the result. PST_PICTURE_ERROR_EXISTS: it is there. */
static char *paint(const Work *work, const PstBatchItem *item, PstExportEffort *effort, GError **error)
{
    const PstStylizeRequest *request = work->request;
    const PstExportSource source = { .path = item->input };
    const PstExportSettings settings = {
        .write = { .format = item->format,
                   .quality = request->quality,
                   .depth = request->depth,
                   .conflict = request->conflict,
                   .metadata = request->metadata,
                   .recipe = work->recipe },
        .limits = request->limits,
        .memory = request->memory,
        .planned = tell_plan,
        .warned = tell_warning,
        .progress = tell_progress,
        .data = work->report,
    };

    return protect_sources(work, item->output, error)
               ? pst_export(work->look, work->model, work->pool, &source, item->output, &settings, effort,
                            work->cancellable, error)
               : NULL;
}

/* The work that a photograph is: its pixels as painted, or `usual` if its size isn't known. */
static double work_of(const Work *work, const PstBatchItem *item, double usual)
{
    double side = work->look->size;

    if (item->pixels <= 0)
        return usual;
    return side > 0 ? side * side : item->pixels;
}

static void paint_all(const Work *work, double usual)
{
    if (work->batch->items->len > 1)
        pst_memory_keep(KEPT);
    for (guint i = 0; i < work->batch->items->len && pst_console_writable(); i++) {
        const PstBatchItem *item = work->batch->items->pdata[i];
        g_autoptr(GError) error = NULL;
        g_autofree char *written = NULL;
        PstExportEffort effort = { 0 };

        if (g_cancellable_is_cancelled(work->cancellable))
            return;
        pst_report_photo(work->report, item->input, work_of(work, item, usual));
        written = paint(work, item, &effort, &error);
        if (written)
            pst_report_painted(work->report, written, &effort);
        else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            return;
        else if (work->request->conflict == PST_CONFLICT_SKIP &&
                 g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS))
            pst_report_skipped(work->report, item->output);
        else
            pst_report_failed(work->report, error);
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

static void stylize(Work *work)
{
    g_autoptr(GError) error = NULL;
    double usual, total = total_work(work, &usual);

    for (guint i = 0; i < work->batch->problems->len; i++)
        pst_report_problem(work->report, work->batch->problems->pdata[i]);
    if (work->batch->items->len == 0 && work->batch->problems->len == 0) {
        g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    _("%s: no picture in it; give a folder with JPEG or PNG files"), work->request->photos[0]);
        pst_report_problem(work->report, error);
    }
    if (work->batch->items->len == 0)
        return;

    work->pool = pst_thread_pool_new(work->request->threads);
    if (prepare(work, &error)) {
        pst_report_start(work->report, work->batch->items->len, total, work->batch->others, work->styles,
                         work->style_seconds, pst_thread_pool_threads(work->pool));
        paint_all(work, usual);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_report_problem(work->report, error);
    }
    g_free(work->recipe);
    pst_model_free(work->model);
    pst_thread_pool_free(work->pool);
}

static int run(const PstStylizeRequest *request)
{
    g_autoptr(PstReport) report = pst_report_new(request->json, request->statistics, request->memory > 0);
    g_autoptr(PstLook) look = NULL;
    g_autoptr(GPtrArray) styles = NULL;
    Work work;
    g_autofree char *label = NULL;
    g_autoptr(PstBatch) batch = NULL;
    g_autoptr(GCancellable) cancellable = NULL;
    g_autoptr(GError) error = NULL;
    PstBatchSettings settings = {
        .output = request->output,
        .format = request->format,
        .conflict = request->conflict,
        .recursive = request->recursive,
    };

    look = begin_look(request, report);
    if (!look)
        return pst_report_finish(report, 0);
    pst_stylize_request_apply(request, look);
    styles = request->style_texts ? find_styles(request, report) : pst_style_arguments_from_look(look, request->recipe);
    if (!styles)
        return pst_report_finish(report, 0);
    if (request->given[PST_LOOK_STYLE_SIDE])
        warn_of_scale(styles, report);
    settings.label = label = pst_style_arguments_label(styles);
    batch = pst_batch_new((const char *const *)request->photos, &settings, &error);
    if (!batch)
        return pst_options_fail(&pst_stylize_usage, error);

    cancellable = pst_interrupt_watch();
    work = (Work){
        .request = request, .batch = batch, .styles = styles, .report = report, .cancellable = cancellable, .look = look
    };
    stylize(&work);
    return pst_report_finish(report, pst_interrupt_signal());
}

int pst_command_stylize(int argc, char **argv)
{
    PstStylizeRequest request;
    int status;

    if (pst_stylize_request_parse(&request, argc, argv, &status))
        status = run(&request);
    pst_stylize_request_clear(&request);
    return status;
}
