/* pastiche adapt: gives photographs the look of another domain. */
#include "app/common/batch.h"
#include "app/common/language.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "options.h"
#include "app/common/file_kind.h"
#include "picture_list.h"
#include "report.h"

#include "engine/domain/adapted_export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CUBE    33  /* colours a side */
#define NETWORK 0.8 /* its strength: what keeps nine edges of ten, and some more, where they were */

static const PstUsage usage = {
    .command = "pastiche adapt",
    .parameters = N_("PHOTO..."),
    .summary = N_(
        "Gives photographs (JPEG or PNG) the light, colors and tone of others; nothing is painted, and things\n"
        "stay where they are."),
    .description = N_(
        "PHOTO is a picture file or a folder. --like is a photograph, or a folder whose pictures are\n"
        "looked at together. Several photographs are taken as one domain, whose light is changed as a\n"
        "whole, so that what is dark among them stays so; with --each every photograph is matched by itself.\n"
        "\n"
        "Methods:\n"
        "  colour    colors by optimal transport, then local tone (default)\n"
        "  network   what the program's network makes of them, without its strokes\n"
        "  fourier   amplitudes of the lowest frequencies (FDA), a baseline\n"
        "\n"
        "Results are called as \"pastiche stylize\" calls them, NAME-LIKE.jpg, and keep their photograph's\n"
        "format, size and data. Their XMP tells what was done to them. Prints the path of each.\n"
        "\n"
        "Example:\n"
        "  pastiche adapt holiday/ --like evening.jpg -o evening/"),
};

typedef struct {
    char **photos, *like, *output, *cube;
    int method;
    double strength, noise;
    gint64 threads;
    PstWriteOptions write;
    gboolean each, recursive, json, statistics;
} Request;

typedef struct {
    char *method, *strength, *noise, *quality, *conflict, *metadata, *threads;
} Texts;

/* In the order of PstMetadata. */
static const char *const metadata_names[] = { "private", "all", "none", NULL };

static gboolean check(Request *request, const Texts *texts, GError **error)
{
    int metadata = PST_METADATA_PRIVATE;
    gint64 quality = 0;

    if (!request->photos || !request->like) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s",
                    request->photos ? _("--like is missing, a photograph or a folder of them")
                                    : _("a photograph is missing"));
        return FALSE;
    }
    if (!pst_option_choice("--method", texts->method, pst_adaptation_names, &request->method, error) ||
        !pst_option_real("--strength", texts->strength, 0, 1, &request->strength, error) ||
        !pst_option_real("--noise", texts->noise, 0, 1, &request->noise, error) ||
        !pst_option_whole("--quality", texts->quality, 1, 100, &quality, error) ||
        !pst_option_conflict(texts->conflict, &request->write.conflict, error) ||
        !pst_option_choice("--metadata", texts->metadata, metadata_names, &metadata, error) ||
        !pst_option_whole("--threads", texts->threads, 1, 1024, &request->threads, error))
        return FALSE;
    if (request->cube && request->method != PST_ADAPTATION_COLOUR) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("--cube: only --method colour is a table of colors"));
        return FALSE;
    }
    if (!texts->strength)
        request->strength = request->method == PST_ADAPTATION_NETWORK ? NETWORK : 1;
    request->write.quality = (int)quality;
    request->write.metadata = (PstMetadata)metadata;
    return TRUE;
}

/* ---- the work ------------------------------------------------------------------------------- */

typedef struct {
    const Request *request;
    const PstBatch *batch;
    PstReport *report;
    PstInputs *inputs;
    PstDomain *source, *target;
    PstModel *model;
    PstThreadPool *pool;
    GCancellable *cancellable;
} Work;

static void tell_progress(double share, gpointer report)
{
    pst_report_progress(report, share);
}

static void report_unreadable(const GError *error, gpointer report)
{
    pst_report_problem(report, error);
}

static PstDomain *read_domain(const Work *work, const GPtrArray *paths, const PstModel *model, GError **error)
{
    return pst_picture_list_domain(paths, model, work->pool, report_unreadable, work->report, work->cancellable, error);
}

static GPtrArray *photos_of(const PstBatch *batch)
{
    GPtrArray *paths = g_ptr_array_new();

    for (guint i = 0; i < batch->items->len; i++)
        g_ptr_array_add(paths, ((PstBatchItem *)batch->items->pdata[i])->input);
    return paths;
}

static gboolean write_cube(const Work *work, GError **error)
{
    const Request *request = work->request;
    g_autofree char *base = g_path_get_basename(request->like), *title = pst_console_clean(base);
    g_autofree char *text = NULL, *written = NULL;
    g_autoptr(PstOutput) output = NULL;

    if (!pst_inputs_spare(work->inputs, request->cube, error))
        return FALSE;
    g_strdelimit(title, "\"", '\'');
    text = pst_adaptation_cube(work->source, work->target, request->strength, CUBE, title);
    output = pst_output_open(request->cube, request->write.conflict, error);
    if (!output || !pst_output_write(output, text, strlen(text), error) ||
        !(written = pst_output_commit(output, error)))
        return FALSE;
    pst_report_file(work->report, written);
    return TRUE;
}

static gboolean prepare(Work *work, GError **error)
{
    const Request *request = work->request;
    g_autoptr(GPtrArray) like = pst_picture_list(request->like, TRUE, error), photos = photos_of(work->batch);
    gboolean together = !request->each && (photos->len > 1 || request->cube);

    if (!like)
        return FALSE;
    if (request->method == PST_ADAPTATION_NETWORK && !(work->model = pst_model_load_default(error)))
        return FALSE;
    for (guint i = 0; i < like->len; i++)
        pst_inputs_add(work->inputs, like->pdata[i]);
    work->target = read_domain(work, like, work->model, error);
    if (!work->target)
        return FALSE;
    if (together && (request->method == PST_ADAPTATION_COLOUR || request->noise > 0) &&
        !(work->source = read_domain(work, photos, NULL, error)))
        return FALSE;
    return !request->cube || write_cube(work, error);
}

static void tell_structure(const Work *work, const char *written, const PstStructure *structure)
{
    g_autofree char *note = NULL;

    if (!work->request->statistics)
        return;
    if (work->request->json) {
        pst_console_json(json_pack("{s:s, s:o, s:f, s:f}", "event", "structure", "output", pst_json_text(written),
                                   "edges", structure->edges, "ssim", structure->ssim));
        return;
    }
    note = g_strdup_printf(_("%s: %.1f %% of the edges are where they were, structural similarity %.3f"), written,
                           100 * structure->edges, structure->ssim);
    pst_report_note(work->report, note);
}

static void adapt_all(const Work *work)
{
    const PstAdaptationTask task = { work->source,
                                     work->target,
                                     { (PstAdaptationMethod)work->request->method, work->request->strength,
                                       work->request->noise, 0 },
                                     work->model,
                                     work->pool };

    for (guint i = 0; i < work->batch->items->len && pst_console_writable(); i++) {
        const PstBatchItem *item = work->batch->items->pdata[i];
        PstExportSettings settings = { .write = work->request->write,
                                       .inputs = work->inputs,
                                       .warned = pst_report_file_warning,
                                       .progress = tell_progress,
                                       .data = work->report };
        g_autoptr(GError) error = NULL;
        g_autofree char *written = NULL;
        PstExportEffort effort = { 0 };
        PstStructure structure;

        settings.write.format = item->format;
        pst_report_photo(work->report, item->input, MAX(1, item->pixels));
        written = pst_adapted_export(&task, item->input, item->output, &settings, &structure, &effort,
                                     work->cancellable, &error);
        if (written) {
            pst_report_painted(work->report, written, &effort);
            tell_structure(work, written, &structure);
        } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            return;
        } else if (g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS)) {
            pst_report_skipped(work->report, item->output);
        } else {
            pst_report_failed(work->report, error);
        }
    }
}

static double total(const PstBatch *batch)
{
    double pixels = 0;

    for (guint i = 0; i < batch->items->len; i++)
        pixels += MAX(1, ((const PstBatchItem *)batch->items->pdata[i])->pixels);
    return pixels;
}

static int run(const Request *request)
{
    g_autoptr(PstReport) report = pst_report_new(request->json, FALSE, FALSE);
    g_autoptr(GPtrArray) styles = g_ptr_array_new();
    g_autofree char *stem = pst_file_stem(request->like), *valid = g_utf8_make_valid(stem, -1);
    const PstBatchSettings settings = {
        .output = request->output, .label = valid, .conflict = request->write.conflict, .recursive = request->recursive
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstBatch) batch = pst_batch_new((const char *const *)request->photos, &settings, &error);
    Work work = { .request = request, .batch = batch, .report = report };

    if (!batch)
        return pst_options_fail(&usage, error);
    work.inputs = pst_inputs_ref(batch->inputs);
    work.cancellable = pst_interrupt_watch();
    work.pool = pst_thread_pool_new((int)request->threads);
    for (guint i = 0; i < batch->problems->len; i++)
        pst_report_problem(report, batch->problems->pdata[i]);
    if (batch->items->len > 0) {
        if (prepare(&work, &error)) {
            pst_report_start(report, batch->items->len, total(batch), batch->others, styles, 0,
                             pst_thread_pool_threads(work.pool));
            adapt_all(&work);
        } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
            pst_report_problem(report, error);
        }
    } else if (batch->problems->len == 0) {
        g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    _("%s: no picture in it; give a folder with JPEG or PNG files"), request->photos[0]);
        pst_report_problem(report, error);
    }
    pst_domain_free(work.source);
    pst_domain_free(work.target);
    pst_model_free(work.model);
    pst_thread_pool_free(work.pool);
    pst_inputs_unref(work.inputs);
    g_object_unref(work.cancellable);
    return pst_report_finish(report, pst_interrupt_signal());
}

int pst_command_adapt(int argc, char **argv)
{
    static Request request;
    static Texts texts;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "like", 'l', 0, G_OPTION_ARG_FILENAME, &request.like, N_("Whose light to take"), N_("PHOTO|FOLDER") },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output, N_("Where to write"), N_("FILE|FOLDER") },
        { "method", 0, 0, G_OPTION_ARG_FILENAME, &texts.method, N_("colour (default), network or fourier"),
          N_("METHOD") },
        { "strength", 0, 0, G_OPTION_ARG_FILENAME, &texts.strength,
          N_("From the photograph to the whole change (default 1; of network 0.8)"), "0..1" },
        { "noise", 0, 0, G_OPTION_ARG_FILENAME, &texts.noise, N_("Take over noise and grain as well (default 0)"),
          "0..1" },
        { "each", 0, 0, G_OPTION_ARG_NONE, &request.each, N_("Match every photograph by itself"), NULL },
        { "cube", 0, 0, G_OPTION_ARG_FILENAME, &request.cube,
          N_("Also write the change of colors as a table for other programs"), N_("FILE.cube") },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &texts.quality, N_("Quality of JPEG results (default 92)"),
          "1..100" },
        { "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, &texts.conflict,
          N_("When the result exists: unique (default; a free name), overwrite or skip"), N_("HOW") },
        { "metadata", 0, 0, G_OPTION_ARG_FILENAME, &texts.metadata,
          N_("Keep of the photograph's data: private (default; no place), all or none"), N_("WHAT") },
        { "recursive", 'r', 0, G_OPTION_ARG_NONE, &request.recursive,
          N_("Also adapt what is in folders within folders"), NULL },
        PST_OPTION_THREADS(&texts.threads),
        PST_OPTION_JSON(&request.json),
        { "stats", 0, 0, G_OPTION_ARG_NONE, &request.statistics, N_("Tell how much of the structure was kept"), NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.photos, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (request.json)
        pst_language_untranslated();
    if (!check(&request, &texts, &error))
        return pst_options_fail(&usage, error);
    return run(&request);
}
