#include "recipe.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "pastiche-recipe-1"

/* Absent values are left out. */
static void set_text(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_string(text));
}

/* Numbers are written with 15 digits where that is all there is to them ("0.6"), else with 17, which no double
 * outlasts. */
static void set_real(json_t *object, const char *key, double value, int *digits)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (g_ascii_strtod(text, NULL) != value)
        *digits = 17;
    json_object_set_new(object, key, json_real(value));
}

/* IEEE 754 binary32, little-endian, as Base64. */
static json_t *floats_to_json(const float *floats, int count)
{
    g_autofree guint32 *words = g_new(guint32, count);
    g_autofree char *text = NULL;

    memcpy(words, floats, count * sizeof *words);
    for (int i = 0; i < count; i++)
        words[i] = GUINT32_TO_LE(words[i]);
    text = g_base64_encode((const guchar *)words, count * sizeof *words);
    return json_string(text);
}

/* Valid and at most PST_STYLE_TEXT bytes long, cut at a character. */
static char *bounded(const char *text)
{
    char *copy = text ? g_utf8_make_valid(text, -1) : NULL;

    if (copy && strlen(copy) > PST_STYLE_TEXT) {
        gsize end = PST_STYLE_TEXT;

        while (end > 0 && ((guchar)copy[end] & 0xc0) == 0x80)
            end--;
        copy[end] = '\0';
    }
    return copy;
}

static void set_bounded(json_t *object, const char *key, const char *text)
{
    g_autofree char *copy = bounded(text);

    set_text(object, key, copy);
}

/* Identifiers become parts of file names. */
static void set_name(json_t *object, const char *key, const char *text)
{
    g_autofree char *copy = bounded(text);

    for (char *p = copy; p && *p; p++) {
        if (*p == '/' || g_ascii_iscntrl(*p))
            *p = '-';
    }
    set_text(object, key, copy);
}

/* The name of a file without its suffix. */
static char *stem(const char *file)
{
    const char *dot = strrchr(file, '.');

    return dot && dot != file ? g_strndup(file, (gsize)(dot - file)) : g_strdup(file);
}

static json_t *style_to_json(const PstLookStyle *style, int region, int *digits)
{
    json_t *object = json_object();
    gboolean path = strchr(style->id, G_DIR_SEPARATOR) != NULL;
    g_autofree char *file = path && !style->file ? g_filename_display_basename(style->id) : g_strdup(style->file);
    g_autofree char *id = path ? stem(file) : g_strdup(style->id);
    g_autofree char *hash = g_strdup(style->hash);

    /* A pipe can't be read twice. */
    if (path && !hash && g_file_test(style->id, G_FILE_TEST_IS_REGULAR))
        hash = pst_recipe_hash(style->id, NULL);
    set_name(object, "id", id);
    set_bounded(object, "name", style->style->name);
    set_bounded(object, "artist", style->style->artist);
    set_bounded(object, "year", style->style->year);
    set_bounded(object, "movement", style->style->movement);
    set_bounded(object, "licence", style->style->licence);
    set_name(object, "file", file);
    set_text(object, "sha256", hash);
    set_text(object, "change", style->style->delta ? pst_weight_delta_hash(style->style->delta) : style->delta);
    set_real(object, "weight", style->weight, digits);
    if (region)
        json_object_set_new(object, "region", json_integer(region));
    json_object_set_new(object, "statistics", floats_to_json(style->style->statistics, PST_STYLE_SIZE));
    if (pst_style_is_corrected(style->style))
        json_object_set_new(object, "correction", floats_to_json(style->style->correction, PST_STYLE_CHANNELS));
    return object;
}

static json_t *region_to_json(const PstLookRegion *region, const char *mask, int *digits)
{
    json_t *object = json_pack("{s:s}", "mask", mask);

    if (region->own & PST_REGION_STRENGTH)
        set_real(object, "strength", region->manner.strength, digits);
    if (region->own & PST_REGION_DETAIL)
        set_real(object, "detail", region->manner.detail, digits);
    if (region->own & PST_REGION_LIKENESS)
        set_real(object, "likeness", region->manner.likeness, digits);
    if (region->own & PST_REGION_COLOURS)
        json_object_set_new(object, "keep_colours", json_boolean(region->manner.keep_colours));
    return object;
}

static void regions_to_json(const PstLook *look, gboolean draft, json_t *styles, json_t *regions, int *digits)
{
    gboolean masked = FALSE; /* or with settings of its own */

    for (int i = 0; i < look->count; i++) {
        const PstLookRegion *region = &look->regions[i];
        g_autofree char *mask = region->mask ? pst_mask_to_text(region->mask) : g_strdup("");

        if (region->count == 0 && !draft)
            continue;
        for (int k = 0; k < region->count; k++)
            json_array_append_new(styles, style_to_json(&region->styles[k], (int)json_array_size(regions), digits));
        json_array_append_new(regions, region_to_json(region, mask, digits));
        masked |= region->mask || region->own;
    }
    /* One region that is everywhere goes without saying. */
    if (json_array_size(regions) == 1 && !masked)
        json_array_clear(regions);
}

static json_t *to_json(const PstLook *look, const PstRecipeOrigin *origin, gboolean draft, int *digits)
{
    json_t *object = json_object(), *styles = json_array(), *regions = json_array();

    set_text(object, "format", FORMAT);
    if (origin) {
        set_text(object, "program", origin->program);
        set_text(object, "model", origin->model);
        set_text(object, "date", origin->date);
    }
    set_real(object, "strength", look->strength, digits);
    set_real(object, "detail", look->detail, digits);
    json_object_set_new(object, "keep_colours", json_boolean(look->keep_colours));
    set_real(object, "stroke", look->stroke, digits);
    /* Recipes of looks that older programs can paint stay as they were. */
    if (look->canvas > 0) {
        json_object_set_new(object, "canvas", json_integer(look->canvas));
    }
    if (look->finish != PST_FINISH_INSTANT) {
        set_text(object, "finish", pst_finish_names[look->finish]);
        set_real(object, "likeness", look->likeness, digits);
    }
    json_object_set_new(object, "style_size", json_integer(look->style_side));
    json_object_set_new(object, "size", json_integer(look->size));
    json_object_set_new(object, "styles", styles);
    json_object_set_new(object, "regions", regions);
    regions_to_json(look, draft, styles, regions, digits);
    return object;
}

static char *write_text(const PstLook *look, const PstRecipeOrigin *origin, gboolean draft, GError **error)
{
    int digits = 15;
    json_t *object = to_json(look, origin, draft, &digits);
    g_autoptr(PstLook) read_back = NULL;
    g_autofree char *text = NULL;
    char *json;

    json = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(digits));
    json_decref(object);
    text = g_strconcat(json ? json : "", "\n", NULL);
    free(json);
    /* What can be written is what can be read: one place knows. */
    read_back = draft ? pst_recipe_parse_draft(text, strlen(text), "recipe", error)
                      : pst_recipe_parse(text, strlen(text), "recipe", NULL, error);
    return read_back ? g_steal_pointer(&text) : NULL;
}

char *pst_recipe_write(const PstLook *look, const PstRecipeOrigin *origin, GError **error)
{
    return write_text(look, origin, FALSE, error);
}

char *pst_recipe_write_draft(const PstLook *look, GError **error)
{
    return write_text(look, NULL, TRUE, error);
}
