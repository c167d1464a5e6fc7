#include "stylize_request.h"

#include "file_list.h"
#include "look_options.h"

#include "app/common/language.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const PstUsage pst_stylize_usage = {
    .command = "pastiche stylize",
    .parameters = N_("PHOTO..."),
    .summary = N_("Paints photographs in the style of a painting."),
    .description = N_("PHOTO is a picture file, or a folder: then all pictures in it are painted, sorted by\n"
                      "name. A picture that can't be read is reported, and the others go on.\n"
                      "\n"
                      "STYLE is a name that \"pastiche styles\" lists or a part of one, a style file, or any\n"
                      "picture file. Several are mixed, each with a weight if one is given:\n"
                      "  pastiche stylize photo.jpg --style wave:2 --style painting.jpg:1\n"
                      "\n"
                      "In place of STYLE, --words describes one, --sound takes one from music, --surprise and\n"
                      "--like invent one:\n"
                      "  pastiche stylize photo.jpg --words \"stormy blue impressionist sea, thick paint\"\n"
                      "\n"
                      "Results hold the recipe that they were made by, styles and settings; --save-recipe keeps\n"
                      "it as a file, and --recipe paints by it again, on any machine. Their XMP tells that a\n"
                      "trained model made them, this program, and the names and licences of the styles.\n"
                      "\n"
                      "Without -o, photo.jpg becomes photo-STYLE.jpg in the current folder. With a folder or\n"
                      "several photographs, -o is a folder, made if it is missing; paintings of this program in\n"
                      "folders are left out. - is standard input or output. Results have the format and\n"
                      "depth of their photograph unless -o or --format says otherwise. An existing file is left\n"
                      "alone unless --on-conflict says otherwise, and a photograph is never replaced.\n"
                      "\n"
                      "Prints the path of each result; progress is shown on a terminal only.\n"
                      "Exit status: 0 all done, 1 some or all failed, 2 wrong usage, 75 worth another try (too\n"
                      "little memory or disk), 130 after Ctrl-C."),
};

static const char *const format_names[] = { "jpeg", "png", "png16", "tiff", "tiff16", "webp", "ora", NULL };
static const struct {
    PstFormat format;
    int depth;
} formats[] = { { PST_FORMAT_JPEG, 8 },  { PST_FORMAT_PNG, 8 },  { PST_FORMAT_PNG, 16 },      { PST_FORMAT_TIFF, 8 },
                { PST_FORMAT_TIFF, 16 }, { PST_FORMAT_WEBP, 8 }, { PST_FORMAT_OPENRASTER, 8 } };

/* In the order of PstMetadata. */
static const char *const metadata_names[] = { "private", "all", "none", NULL };

/* In the order of PstConflict, and more. */
static const char *const conflict_names[] = { "unique", "overwrite", "skip", "resume", NULL };
#define RESUME (PST_CONFLICT_SKIP + 1)

static gboolean fail_usage(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

PstExportSettings pst_stylize_request_export(const PstStylizeRequest *request, const char *recipe)
{
    return (PstExportSettings){
        .write = { .format = request->format,
                   .quality = request->quality,
                   .depth = request->depth,
                   .pyramid = request->pyramid,
                   .conflict = request->conflict,
                   .metadata = request->metadata,
                   .recipe = request->no_recipe ? NULL : recipe },
        .limits = request->limits,
        .memory = request->memory,
        .keep_times = request->keep_times,
    };
}

void pst_stylize_request_apply(const PstStylizeRequest *request, PstLook *look)
{
    const double *numbers = request->numbers;
    const gboolean *given = request->given;

    look->strength = given[PST_LOOK_STRENGTH] ? numbers[PST_LOOK_STRENGTH] : look->strength;
    look->detail = given[PST_LOOK_DETAIL] ? numbers[PST_LOOK_DETAIL] : look->detail;
    look->stroke = given[PST_LOOK_STROKE] ? numbers[PST_LOOK_STROKE] : look->stroke;
    look->canvas = given[PST_LOOK_CANVAS] ? (int)numbers[PST_LOOK_CANVAS] : look->canvas;
    look->style_side = given[PST_LOOK_STYLE_SIDE] ? (int)numbers[PST_LOOK_STYLE_SIDE] : look->style_side;
    look->size = given[PST_LOOK_SIZE] ? (int)numbers[PST_LOOK_SIZE] : look->size;
    look->likeness = given[PST_LOOK_LIKENESS] ? numbers[PST_LOOK_LIKENESS] : look->likeness;
    look->finish = request->finish >= 0 ? (PstFinish)request->finish : look->finish;
    look->keep_colours |= request->keep_colours;
}

gboolean pst_stylize_request_has_style(const PstStylizeRequest *request)
{
    return request->style_texts || pst_style_source_is_given(&request->source);
}

gboolean pst_stylize_request_number(PstStylizeRequest *request, PstLookSetting setting, const char *option,
                                    const char *text, GError **error)
{
    const PstLookNumber *range = &pst_look_numbers[setting];
    gint64 whole = 0;

    request->given[setting] = text != NULL;
    if (!range->whole)
        return pst_option_real(option, text, range->least, range->most, &request->numbers[setting], error);
    if (!pst_option_whole(option, text, setting == PST_LOOK_SIZE ? 1 : (gint64)range->least, (gint64)range->most,
                          &whole, error))
        return FALSE;
    request->numbers[setting] = (double)whole;
    return TRUE;
}

/* The values of options, as text. */
typedef struct {
    PstLookTexts look;
    char *files_from, *finish, *likeness, *format, *quality, *conflict, *metadata, *memory, *max_pixels;
} Texts;

/* The photographs of a list, behind those of the command line. */
static gboolean add_list(PstStylizeRequest *request, const char *path, GError **error)
{
    g_auto(GStrv) listed = NULL;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (int i = 0; request->photos && request->photos[i]; i++) {
        if (strcmp(request->photos[i], "-") == 0 && strcmp(path, "-") == 0)
            return fail_usage(error, _("--files-from -: standard input can't be a list and a photograph"));
        g_strv_builder_add(builder, request->photos[i]);
    }
    listed = pst_file_list_read(path, error);
    if (!listed)
        return FALSE;
    g_strv_builder_addv(builder, (const char **)listed);
    g_strfreev(request->photos);
    request->photos = g_strv_builder_end(builder);
    return request->photos[0] != NULL || fail_usage(error, _("--files-from: there is no name in the list"));
}

/* A job of several runs needs names that are known beforehand. */
static gboolean check_job(PstStylizeRequest *request, const Texts *texts, int conflict, GError **error)
{
    gboolean job = request->manifest || request->shard.count > 0;

    if (!texts->conflict && job)
        conflict = RESUME;
    request->resume = conflict == RESUME;
    request->conflict = request->resume ? PST_CONFLICT_SKIP : (PstConflict)conflict;
    if (job && conflict != RESUME && conflict != PST_CONFLICT_OVERWRITE)
        return fail_usage(error, _("--shard and --manifest go with --on-conflict resume or overwrite only"));
    if (request->manifest && g_strcmp0(request->output, PST_OUTPUT_STANDARD) == 0)
        return fail_usage(error, _("--manifest: what goes to standard output can't be told of"));
    if (request->resume && request->no_recipe && !request->manifest)
        return fail_usage(error, _("--no-recipe: without a recipe in results or a --manifest there is nothing to resume"
                                   " by"));
    return TRUE;
}

static gboolean writes_openraster(const PstStylizeRequest *request)
{
    return request->format == PST_FORMAT_OPENRASTER ||
           (request->format == PST_FORMAT_UNKNOWN && request->output &&
            pst_format_from_suffix(request->output) == PST_FORMAT_OPENRASTER);
}

static gboolean check(PstStylizeRequest *request, const Texts *texts, GError **error)
{
    gint64 quality = 0, memory = 0, pixels = 0;
    int format = -1, conflict = PST_CONFLICT_UNIQUE, metadata = PST_METADATA_PRIVATE;

    if (texts->files_from && !add_list(request, texts->files_from, error))
        return FALSE;
    if (!request->photos)
        return fail_usage(error, _("a photograph is missing"));
    if (!pst_look_options_check(request, &texts->look, error))
        return FALSE;
    if (request->region_texts && (!request->recipe || pst_stylize_request_has_style(request)))
        return fail_usage(error, _("--region goes with the regions of a --recipe only"));
    if (!pst_stylize_request_number(request, PST_LOOK_LIKENESS, "--likeness", texts->likeness, error) ||
        !pst_option_choice("--finish", texts->finish, pst_finish_names, &request->finish, error) ||
        !pst_option_choice("--format", texts->format, format_names, &format, error) ||
        !pst_option_whole("--quality", texts->quality, 1, 100, &quality, error) ||
        !pst_option_choice("--on-conflict", texts->conflict, conflict_names, &conflict, error) ||
        !pst_option_choice("--metadata", texts->metadata, metadata_names, &metadata, error) ||
        !pst_option_whole("--memory", texts->memory, 16, 1 << 24, &memory, error) ||
        !pst_option_whole("--max-pixels", texts->max_pixels, 1, G_MAXINT64, &pixels, error) ||
        !check_job(request, texts, conflict, error))
        return FALSE;

    if (format >= 0) {
        request->format = formats[format].format;
        request->depth = formats[format].depth;
    }
    if (request->resume && !request->manifest && writes_openraster(request))
        return fail_usage(error, _("OpenRaster files aren't read: without a --manifest there is nothing to resume by"));
    if (g_strcmp0(request->output, PST_OUTPUT_STANDARD) == 0 && request->json)
        return fail_usage(error, _("-o -: standard output can't take a picture and JSON; leave --json out"));
    for (int i = 0; request->photos[i]; i++) {
        if (strcmp(request->photos[i], "-") == 0) {
            if (request->manifest)
                return fail_usage(error, _("--manifest: standard input can't be told of"));
            g_free(request->photos[i]);
            request->photos[i] = g_strdup("/dev/stdin");
        }
    }
    request->metadata = (PstMetadata)metadata;
    request->quality = (int)quality;
    request->memory = (gsize)memory << 20;
    request->limits.max_pixels = (guint64)pixels;
    return TRUE;
}

gboolean pst_stylize_request_parse(PstStylizeRequest *request, int argc, char **argv, int *status)
{
    static Texts texts;
    g_autoptr(GError) error = NULL;
    GOptionEntry look[PST_LOOK_OPTIONS + 1] = { G_OPTION_ENTRY_NULL };
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request->output, N_("Where to write"), N_("FILE|FOLDER") },
        { "finish", 0, 0, G_OPTION_ARG_FILENAME, &texts.finish,
          N_("instant (default), or masterpiece: refined, which takes longer"), N_("HOW") },
        { "likeness", 0, 0, G_OPTION_ARG_FILENAME, &texts.likeness,
          N_("How firmly a masterpiece holds the photograph's forms (default 0.5)"), "0..1" },
        { "region", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request->region_texts,
          N_("Give a region of the recipe a strength, detail, likeness or keep-colors of its own"),
          N_("N:SETTING=VALUE") },
        { "save-recipe", 0, 0, G_OPTION_ARG_FILENAME, &request->save_recipe, N_("Save styles and settings as a recipe"),
          N_("FILE") },
        { "no-recipe", 0, 0, G_OPTION_ARG_NONE, &request->no_recipe,
          N_("Leave recipe and names of styles out of the results"), NULL },
        { "format", 0, 0, G_OPTION_ARG_FILENAME, &texts.format,
          N_("Format of the results: jpeg, png, tiff (8 bit), png16, tiff16, webp or ora (layers)"), N_("FORMAT") },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &texts.quality, N_("Quality of JPEG and WebP results (default 92)"),
          "1..100" },
        { "pyramid", 0, 0, G_OPTION_ARG_NONE, &request->pyramid,
          N_("Write TIFF in tiles, with smaller copies, as large ones are always"), NULL },
        { "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, &texts.conflict,
          N_("When the result exists: unique (default; a free name), overwrite, skip, or resume (skip those by the same"
             " recipe)"),
          N_("HOW") },
        { "files-from", 0, 0, G_OPTION_ARG_FILENAME, &texts.files_from,
          N_("Also paint the files that this one lists; - is standard input"), N_("FILE") },
        { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &request->manifest,
          N_("Note what was painted of what, for \"pastiche verify\""), N_("FILE") },
        { "metadata", 0, 0, G_OPTION_ARG_FILENAME, &texts.metadata,
          N_("Keep of the photograph's data: private (default; no place), all or none"), N_("WHAT") },
        { "own-profile", 0, 0, G_OPTION_ARG_NONE, &request->limits.own_profile,
          N_("Stay in the photograph's color profile (default: sRGB)"), NULL },
        { "salvage", 0, 0, G_OPTION_ARG_NONE, &request->limits.salvage, N_("Paint what is left of damaged photographs"),
          NULL },
        { "keep-times", 0, 0, G_OPTION_ARG_NONE, &request->keep_times,
          N_("Give results the file times of their photographs"), NULL },
        { "recursive", 'r', 0, G_OPTION_ARG_NONE, &request->recursive,
          N_("Also paint what is in folders within folders"), NULL },
        { "memory", 0, 0, G_OPTION_ARG_FILENAME, &texts.memory,
          N_("Working memory to aim at (default: 192, or a quarter of the machine's if that is less)"), "MB" },
        { "max-pixels", 0, 0, G_OPTION_ARG_FILENAME, &texts.max_pixels,
          N_("Refuse larger pictures (default 1000000000)"), "N" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &request->json, N_("Tell everything as JSON, one object a line"), NULL },
        { "stats", 0, 0, G_OPTION_ARG_NONE, &request->statistics,
          N_("Tell the time and the memory that each painting took"), NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request->photos, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };

    request->finish = -1;
    pst_look_options_add(request, &texts.look, look);
    if (!pst_options_parse(&pst_stylize_usage, entries, look, argc, argv, status))
        return FALSE;
    if (request->json)
        pst_language_untranslated();
    if (check(request, &texts, &error))
        return TRUE;
    *status = pst_options_fail(&pst_stylize_usage, error);
    return FALSE;
}
