/* pastiche augment: makes more of a few labelled pictures. */
#include "app/common/atlas.h"
#include "app/common/language.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "options.h"
#include "picture_list.h"
#include "progress.h"
#include "style_argument.h"

#include "engine/dataset/augmented_dataset.h"
#include "engine/dataset/dataset_check.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define COPIES    3
#define LEAST     0.3 /* strength */
#define MOST      0.8
#define LIGHT     1
#define PLAIN     0.25 /* of the copies */
#define STRUCTURE 0.4
#define LISTED    6 /* files of a finding */

static const PstUsage usage = {
    .command = "pastiche augment",
    .parameters = N_("DATASET"),
    .summary = N_("Makes more of a few labelled pictures: copies in other styles and lights, with the same labels, to\n"
                  "train classifiers and detectors with."),
    .description = N_(
        "DATASET is a folder with a folder for each class, a YOLO dataset (images/, labels/) or a COCO one\n"
        "(annotations/*.json). OUT gets all of its files, and copies of the pictures of its train split.\n"
        "Pixels stay where they are, so annotations and masks are copied; OUT/manifest.jsonl says what\n"
        "came from what. Copies without much of their picture's structure are dropped.\n"
        "\n"
        "Styles:\n"
        "  random    invented ones (default)\n"
        "  bank      the artworks that \"pastiche styles --search\" finds\n"
        "  built-in  those that come with the program\n"
        "  own       your own\n"
        "  none      other lights only\n"
        "--style names some instead. --like makes copies look like pictures of another domain, labelled or\n"
        "not, which classifiers are meant for.\n"
        "\n"
        "What is odd about the dataset is told first; --check does nothing else.\n"
        "\n"
        "Example:\n"
        "  pastiche augment clothes/ -o clothes-more/ --copies 3"),
};

static const char *const kinds[] = { "random", "bank", "built-in", "own", "none", NULL };
enum { KIND_RANDOM, KIND_BANK, KIND_BUILT_IN, KIND_OWN, KIND_NONE };

typedef struct {
    char **datasets, *output, **styles, *like;
    int kind, method;
    gint64 copies, seed, threads, quality;
    double least, most, light, plain;
    gboolean check, json;
} Request;

typedef struct {
    char *copies, *kind, *method, *strength, *light, *plain, *seed, *threads, *quality;
} Texts;

static gboolean fail(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

/* "0.3..0.8", or one number. */
static gboolean check_range(const char *option, const char *text, double *least, double *most, GError **error)
{
    const char *dots = text ? strstr(text, "..") : NULL;
    g_autofree char *first = dots ? g_strndup(text, (gsize)(dots - text)) : g_strdup(text);

    if (!text)
        return TRUE;
    if (!pst_option_real(option, first, 0, 1, least, error) ||
        !pst_option_real(option, dots ? dots + 2 : first, 0, 1, most, error))
        return FALSE;
    if (*least <= *most)
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s %s: the first number is the larger one"), option,
                text);
    return FALSE;
}

static gboolean check(Request *request, const Texts *texts, GError **error)
{
    request->copies = COPIES;
    request->least = LEAST;
    request->most = MOST;
    request->light = LIGHT;
    request->plain = PLAIN;
    if (!request->datasets || request->datasets[1])
        return fail(error, request->datasets ? _("one dataset at a time") : _("a dataset is missing"));
    if (!request->output && !request->check)
        return fail(error, _("-o is missing, a folder for the larger dataset"));
    if (request->styles && texts->kind)
        return fail(error, _("--style and --styles exclude each other; leave one out"));
    return pst_option_whole("--copies", texts->copies, 1, 1000, &request->copies, error) &&
           pst_option_choice("--styles", texts->kind, kinds, &request->kind, error) &&
           pst_option_choice("--method", texts->method, pst_adaptation_names, &request->method, error) &&
           check_range("--strength", texts->strength, &request->least, &request->most, error) &&
           pst_option_real("--light", texts->light, 0, 1, &request->light, error) &&
           pst_option_real("--plain", texts->plain, 0, 1, &request->plain, error) &&
           pst_option_whole("--seed", texts->seed, 0, G_MAXINT64, &request->seed, error) &&
           pst_option_whole("--quality", texts->quality, 1, 100, &request->quality, error) &&
           pst_option_whole("--threads", texts->threads, 1, 1024, &request->threads, error);
}

/* ---- styles --------------------------------------------------------------------------------- */

typedef struct {
    const Request *request;
    PstAtlas *atlas;    /* of random ones and artworks */
    GPtrArray *library; /* or of PstStyleArgument: those that were named */
    GPtrArray *styles;  /* const PstStyle, of library */
} Styles;

static PstStyle *choose(PstRandom *random, gpointer data, GError **error)
{
    const Styles *styles = data;

    if (styles->styles)
        return pst_style_copy(styles->styles->pdata[pst_random_below(random, (int)styles->styles->len)]);
    if (styles->request->kind == KIND_BANK) {
        const PstArtworks *artworks = styles->atlas->artworks;

        return pst_artwork_style(&artworks->artworks[pst_random_below(random, artworks->count)]);
    }
    return pst_atlas_surprise(styles->atlas, pst_random_bits(random));
}

static gboolean name_styles(Styles *styles, const PstModel *model, PstThreadPool *pool, GCancellable *cancellable,
                            GError **error)
{
    g_autoptr(GPtrArray) library = pst_style_library_read(pst_console_warn, NULL);
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);

    styles->library = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);
    for (int i = 0; styles->request->styles[i]; i++) {
        PstStyleArgument *argument = pst_style_argument_new(styles->request->styles[i], library, error);

        if (!argument)
            return FALSE;
        g_ptr_array_add(styles->library, argument);
        if (!pst_style_argument_load(argument, cache, model, pool, NULL, PST_STYLE_SIDE, FALSE, cancellable, error))
            return FALSE;
        g_ptr_array_add(styles->styles, argument->style);
    }
    return TRUE;
}

static gboolean take_library(Styles *styles, GError **error)
{
    gboolean own = styles->request->kind == KIND_OWN;

    styles->library = pst_style_library_read(pst_console_warn, NULL);
    for (guint i = 0; i < styles->library->len; i++) {
        const PstStyleEntry *entry = styles->library->pdata[i];

        if (pst_style_library_is_own(entry) == own)
            g_ptr_array_add(styles->styles, entry->style);
    }
    return styles->styles->len > 0 || fail(error, _("there are no styles of your own yet"));
}

static gboolean find_styles(Styles *styles, const PstModel *model, PstThreadPool *pool, GCancellable *cancellable,
                            GError **error)
{
    if (!styles->request->styles && styles->request->kind <= KIND_BANK)
        return (styles->atlas = pst_atlas_load(error)) != NULL;
    styles->styles = g_ptr_array_new();
    return styles->request->styles ? name_styles(styles, model, pool, cancellable, error) : take_library(styles, error);
}

static void styles_clear(Styles *styles)
{
    pst_atlas_free(styles->atlas);
    g_clear_pointer(&styles->styles, g_ptr_array_unref);
    g_clear_pointer(&styles->library, g_ptr_array_unref);
}

/* ---- the work ------------------------------------------------------------------------------- */

typedef struct {
    const Request *request;
    PstDataset *dataset;
    PstModel *model;
    PstThreadPool *pool;
    PstProgress *progress;
    PstDomain *source, *target;
    GCancellable *cancellable;
} Work;

static void tell_progress(const char *file, double share, gpointer data)
{
    Work *work = data;

    pst_progress_update(work->progress, share, file);
}

static void tell_failed(const GError *error, gpointer data)
{
    Work *work = data;

    pst_progress_clear(work->progress);
    pst_console_failure(error);
}

static GPtrArray *train_pictures(const PstDataset *dataset)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < dataset->pictures->len; i++) {
        const PstLabelledPicture *picture = dataset->pictures->pdata[i];

        if (picture->train)
            g_ptr_array_add(paths, g_build_filename(dataset->folder, picture->file, NULL));
    }
    return paths;
}

static gboolean read_target(Work *work, GError **error)
{
    g_autoptr(GPtrArray) like = pst_picture_list(work->request->like, TRUE, error);
    g_autoptr(GPtrArray) train = train_pictures(work->dataset);
    const PstModel *model = work->request->method == PST_ADAPTATION_NETWORK ? work->model : NULL;

    return like &&
           (work->target = pst_picture_list_domain(like, model, work->pool, tell_failed, work, work->cancellable,
                                                   error)) &&
           (work->source = pst_picture_list_domain(train, NULL, NULL, tell_failed, work, work->cancellable, error));
}

/* Findings of a dataset, before it is augmented or after; files that they name are listed as far as a line goes. */
static gboolean tell_findings(Work *work, const PstDataset *dataset, GError **error)
{
    json_auto_t *findings = pst_dataset_check(dataset, tell_progress, work, work->cancellable, error);
    json_t *finding, *file;
    size_t i, k;

    pst_progress_clear(work->progress);
    if (!findings)
        return FALSE;
    if (work->request->json) {
        pst_console_json(json_pack("{s:o, s:O}", "dataset", pst_json_text(dataset->folder), "findings", findings));
        return TRUE;
    }
    json_array_foreach(findings, i, finding) {
        const json_t *files = json_object_get(finding, "files");
        g_autoptr(GString) line = g_string_new(json_string_value(json_object_get(finding, "text")));

        json_array_foreach(files, k, file) {
            if (k < LISTED)
                g_string_append_printf(line, "%s %s", k ? "," : ":", json_string_value(file));
        }
        if (json_array_size(files) > LISTED)
            g_string_append(line, ", …");
        pst_console_error("%s", line->str);
    }
    return TRUE;
}

static void report(const Work *work, const PstAugmentedCount *count)
{
    const Request *request = work->request;
    g_autofree char *manifest = g_build_filename(request->output, PST_AUGMENTED_MANIFEST, NULL);

    if (request->json) {
        pst_console_json(json_pack("{s:o, s:o, s:s, s:i, s:i, s:i, s:i}", "output", pst_json_text(request->output),
                                   "manifest", pst_json_text(manifest), "layout",
                                   pst_layout_names[work->dataset->layout], "originals", count->originals, "copies",
                                   count->made, "dropped", count->dropped, "failed", count->failed));
        return;
    }
    pst_console_path(manifest);
    fprintf(stderr, _("%d pictures, %d copies; %d copies were dropped as their structure was lost\n"), count->originals,
            count->made, count->dropped);
}

static gboolean augment(Work *work, GError **error)
{
    const Request *request = work->request;
    Styles styles = { .request = request };
    PstAdaptationTask task = { .options = { (PstAdaptationMethod)request->method, 1, 1, (guint64)request->seed } };
    PstAugmentation augmentation = { .data = &styles,
                                     .least = request->least,
                                     .most = request->most,
                                     .light = request->light,
                                     .plain = request->plain,
                                     .structure = STRUCTURE,
                                     .seed = (guint64)request->seed };
    const PstAugmentedSettings settings = { .output = request->output,
                                            .copies = (int)request->copies,
                                            .quality = (int)request->quality,
                                            .progress = tell_progress,
                                            .failed = tell_failed,
                                            .data = work };
    PstAugmentedCount count;
    gboolean done = (work->model = pst_model_load_default(error)) != NULL;

    if (done && request->kind != KIND_NONE) {
        augmentation.style = choose;
        done = find_styles(&styles, work->model, work->pool, work->cancellable, error);
    }
    if (done && request->like && (done = read_target(work, error))) {
        task.source = work->source;
        task.target = work->target;
        task.model = work->model;
        task.pool = work->pool;
        augmentation.adaptation = &task;
    }
    done = done && pst_augmented_dataset_write(work->dataset, &augmentation, &settings, work->model, work->pool, &count,
                                               work->cancellable, error);
    pst_progress_clear(work->progress);
    if (done) {
        g_autoptr(PstDataset) larger = pst_dataset_open(request->output, error);

        report(work, &count);
        done = larger && tell_findings(work, larger, error);
    }
    styles_clear(&styles);
    return done;
}

static int run(const Request *request)
{
    Work work = { .request = request };
    g_autoptr(GError) error = NULL;
    gboolean done;

    work.cancellable = pst_interrupt_watch();
    work.pool = pst_thread_pool_new((int)request->threads);
    work.progress = pst_progress_new(1, !request->json && pst_progress_terminal());
    work.dataset = pst_dataset_open(request->datasets[0], &error);
    done = work.dataset != NULL && tell_findings(&work, work.dataset, &error) &&
           (request->check || augment(&work, &error));
    if (!done && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        pst_console_failure(error);
    else if (!done)
        pst_console_error(_("stopped; what was made before is kept"));
    pst_dataset_free(work.dataset);
    pst_domain_free(work.source);
    pst_domain_free(work.target);
    pst_model_free(work.model);
    pst_progress_free(work.progress);
    pst_thread_pool_free(work.pool);
    g_object_unref(work.cancellable);
    if (pst_interrupt_signal())
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    return done ? pst_console_finish() : PST_EXIT_FAILED;
}

int pst_command_augment(int argc, char **argv)
{
    static Request request;
    static Texts texts;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output, N_("The larger dataset: a new folder"), N_("OUT") },
        { "copies", 0, 0, G_OPTION_ARG_FILENAME, &texts.copies, N_("Copies of each picture (default 3)"), "N" },
        { "styles", 0, 0, G_OPTION_ARG_FILENAME, &texts.kind, N_("random (default), bank, built-in, own or none"),
          N_("WHICH") },
        { "style", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &request.styles, N_("A style; of several, one for each copy"),
          N_("STYLE") },
        { "strength", 0, 0, G_OPTION_ARG_FILENAME, &texts.strength, N_("How far copies are painted (default 0.3..0.8)"),
          "0..1" },
        { "light", 0, 0, G_OPTION_ARG_FILENAME, &texts.light, N_("How far the light of copies changes (default 1)"),
          "0..1" },
        { "plain", 0, 0, G_OPTION_ARG_FILENAME, &texts.plain,
          N_("Share of copies in another light only (default 0.25)"), "0..1" },
        { "like", 'l', 0, G_OPTION_ARG_FILENAME, &request.like, N_("Pictures that copies are to look like"),
          N_("PHOTO|FOLDER") },
        { "method", 0, 0, G_OPTION_ARG_FILENAME, &texts.method,
          N_("How to look like them: colour (default), network or fourier"), N_("METHOD") },
        { "seed", 0, 0, G_OPTION_ARG_FILENAME, &texts.seed, N_("Another number makes other copies (default 0)"), "N" },
        { "check", 0, 0, G_OPTION_ARG_NONE, &request.check, N_("Only tell what is odd about the dataset"), NULL },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &texts.quality, N_("Quality of JPEG results (default 92)"),
          "1..100" },
        PST_OPTION_THREADS(&texts.threads),
        PST_OPTION_JSON(&request.json),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.datasets, NULL, NULL },
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
