#include "look_options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_THREADS 1024

void pst_look_options_add(PstStylizeRequest *request, PstLookTexts *texts, GOptionEntry *entries)
{
    const GOptionEntry style = { "style",
                                 's',
                                 0,
                                 G_OPTION_ARG_FILENAME_ARRAY,
                                 &request->style_texts,
                                 N_("A style; several are mixed"),
                                 N_("STYLE[:WEIGHT]") };
    const GOptionEntry others[] = {
        { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &request->recipe,
          N_("Paint by a recipe, or by that in a picture; options beside it go first"), N_("FILE") },
        { "strength", 0, 0, G_OPTION_ARG_FILENAME, &texts->strength,
          N_("From the photograph to the full painting (default 1)"), "0..1" },
        { "detail", 0, 0, G_OPTION_ARG_FILENAME, &texts->detail, N_("How much of the fine drawing is kept (default 1)"),
          "0..2" },
        { "style-size", 0, 0, G_OPTION_ARG_FILENAME, &texts->style_size,
          N_("Look at style pictures at this short side (default 512)"), N_("PIXELS") },
        { "stroke", 0, 0, G_OPTION_ARG_FILENAME, &texts->stroke, N_("Strokes so many times larger"), "0.5..4" },
        { "canvas", 0, 0, G_OPTION_ARG_FILENAME, &texts->canvas,
          N_("Strokes are larger on a photograph whose short side is above this (default 512; 0: never)"),
          N_("PIXELS") },
        { "keep-colors", 0, 0, G_OPTION_ARG_NONE, &request->keep_colours, N_("Keep the photograph's colors"), NULL },
        { "keep-colours", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &request->keep_colours, NULL, NULL },
        { "size", 0, 0, G_OPTION_ARG_FILENAME, &texts->size, N_("Resize to this long side before painting"),
          N_("PIXELS") },
        { "shard", 0, 0, G_OPTION_ARG_FILENAME, &texts->shard,
          N_("Paint one of N equal parts only; auto: as the job array says that this is a task of"), N_("I/N|auto") },
        { "threads", 0, 0, G_OPTION_ARG_FILENAME, &texts->threads, N_("Threads to use (default: one per processor)"),
          "N" },
    };

    G_STATIC_ASSERT(1 + PST_STYLE_SOURCE_OPTIONS + G_N_ELEMENTS(others) == PST_LOOK_OPTIONS);
    entries[0] = style;
    pst_style_source_add_options(&request->source, entries + 1);
    memcpy(entries + 1 + PST_STYLE_SOURCE_OPTIONS, others, sizeof others);
}

gboolean pst_look_options_check(PstStylizeRequest *request, const PstLookTexts *texts, GError **error)
{
    const struct {
        PstLookSetting setting;
        const char *option, *text;
    } numbers[] = {
        { PST_LOOK_STRENGTH, "--strength", texts->strength },
        { PST_LOOK_DETAIL, "--detail", texts->detail },
        { PST_LOOK_STROKE, "--stroke", texts->stroke },
        { PST_LOOK_CANVAS, "--canvas", texts->canvas },
        { PST_LOOK_STYLE_SIDE, "--style-size", texts->style_size },
        { PST_LOOK_SIZE, "--size", texts->size },
    };
    gint64 threads = 0;

    if (!pst_stylize_request_has_style(request) && !request->recipe) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            _("a style is missing, --style NAME or --style FILE"));
        return FALSE;
    }
    if (!pst_style_source_check(&request->source, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (!pst_stylize_request_number(request, numbers[i].setting, numbers[i].option, numbers[i].text, error))
            return FALSE;
    }
    if (!pst_option_whole("--threads", texts->threads, 1, MOST_THREADS, &threads, error) ||
        (texts->shard && !pst_shard_parse(texts->shard, &request->shard, error)))
        return FALSE;
    request->threads = (int)threads;
    return TRUE;
}
