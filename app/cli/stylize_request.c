#include "stylize_request.h"

#include "app/common/language.h"

#include <glib/gi18n-lib.h>

const PstUsage pst_stylize_usage = {
    .command = "pastiche stylize",
    .parameters = N_("PHOTO..."),
    .summary = N_("Paints photographs (JPEG or PNG) in the style of a painting."),
    .description = N_("PHOTO is a picture file, or a folder: then all pictures in it are painted, sorted by\n"
                      "name. A picture that can't be read is told of, and the others go on.\n"
                      "\n"
                      "STYLE is a name that \"pastiche styles\" lists or a part of one, a style file, or any\n"
                      "picture file. Several are mixed, each with a weight if one is given:\n"
                      "  pastiche stylize photo.jpg --style wave:2 --style painting.jpg:1\n"
                      "\n"
                      "Results hold the recipe that they were made by, styles and settings; --save-recipe keeps\n"
                      "it as a file, and --recipe paints by it again, on any machine.\n"
                      "\n"
                      "Without -o, photo.jpg becomes photo-STYLE.jpg in the current folder. With a folder or\n"
                      "several photographs, -o is a folder, made if it is missing. Results have the format and\n"
                      "depth of their photograph unless -o or --format says otherwise. An existing file is left\n"
                      "alone unless --on-conflict says otherwise, and a photograph is never replaced.\n"
                      "\n"
                      "Prints the path of each result; progress is shown on a terminal only.\n"
                      "Exit status: 0 all done, 1 some or all failed, 2 wrong usage, 130 after Ctrl-C."),
};

static const char *const format_names[] = { "jpeg", "png", "png16", NULL };
static const struct {
    PstFormat format;
    int depth;
} formats[] = { { PST_FORMAT_JPEG, 8 }, { PST_FORMAT_PNG, 8 }, { PST_FORMAT_PNG, 16 } };

/* In the order of PstConflict. */
static const char *const conflict_names[] = { "unique", "overwrite", "skip", NULL };

/* In the order of PstMetadata. */
static const char *const metadata_names[] = { "private", "all", "none", NULL };

void pst_stylize_request_clear(PstStylizeRequest *request)
{
    g_strfreev(request->photos);
    g_strfreev(request->style_texts);
    g_free(request->output);
    g_free(request->recipe);
    g_free(request->save_recipe);
}

static gboolean fail_usage(GError **error, const char *message)
{
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
    return FALSE;
}

void pst_stylize_request_apply(const PstStylizeRequest *request, PstLook *look)
{
    const double *numbers = request->numbers;
    const gboolean *given = request->given;

    look->strength = given[PST_LOOK_STRENGTH] ? numbers[PST_LOOK_STRENGTH] : look->strength;
    look->detail = given[PST_LOOK_DETAIL] ? numbers[PST_LOOK_DETAIL] : look->detail;
    look->stroke = given[PST_LOOK_STROKE] ? numbers[PST_LOOK_STROKE] : look->stroke;
    look->style_side = given[PST_LOOK_STYLE_SIDE] ? (int)numbers[PST_LOOK_STYLE_SIDE] : look->style_side;
    look->size = given[PST_LOOK_SIZE] ? (int)numbers[PST_LOOK_SIZE] : look->size;
    look->keep_colours |= request->keep_colours;
}

/* A number of the look, within its range. An option that is given asks for something: 0, as usual, is none. */
static gboolean check_number(PstStylizeRequest *request, PstLookSetting setting, const char *option, const char *text,
                             GError **error)
{
    const PstLookNumber *range = &pst_look_numbers[setting];
    gint64 whole = 0;

    request->given[setting] = text != NULL;
    if (!range->whole)
        return pst_option_real(option, text, range->least, range->most, &request->numbers[setting], error);
    if (!pst_option_whole(option, text, MAX(1, (gint64)range->least), (gint64)range->most, &whole, error))
        return FALSE;
    request->numbers[setting] = (double)whole;
    return TRUE;
}

/* The values of options, as text. */
typedef struct {
    char *strength, *detail, *style_size, *stroke, *size, *format, *quality, *conflict, *metadata, *threads, *memory,
        *max_pixels;
} Texts;

static gboolean check(PstStylizeRequest *request, const Texts *texts, GError **error)
{
    gint64 quality = 0, threads = 0, memory = 0, pixels = 0;
    int format = -1, conflict = PST_CONFLICT_UNIQUE, metadata = PST_METADATA_PRIVATE;

    if (!request->photos)
        return fail_usage(error, _("a photograph is missing"));
    if (!request->style_texts && !request->recipe)
        return fail_usage(error, _("a style is missing, --style NAME or --style FILE"));
    if (!check_number(request, PST_LOOK_STRENGTH, "--strength", texts->strength, error) ||
        !check_number(request, PST_LOOK_DETAIL, "--detail", texts->detail, error) ||
        !check_number(request, PST_LOOK_STROKE, "--stroke", texts->stroke, error) ||
        !check_number(request, PST_LOOK_STYLE_SIDE, "--style-size", texts->style_size, error) ||
        !check_number(request, PST_LOOK_SIZE, "--size", texts->size, error) ||
        !pst_option_choice("--format", texts->format, format_names, &format, error) ||
        !pst_option_whole("--quality", texts->quality, 1, 100, &quality, error) ||
        !pst_option_choice("--on-conflict", texts->conflict, conflict_names, &conflict, error) ||
        !pst_option_choice("--metadata", texts->metadata, metadata_names, &metadata, error) ||
        !pst_option_whole("--threads", texts->threads, 1, 1024, &threads, error) ||
        !pst_option_whole("--memory", texts->memory, 16, 1 << 24, &memory, error) ||
        !pst_option_whole("--max-pixels", texts->max_pixels, 1, G_MAXINT64, &pixels, error))
        return FALSE;

    if (format >= 0) {
        request->format = formats[format].format;
        request->depth = formats[format].depth;
    }
    request->conflict = (PstConflict)conflict;
    request->metadata = (PstMetadata)metadata;
    request->quality = (int)quality;
    request->threads = (int)threads;
    request->memory = (gsize)memory << 20;
    request->limits.max_pixels = (guint64)pixels;
    return TRUE;
}

static void texts_clear(Texts *texts)
{
    g_free(texts->strength);
    g_free(texts->detail);
    g_free(texts->style_size);
    g_free(texts->stroke);
    g_free(texts->size);
    g_free(texts->format);
    g_free(texts->quality);
    g_free(texts->conflict);
    g_free(texts->metadata);
    g_free(texts->threads);
    g_free(texts->memory);
    g_free(texts->max_pixels);
}

/* FALSE when the command ends at once with `*status`. */
gboolean pst_stylize_request_parse(PstStylizeRequest *request, int argc, char **argv, int *status)
{
    Texts texts = { 0 };
    g_autoptr(GError) error = NULL;
    gboolean go_on;

    *request = (PstStylizeRequest){ 0 };
    const GOptionEntry entries[] = {
        { "style", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &request->style_texts, N_("A style; several are mixed"),
          N_("STYLE[:WEIGHT]") },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request->output, N_("Where to write"), N_("FILE|FOLDER") },
        { "strength", 0, 0, G_OPTION_ARG_FILENAME, &texts.strength,
          N_("From the photograph to the full painting (default 1)"), "0..1" },
        { "detail", 0, 0, G_OPTION_ARG_FILENAME, &texts.detail, N_("How much of the fine drawing is kept (default 1)"),
          "0..1" },
        { "style-size", 0, 0, G_OPTION_ARG_FILENAME, &texts.style_size,
          N_("Look at style pictures at this short side (default 512)"), N_("PIXELS") },
        { "stroke", 0, 0, G_OPTION_ARG_FILENAME, &texts.stroke, N_("Strokes so many times larger"), "1..4" },
        { "keep-colors", 0, 0, G_OPTION_ARG_NONE, &request->keep_colours, N_("Keep the photograph's colors"), NULL },
        { "keep-colours", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &request->keep_colours, NULL, NULL },
        { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &request->recipe,
          N_("Paint by a recipe, or by that in a picture; options beside it go first"), N_("FILE") },
        { "save-recipe", 0, 0, G_OPTION_ARG_FILENAME, &request->save_recipe, N_("Save styles and settings as a recipe"),
          N_("FILE") },
        { "no-recipe", 0, 0, G_OPTION_ARG_NONE, &request->no_recipe, N_("Leave the recipe out of the results"), NULL },
        { "size", 0, 0, G_OPTION_ARG_FILENAME, &texts.size, N_("Resize to this long side before painting"),
          N_("PIXELS") },
        { "format", 0, 0, G_OPTION_ARG_FILENAME, &texts.format, N_("Format of the results: jpeg, png (8 bit) or png16"),
          N_("FORMAT") },
        { "quality", 0, 0, G_OPTION_ARG_FILENAME, &texts.quality, N_("Quality of JPEG results (default 92)"),
          "1..100" },
        { "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, &texts.conflict,
          N_("When the result exists: unique (default; a free name), overwrite or skip"), N_("HOW") },
        { "metadata", 0, 0, G_OPTION_ARG_FILENAME, &texts.metadata,
          N_("Keep of the photograph's data: private (default; no place), all or none"), N_("WHAT") },
        { "recursive", 'r', 0, G_OPTION_ARG_NONE, &request->recursive,
          N_("Also paint what is in folders within folders"), NULL },
        { "threads", 0, 0, G_OPTION_ARG_FILENAME, &texts.threads, N_("Threads to use (default: one per processor)"),
          "N" },
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

    go_on = pst_options_parse(&pst_stylize_usage, entries, argc, argv, status);
    if (go_on && request->json)
        pst_language_untranslated();
    if (go_on && !check(request, &texts, &error)) {
        *status = pst_options_fail(&pst_stylize_usage, error);
        go_on = FALSE;
    }
    texts_clear(&texts);
    return go_on;
}
