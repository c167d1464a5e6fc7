/* pastiche stylize: paints photographs in a style. */
#include "app/common/batch.h"
#include "command.h"
#include "console.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "app/common/own_styles.h"
#include "report.h"
#include "style_argument.h"
#include "stylize_photo.h"
#include "stylize_recipe.h"
#include "stylize_request.h"

#include "engine/base/memory.h"
#include "engine/paint/recipe_look.h"
#include "engine/style/style_library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEPT ((gsize)256 << 20) /* of memory, from one photograph of a batch to the next */

/* All that painting one photograph needs. */
typedef struct {
    const PstStylizeRequest *request;
    const PstBatch *batch;
    const GPtrArray *styles;
    PstRecipe *recipe; /* of the results */
    PstLook *look;          /* what it says about regions and strokes, or NULL: nothing */
    char *recipe_text;      /* the same as it is stored in them, or NULL */
    PstReport *report;
    GCancellable *cancellable;
    PstThreadPool *pool;
    PstModel *model;
    PstStyle *style;
    double style_seconds; /* to encode pictures */
} Work;

static void warn_of_style(const GError *error, gpointer data)
{
    pst_report_warning(data, error->message);
}

/* All styles that were asked for, or NULL when one of them is no good. */
static GPtrArray *find_styles(const PstStylizeRequest *request, PstReport *report)
{
    g_autoptr(GPtrArray) library = pst_style_library_read(warn_of_style, report);
    g_autoptr(GPtrArray) styles =
        g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);
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

/* Reads the recipe if there is one, then the styles. NULL when something of it is no good. `*regions` gets the recipe
 * if it can't be said by styles alone. */
static GPtrArray *choose_styles(PstStylizeRequest *request, PstRecipe **regions, PstReport *report)
{
    g_autoptr(PstRecipe) recipe = NULL;
    g_autoptr(GPtrArray) styles = NULL;
    g_autoptr(GError) error = NULL;

    if (!request->recipe)
        return find_styles(request, report);
    recipe = pst_stylize_recipe_read(request->recipe, &error);
    if (!recipe) {
        pst_report_problem(report, error);
        return NULL;
    }
    pst_stylize_recipe_warn(recipe, request->recipe, report);
    pst_stylize_request_fill(request, recipe);
    if (request->style_texts)
        return find_styles(request, report);
    if (!pst_own_styles_complete(recipe, request->recipe, &error)) {
        pst_report_problem(report, error);
        return NULL;
    }
    styles = pst_style_arguments_from_recipe(recipe, request->recipe);
    if (!pst_stylize_recipe_is_plain(recipe))
        *regions = g_steal_pointer(&recipe);
    return g_steal_pointer(&styles);
}

/* A style without its picture is numbers for one size of strokes only. */
static void warn_of_scale(const GPtrArray *styles, PstReport *report)
{
    for (guint i = 0; i < styles->len; i++) {
        const PstStyleArgument *style = styles->pdata[i];
        g_autofree char *message = NULL;

        if (style->picture)
            continue;
        message = g_strdup_printf(_("%s: --stroke and --style-size have no effect on a style without"
                                  " its picture; give the picture itself to --style"),
                                  style->label);
        pst_report_warning(report, message);
    }
}

/* Results hold their recipe without the date: the same input gives the same bytes. */
static gboolean store_recipe(Work *work, GError **error)
{
    if (work->request->no_recipe)
        return TRUE;
    work->recipe_text = pst_recipe_to_text(work->recipe, error);
    if (work->recipe_text && strlen(work->recipe_text) > PST_MAX_RECIPE)
        pst_report_warning(work->report, _("the recipe is too large for pictures: results are without it; keep it with"
                                           " --save-recipe"));
    return work->recipe_text != NULL;
}

static gboolean save_recipe(const Work *work, GError **error)
{
    const char *path = work->request->save_recipe;
    g_autofree char *written = NULL;

    if (!path)
        return TRUE;
    written = pst_stylize_recipe_save(work->recipe, path, work->request->conflict, error);
    if (written)
        pst_report_recipe(work->report, written, path);
    return written != NULL;
}

/* Reads the model, works out the styles of pictures, and saves the recipe. */
static gboolean prepare(Work *work, GError **error)
{
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);
    gint64 since;

    work->model = pst_model_load_default(error);
    if (!work->model)
        return FALSE;
    since = g_get_monotonic_time();
    for (guint i = 0; i < work->styles->len; i++) {
        if (!pst_style_argument_load(work->styles->pdata[i], cache, work->model, work->pool,
                                     &work->request->limits, work->request->style_side,
                                     work->cancellable, error))
            return FALSE;
    }
    work->style_seconds = (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC;
    work->style = pst_style_arguments_mix(work->styles);
    if (!work->recipe)
        work->recipe = pst_stylize_recipe_new(work->styles, error);
    else if (!(work->look = pst_recipe_to_look(work->recipe, work->request->recipe, error)))
        return FALSE;
    if (!work->recipe || !pst_stylize_recipe_settle(work->recipe, work->request, error))
        return FALSE;
    if (work->look) {
        work->look->strength = work->recipe->strength;
        work->look->detail = work->recipe->detail;
        work->look->keep_colours = work->recipe->keep_colours;
    }
    return store_recipe(work, error) && save_recipe(work, error);
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
                    _("%s: the result would replace a picture that is read here; choose another -o"),
                    output);
    return !source;
}

static gboolean make_folder(const char *output, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(output);

    if (g_mkdir_with_parents(folder, 0777) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                _("%s: the folder can't be made (%s); choose another -o"), folder, g_strerror(errno));
    return FALSE;
}

/* Paints one photograph and returns the path of the result. PST_PICTURE_ERROR_EXISTS: it is there. */
static char *paint(const Work *work, const PstBatchItem *item, PstEffort *effort, GError **error)
{
    const PstStylizePhoto job = {
        .request = work->request,
        .model = work->model,
        .pool = work->pool,
        .style = work->style,
        .look = work->look,
        .recipe = work->recipe_text,
        .report = work->report,
        .cancellable = work->cancellable,
    };
    g_autofree char *target = NULL;

    if (!protect_sources(work, item->output, error) || !make_folder(item->output, error))
        return NULL;
    target = pst_output_resolve(item->output, work->request->conflict, error);
    return target ? pst_stylize_photo(&job, item, effort, error) : NULL;
}

/* The work that a photograph is: its pixels as painted, or `usual` if its size isn't known. */
static double work_of(const Work *work, const PstBatchItem *item, double usual)
{
    double side = work->request->size;

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
        PstEffort effort = { 0 };

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
                    _("%s: no picture in it; give a folder with JPEG or PNG files"),
                    work->request->photos[0]);
        pst_report_problem(work->report, error);
    }
    if (work->batch->items->len == 0)
        return;

    work->pool = pst_thread_pool_new(work->request->threads);
    if (prepare(work, &error)) {
        pst_report_start(work->report, work->batch->items->len, total, work->batch->others,
                         work->styles, work->style_seconds, pst_thread_pool_threads(work->pool));
        paint_all(work, usual);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_report_problem(work->report, error);
    }
    g_free(work->recipe_text);
    g_clear_pointer(&work->look, pst_look_unref);
    pst_style_free(work->style);
    pst_model_free(work->model);
    pst_thread_pool_free(work->pool);
}

static int run(PstStylizeRequest *request)
{
    g_autoptr(PstReport) report = pst_report_new(request->json, request->statistics, request->paint.memory > 0);
    g_autoptr(PstRecipe) regions = NULL;
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

    styles = choose_styles(request, &regions, report);
    if (!styles)
        return pst_report_finish(report, 0);
    if (request->rescaled)
        warn_of_scale(styles, report);
    settings.label = label = pst_style_arguments_label(styles);
    batch = pst_batch_new((const char *const *)request->photos, &settings, &error);
    if (!batch)
        return pst_options_fail(&pst_stylize_usage, error);

    cancellable = pst_interrupt_watch();
    work = (Work){ .request = request, .batch = batch, .styles = styles, .report = report,
                   .cancellable = cancellable, .recipe = g_steal_pointer(&regions) };
    stylize(&work);
    pst_recipe_free(work.recipe);
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
