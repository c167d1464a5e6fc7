/* pastiche info: describes picture, style and model files. */
#include "command.h"
#include "console.h"
#include "facts.h"
#include "file_kind.h"
#include "options.h"

#include "engine/network/safetensors.h"
#include "engine/picture/reader.h"
#include "engine/transfer/style.h"

#include <string.h>

static const PstUsage usage = {
    .command = "pastiche info",
    .parameters = "FILE...",
    .summary = "Describes picture files (JPEG, PNG), style files and model files (safetensors).",
    .description =
        "Of a picture only the header is read.\n"
        "Exit status: 0 all described, 1 some can't be read, 2 wrong usage.",
};

static void describe_picture(PstFacts *facts, const PstPictureInfo *info)
{
    static const char *const turns[] = {
        [1] = "upright", [2] = "mirrored", [3] = "upside down", [4] = "mirrored, upside down",
        [5] = "mirrored, on its side", [6] = "on its left side", [7] = "mirrored, on its side",
        [8] = "on its right side",
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
    pst_facts_set(facts, "dpi", info->dpi_x > 0 ? json_pack("[f, f]", info->dpi_x, info->dpi_y)
                                                : json_null());
    pst_facts_set(facts, "exif_bytes", json_integer(
        info->exif ? (json_int_t)g_bytes_get_size(info->exif) : 0));

    pst_facts_say(facts, "kind", "%s picture%s", pst_format_name(info->format),
                  !info->progressive ? "" :
                  info->format == PST_FORMAT_PNG ? ", interlaced" : ", progressive");
    pst_facts_say(facts, "size", "%d x %d pixels (%.2f megapixels)", info->width, info->height,
                  (double)info->width * info->height / 1e6);
    pst_facts_say(facts, "colour", "%s, %d bit%s%s", pst_colour_name(info->colour), info->depth,
                  info->depth > 1 ? "s" : "", info->alpha ? ", transparent" : "");
    if (info->orientation >= 2 && info->orientation <= 8)
        pst_facts_say(facts, "orientation", "%d: stored %s, and turned upright when read",
                      info->orientation, turns[info->orientation]);
    if (info->dpi_x > 0)
        pst_facts_say(facts, "resolution", "%g x %g dots per inch", info->dpi_x, info->dpi_y);
    pst_facts_say(facts, "profile", "%s", info->profile ? info->profile : "none, taken as sRGB");
    pst_facts_set(facts, "profile", pst_json_text(info->profile));
    if (info->exif)
        pst_facts_say(facts, "exif", "%" G_GSIZE_FORMAT " bytes", g_bytes_get_size(info->exif));
    pst_facts_text(facts, "warning", info->warning);
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

    pst_facts_text(facts, "kind", "style");
    pst_facts_text(facts, "name", style->name);
    pst_facts_text(facts, "artist", style->artist);
    pst_facts_text(facts, "year", style->year);
    pst_facts_text(facts, "movement", style->movement);
    pst_facts_text(facts, "licence", style->licence);
    pst_facts_text(facts, "author", style->author);
    pst_facts_set(facts, "trained", json_boolean(style->change != NULL));
    if (style->change)
        pst_facts_say(facts, "trained", "yes, on the pictures it was made from");
    describe_story(facts, style);
    pst_facts_set(facts, "thumbnail_bytes", json_integer((json_int_t)thumbnail));
    if (thumbnail)
        pst_facts_say(facts, "thumbnail", "JPEG, %" G_GSIZE_FORMAT " bytes", thumbnail);
    else
        pst_facts_say(facts, "thumbnail", "none");
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
    pst_facts_say(facts, "kind", "model, %u tensors, %" G_GSIZE_FORMAT " values",
                  pst_tensors_count(tensors), values);
    pst_facts_set(facts, "values", json_integer((json_int_t)values));
    for (guint i = 0; i < pst_tensors_count(tensors); i++) {
        const PstTensor *tensor = pst_tensors_at(tensors, i);
        g_autofree char *shape = format_shape(tensor);
        json_t *sides = json_array();

        for (int d = 0; d < tensor->dims; d++)
            json_array_append_new(sides, json_integer(tensor->shape[d]));
        json_array_append_new(list, json_pack("{s:o, s:s, s:o}",
                                              "name", pst_json_text(tensor->name),
                                              "type", types[tensor->type], "shape", sides));
        pst_facts_say(facts, tensor->name, "%s%s%s", types[tensor->type], *shape ? "  " : "",
                      shape);
    }
    pst_facts_set(facts, "tensors", list);
}

/* Styles and models have the same container; its metadata tells which it is. */
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
    describe_tensors(facts, tensors);
    return TRUE;
}

static gboolean fill(PstFacts *facts, const char *path, GError **error)
{
    g_auto(PstPictureInfo) info = { 0 };

    if (pst_file_kind(path) == PST_FILE_TENSORS)
        return fill_from_tensors(facts, path, error);
    if (!pst_picture_probe(path, &info, error))
        return FALSE;
    describe_picture(facts, &info);
    return TRUE;
}

/* FALSE when the file can't be described, which has been told. */
static gboolean describe(const char *path, gboolean json)
{
    g_autoptr(PstFacts) facts = pst_facts_new(path);
    g_autoptr(GError) error = NULL;

    if (fill(facts, path, &error)) {
        if (json)
            pst_facts_print_json(facts);
        else
            pst_facts_print(facts);
        return TRUE;
    }
    if (json)
        pst_console_json(json_pack("{s:o, s:o}", "file", pst_json_text(path), "error",
                                   pst_json_text(error->message)));
    else
        pst_console_error("%s", error->message);
    return FALSE;
}

int pst_command_info(int argc, char **argv)
{
    gboolean json = FALSE, failed = FALSE;
    g_auto(GStrv) files = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Describe as JSON, one object a line", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, argc, argv, &status))
        return status;
    if (!files) {
        g_set_error(&error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "a file is missing");
        return pst_options_fail(&usage, error);
    }
    for (int i = 0; files[i] && pst_console_writable(); i++)
        failed |= !describe(files[i], json);
    status = pst_console_finish();
    return failed ? PST_EXIT_FAILED : status;
}
