/* pastiche info: describes picture, style and model files. */
#include "command.h"
#include "console.h"
#include "facts.h"
#include "app/common/advice.h"
#include "app/common/file_kind.h"
#include "app/common/language.h"
#include "options.h"
#include "style_facts.h"

#include "engine/base/memory_guard.h"
#include "engine/classify/classifier.h"
#include "engine/network/safetensors.h"
#include "engine/picture/reader.h"
#include "engine/paint/recipe.h"
#include "engine/style/style.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const PstUsage usage = {
    .command = "pastiche info",
    .parameters = N_("FILE..."),
    .summary = N_("Describes picture files, style files and model files (safetensors), and\n"
                  "recipes (JSON)."),
    .description = N_("A picture's style is told in words, with the artwork that is nearest; --quick reads only the\n"
                      "header.\n"
                      "Exit status: 0 all described, 1 some can't be read, 2 wrong usage."),
};

static json_t *styles_to_json(const PstLook *look)
{
    json_t *styles = json_array();

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const PstLookStyle *style = &look->regions[i].styles[k];

            json_array_append_new(styles, json_pack("{s:o, s:o, s:o, s:o, s:f, s:i}", "id", pst_json_text(style->id),
                                                    "name", pst_json_text(style->style->name), "file",
                                                    pst_json_text(style->file), "sha256", pst_json_text(style->hash),
                                                    "weight", style->weight, "region", i));
        }
    }
    return styles;
}

/* A recipe that names no region has one, everywhere, which goes without saying. */
static int count_regions(const PstLook *look)
{
    return look->count == 1 && !look->regions[0].mask ? 0 : look->count;
}

static json_t *manner_to_json(const PstLook *look, int region)
{
    PstPaintManner manner = pst_look_region_manner(look, region);

    return json_pack("{s:i, s:f, s:f, s:f, s:b}", "region", region, "strength", manner.strength, "detail",
                     manner.detail, "likeness", manner.likeness, "keep_colours", manner.keep_colours);
}

/* Of regions with settings of their own. */
static json_t *manners_to_json(const PstLook *look)
{
    json_t *manners = json_array();

    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].own)
            json_array_append_new(manners, manner_to_json(look, i));
    }
    return manners;
}

static void describe_manner(PstFacts *facts, const PstLook *look, int region)
{
    PstPaintManner manner = pst_look_region_manner(look, region);
    g_autofree char *name = g_strdup_printf(_("region %d"), region + 1);

    pst_facts_say(facts, name, _("strength %g, detail %g, likeness %g, colours %s"), manner.strength, manner.detail,
                  manner.likeness, manner.keep_colours ? _("those of the photograph") : _("those of the style"));
}

static json_t *recipe_to_json(const PstLook *look, const PstRecipeOrigin *origin)
{
    return json_pack("{s:o, s:o, s:o, s:f, s:f, s:b, s:f, s:i, s:s, s:f, s:i, s:i, s:i, s:o, s:o}", "program",
                     pst_json_text(origin->program), "model", pst_json_text(origin->model), "date",
                     pst_json_text(origin->date), "strength", look->strength, "detail", look->detail, "keep_colours",
                     look->keep_colours, "stroke", look->stroke, "canvas", look->canvas, "finish",
                     pst_finish_names[look->finish], "likeness", look->likeness, "style_size", look->style_side, "size",
                     look->size, "regions", count_regions(look), "region_settings", manners_to_json(look), "styles",
                     styles_to_json(look));
}

static void describe_style_of(PstFacts *facts, const PstLookStyle *style)
{
    if (style->file)
        pst_facts_say(facts, _("style"), _("%s, from %s, weight %g"), style->style->name, style->file, style->weight);
    else
        pst_facts_say(facts, _("style"), _("%s, weight %g"), style->style->name, style->weight);
}

static void describe_recipe(PstFacts *facts, const PstLook *look, const PstRecipeOrigin *origin)
{
    pst_facts_set(facts, "recipe", recipe_to_json(look, origin));
    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++)
            describe_style_of(facts, &look->regions[i].styles[k]);
    }
    pst_facts_say(facts, _("strength"), "%g", look->strength);
    pst_facts_say(facts, _("detail"), "%g", look->detail);
    pst_facts_say(facts, _("colours"), "%s",
                  look->keep_colours ? _("those of the photograph") : _("those of the style"));
    if (look->stroke != 1)
        pst_facts_say(facts, _("stroke"), _("%g times as large"), look->stroke);
    if (look->finish == PST_FINISH_MASTERPIECE)
        pst_facts_say(facts, _("finish"), _("masterpiece, likeness %g"), look->likeness);
    pst_facts_say(facts, _("style size"), _("%d pixels"), look->style_side);
    if (look->size)
        pst_facts_say(facts, _("long side"), _("%d pixels"), look->size);
    if (count_regions(look) > 0)
        pst_facts_say(facts, _("regions"), "%d", look->count);
    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].own)
            describe_manner(facts, look, i);
    }
    if (origin->program)
        pst_facts_say(facts, _("program"), "%s", origin->program);
    if (origin->date)
        pst_facts_say(facts, _("date"), "%s", origin->date);
}

/* The recipe that a picture was painted by. One that can't be read is reported; the picture is described anyway. */
static void describe_stored_recipe(PstFacts *facts, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_auto(PstRecipeOrigin) origin = { 0 };
    g_autoptr(PstLook) look = NULL;

    if (!text) {
        pst_facts_set(facts, "recipe", json_null());
        return;
    }
    look = pst_recipe_parse(text, strlen(text), _("recipe"), &origin, &error);
    if (look) {
        pst_facts_say(facts, _("recipe"), "%s", _("stored; \"pastiche stylize --recipe\" paints by it"));
        describe_recipe(facts, look, &origin);
    } else {
        g_autofree char *warning = pst_error_text(error);

        pst_facts_set(facts, "recipe", json_null());
        pst_facts_text(facts, "warning", warning);
    }
}

/* What the colours were taken for, and what says so. */
static void describe_colours(PstFacts *facts, const PstPictureInfo *info)
{
    static const char *const keys[] = { "nothing", "profile", "cICP", "sRGB", "gAMA", "EXIF", "samples" };
    const char *space = info->profile ? info->profile : "sRGB";

    switch (info->colour_by) {
    case PST_COLOUR_BY_PROFILE:
        pst_facts_say(facts, _("profile"), "%s", space);
        break;
    case PST_COLOUR_BY_CICP:
        pst_facts_say(facts, _("profile"), _("none; %s, as its code points (cICP) say"), space);
        break;
    case PST_COLOUR_BY_SRGB:
        pst_facts_say(facts, _("profile"), "%s", _("none; sRGB, as its sRGB chunk says"));
        break;
    case PST_COLOUR_BY_NUMBERS:
        pst_facts_say(facts, _("profile"), "%s",
                      info->profile ? _("none; by its gAMA and cHRM chunks")
                                    : _("none; sRGB, as its gAMA and cHRM chunks say"));
        break;
    case PST_COLOUR_BY_EXIF:
        pst_facts_say(facts, _("profile"), _("none; %s, as its EXIF says"), space);
        break;
    case PST_COLOUR_BY_SAMPLES:
        pst_facts_say(facts, _("profile"), "%s", _("none; linear light, as floating-point samples are"));
        break;
    case PST_COLOUR_BY_NOTHING:
        pst_facts_say(facts, _("profile"), "%s",
                      info->colour != PST_COLOUR_CMYK ? _("none, taken as sRGB")
                      : info->adobe_marker            ? _("none, taken as ink of an offset press on coated paper")
                                           : _("none, taken as ink of an offset press on coated paper; inverted, though"
                                               " without Adobe's marker"));
        break;
    }
    pst_facts_set(facts, "profile", pst_json_text(info->profile));
    pst_facts_set(facts, "colour_by", json_string(keys[info->colour_by]));
}

/* Who or what made the picture, as its XMP has it. */
static void describe_origin(PstFacts *facts, const PstPictureInfo *info)
{
    static const struct {
        const char *type, *text;
    } types[] = {
        { "compositeWithTrainedAlgorithmicMedia", N_("made from a photograph by a trained model") },
        { "trainedAlgorithmicMedia", N_("made by a trained model") },
        { "algorithmicallyEnhanced", N_("changed by rules, without a trained model") },
        { "digitalCapture", N_("taken by a camera") },
    };
    g_autofree char *type = pst_picture_info_source_type(info), *tool = pst_picture_info_creator_tool(info);

    for (gsize i = 0; type && i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].type, type) == 0)
            pst_facts_say(facts, _("origin"), "%s (%s)", _(types[i].text), type);
    }
    if (tool)
        pst_facts_say(facts, _("program"), "%s", tool);
    pst_facts_set(facts, "source_type", pst_json_text(type));
    pst_facts_set(facts, "creator_tool", pst_json_text(tool));
}

static void describe_picture(PstFacts *facts, const PstPictureInfo *info)
{
    static const char *const turns[] = {
        [1] = N_("upright"),
        [2] = N_("mirrored"),
        [3] = N_("upside down"),
        [4] = N_("mirrored, upside down"),
        [5] = N_("mirrored, on its side"),
        [6] = N_("on its left side"),
        [7] = N_("mirrored, on its side"),
        [8] = N_("on its right side"),
    };

    pst_facts_set(facts, "kind", json_string("picture"));
    pst_facts_set(facts, "format", json_string(pst_format_name(info->format)));
    pst_facts_set(facts, "width", json_integer(info->width));
    pst_facts_set(facts, "height", json_integer(info->height));
    pst_facts_set(facts, "colour", json_string(pst_colour_name(info->colour)));
    pst_facts_set(facts, "depth", json_integer(info->depth));
    pst_facts_set(facts, "alpha", json_boolean(info->alpha));
    pst_facts_set(facts, "progressive", json_boolean(info->progressive));
    pst_facts_set(facts, "orientation", json_integer(info->orientation));
    pst_facts_set(facts, "dpi", info->dpi_x > 0 ? json_pack("[f, f]", info->dpi_x, info->dpi_y) : json_null());
    pst_facts_set(facts, "exif_bytes", json_integer(info->exif ? (json_int_t)g_bytes_get_size(info->exif) : 0));

    pst_facts_say(facts, _("kind"),
                  !info->progressive                ? _("%s picture")
                  : info->format == PST_FORMAT_JPEG ? _("%s picture, progressive")
                                                    : _("%s picture, interlaced"),
                  pst_format_name(info->format));
    pst_facts_say(facts, _("size"), _("%d x %d pixels (%.2f megapixels)"), info->width, info->height,
                  (double)info->width * info->height / 1e6);
    pst_facts_say(facts, _("colour"),
                  info->alpha ? g_dngettext(GETTEXT_PACKAGE, "%s, %d bit, transparent", "%s, %d bits, transparent",
                                            (gulong)info->depth)
                              : g_dngettext(GETTEXT_PACKAGE, "%s, %d bit", "%s, %d bits", (gulong)info->depth),
                  _(pst_colour_name(info->colour)), info->depth);
    if (info->orientation >= 2 && info->orientation <= 8)
        pst_facts_say(facts, _("orientation"), _("%d: stored %s, and turned upright when read"), info->orientation,
                      _(turns[info->orientation]));
    if (info->dpi_x > 0)
        pst_facts_say(facts, _("resolution"), _("%g x %g dots per inch"), info->dpi_x, info->dpi_y);
    describe_colours(facts, info);
    if (info->exif)
        pst_facts_say(facts, _("exif"), _("%zu bytes"), g_bytes_get_size(info->exif));
    pst_facts_text(facts, "warning", info->warning);
    describe_origin(facts, info);
    describe_stored_recipe(facts, info->recipe);
}

/* How a style was trained: as JSON all of it, for people its sources. */
static void describe_story(PstFacts *facts, const PstStyle *style)
{
    const struct {
        const char *key, *text;
    } parts[] = { { "sources", style->sources },
                  { "recipe", style->recipe },
                  { "curve", style->curve },
                  { "report", style->report } };

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        json_t *parsed = parts[i].text ? json_loads(parts[i].text, 0, NULL) : NULL, *source;
        size_t k;

        if (!parsed)
            continue;
        json_array_foreach(i == 0 ? parsed : NULL, k, source)
            pst_facts_say(facts, "source", "%s", json_string_value(json_object_get(source, "file")));
        pst_facts_set(facts, parts[i].key, parsed);
    }
}

static void describe_style(PstFacts *facts, const PstStyle *style)
{
    gsize thumbnail = style->thumbnail ? g_bytes_get_size(style->thumbnail) : 0;

    pst_facts_set(facts, "kind", json_string("style"));
    pst_facts_say(facts, _("kind"), "%s", _("style"));
    pst_facts_text(facts, "name", style->name);
    pst_facts_text(facts, "artist", style->artist);
    pst_facts_text(facts, "year", style->year);
    pst_facts_text(facts, "movement", style->movement);
    pst_facts_text(facts, "licence", style->licence);
    pst_facts_text(facts, "author", style->author);
    pst_facts_set(facts, "trained", json_boolean(style->delta != NULL));
    if (style->delta)
        pst_facts_say(facts, "trained", "yes, on the pictures it was made from");
    describe_story(facts, style);
    pst_facts_set(facts, "thumbnail_bytes", json_integer((json_int_t)thumbnail));
    if (thumbnail)
        pst_facts_say(facts, _("thumbnail"), _("JPEG, %zu bytes"), thumbnail);
    else
        pst_facts_say(facts, _("thumbnail"), _("none"));
}

static char *format_shape(const PstTensor *tensor)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < tensor->dims; i++)
        g_string_append_printf(text, "%s%d", i > 0 ? " x " : "", tensor->shape[i]);
    return g_string_free(text, FALSE);
}

static void describe_tensors(PstFacts *facts, const PstTensors *tensors)
{
    static const char *const types[] = { "F32", "F16", "U8" };
    json_t *list = json_array();
    gsize values = 0;

    for (guint i = 0; i < pst_tensors_count(tensors); i++)
        values += pst_tensors_at(tensors, i)->count;
    pst_facts_set(facts, "kind", json_string("model"));
    pst_facts_say(facts, _("kind"), _("model, %u tensors, %zu values"), pst_tensors_count(tensors), values);
    pst_facts_set(facts, "values", json_integer((json_int_t)values));
    for (guint i = 0; i < pst_tensors_count(tensors); i++) {
        const PstTensor *tensor = pst_tensors_at(tensors, i);
        g_autofree char *shape = format_shape(tensor);
        json_t *sides = json_array();

        for (int d = 0; d < tensor->dims; d++)
            json_array_append_new(sides, json_integer(tensor->shape[d]));
        json_array_append_new(list, json_pack("{s:o, s:s, s:o}", "name", pst_json_text(tensor->name), "type",
                                              types[tensor->type], "shape", sides));
        pst_facts_say(facts, tensor->name, "%s%s%s", types[tensor->type], *shape ? "  " : "", shape);
    }
    pst_facts_set(facts, "tensors", list);
}

static void describe_classifier(PstFacts *facts, const PstClassifier *classifier)
{
    json_t *names = json_array();
    g_autoptr(GString) list = g_string_new(NULL);

    for (int k = 0; k < pst_classifier_classes(classifier); k++) {
        json_array_append_new(names, pst_json_text(pst_classifier_name(classifier, k)));
        g_string_append_printf(list, "%s%s", k ? ", " : "", pst_classifier_name(classifier, k));
    }
    pst_facts_set(facts, "kind", json_string("classifier"));
    pst_facts_say(facts, _("kind"), "%s", _("classifier"));
    pst_facts_set(facts, "classes", names);
    pst_facts_say(facts, _("classes"), "%s", list->str);
}

static gboolean fill_from_recipe(PstFacts *facts, const char *path, GError **error)
{
    g_auto(PstRecipeOrigin) origin = { 0 };
    g_autoptr(PstLook) look = pst_recipe_read(path, &origin, error);

    if (!look)
        return FALSE;
    pst_facts_set(facts, "kind", json_string("recipe"));
    pst_facts_say(facts, _("kind"), "%s", _("recipe"));
    describe_recipe(facts, look, &origin);
    return TRUE;
}

/* Styles, classifiers and models have the same container; its metadata tells which it is. */
static gboolean fill_from_tensors(PstFacts *facts, const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstStyle) style = NULL;
    const char *format;

    if (!tensors)
        return FALSE;
    format = pst_tensors_metadata(tensors, "format");
    if (format && g_str_has_prefix(format, "pastiche-style-")) {
        style = pst_style_read(path, error);
        if (style)
            describe_style(facts, style);
        return style != NULL;
    }
    if (format && g_str_has_prefix(format, "pastiche-classifier-")) {
        g_autoptr(PstClassifier) classifier = pst_classifier_read(path, error);

        if (classifier)
            describe_classifier(facts, classifier);
        return classifier != NULL;
    }
    describe_tensors(facts, tensors);
    return TRUE;
}

static gboolean fill(PstFacts *facts, const char *path, PstStyleTeller *teller, GCancellable *cancellable,
                     GError **error)
{
    g_auto(PstPictureInfo) info = { 0 };

    switch (pst_file_kind(path)) {
    case PST_FILE_TENSORS:
        return fill_from_tensors(facts, path, error);
    case PST_FILE_JSON:
        return fill_from_recipe(facts, path, error);
    default:
        break;
    }
    if (!pst_picture_probe(path, &info, error))
        return FALSE;
    describe_picture(facts, &info);
    if (teller)
        pst_style_teller_tell(teller, facts, path, cancellable);
    return TRUE;
}

/* FALSE when the file can't be described, which is reported. */
static gboolean describe(const char *path, gboolean json, PstStyleTeller *teller)
{
    g_autoptr(PstFacts) facts = pst_facts_new(path);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(NULL, &error);
    GCancellable *cancellable = guard ? pst_memory_guard_cancellable(guard) : NULL;
    g_autofree char *text = NULL;

    if (guard && fill(facts, path, teller, cancellable, &error) &&
        !g_cancellable_set_error_if_cancelled(cancellable, &error)) {
        if (json)
            pst_facts_print_json(facts);
        else
            pst_facts_print(facts);
        return TRUE;
    }
    pst_memory_guard_explain(guard, &error);
    if (error->domain == PST_MEMORY_ERROR)
        g_prefix_error(&error, "%s: ", path);
    text = pst_error_text(error);
    if (json)
        pst_console_json(json_pack("{s:o, s:o}", "file", pst_json_text(path), "error", pst_json_text(text)));
    else
        pst_console_error("%s", text);
    return FALSE;
}

int pst_command_info(int argc, char **argv)
{
    gboolean json = FALSE, quick = FALSE, failed = FALSE;
    g_autoptr(PstStyleTeller) teller = pst_style_teller_new();
    g_auto(GStrv) files = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Describe as JSON, one object a line"), NULL },
        { "quick", 0, 0, G_OPTION_ARG_NONE, &quick, N_("Of pictures read the header only"), NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (json)
        pst_language_untranslated();
    if (!files) {
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("a file is missing"));
        return pst_options_fail(&usage, error);
    }
    for (int i = 0; files[i] && pst_console_writable(); i++)
        failed |= !describe(files[i], json, quick ? NULL : teller);
    status = pst_console_finish();
    return failed ? PST_EXIT_FAILED : status;
}
