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

/* 480 floats, IEEE 754 binary32, little-endian, as Base64. */
static json_t *statistics_to_json(const PstStyle *style)
{
    guint32 words[PST_STYLE_SIZE];
    g_autofree char *text = NULL;

    memcpy(words, style->statistics, sizeof words);
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        words[i] = GUINT32_TO_LE(words[i]);
    text = g_base64_encode((const guchar *)words, sizeof words);
    return json_string(text);
}

static json_t *style_to_json(const PstRecipeStyle *style, int *digits)
{
    json_t *object = json_object();

    set_text(object, "id", style->id);
    set_text(object, "name", style->style->name);
    set_text(object, "artist", style->style->artist);
    set_text(object, "year", style->style->year);
    set_text(object, "movement", style->style->movement);
    set_text(object, "licence", style->style->licence);
    set_text(object, "file", style->file);
    set_text(object, "sha256", style->hash);
    set_text(object, "change", style->change);
    set_real(object, "weight", style->weight, digits);
    if (style->region)
        json_object_set_new(object, "region", json_integer(style->region));
    json_object_set_new(object, "statistics", statistics_to_json(style->style));
    return object;
}

static json_t *to_json(const PstRecipe *recipe, int *digits)
{
    json_t *object = json_object(), *styles = json_array(), *regions = json_array();

    set_text(object, "format", FORMAT);
    set_text(object, "program", recipe->program);
    set_text(object, "model", recipe->model);
    set_text(object, "date", recipe->date);
    set_real(object, "strength", recipe->strength, digits);
    set_real(object, "detail", recipe->detail, digits);
    json_object_set_new(object, "keep_colours", json_boolean(recipe->keep_colours));
    set_real(object, "stroke", recipe->stroke, digits);
    json_object_set_new(object, "style_size", json_integer(recipe->style_side));
    json_object_set_new(object, "size", json_integer(recipe->size));
    json_object_set_new(object, "styles", styles);
    json_object_set_new(object, "regions", regions);
    for (guint i = 0; i < recipe->styles->len; i++)
        json_array_append_new(styles, style_to_json(recipe->styles->pdata[i], digits));
    for (guint i = 0; i < recipe->masks->len; i++)
        json_array_append_new(regions, json_pack("{s:s}", "mask", recipe->masks->pdata[i]));
    return object;
}

char *pst_recipe_to_text(const PstRecipe *recipe, GError **error)
{
    int digits = 15;
    json_t *object = to_json(recipe, &digits);
    g_autoptr(PstRecipe) read_back = NULL;
    g_autofree char *text = NULL;
    char *json;

    json = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(digits));
    json_decref(object);
    text = g_strconcat(json ? json : "", "\n", NULL);
    free(json);
    /* What can be written is what can be read: one place knows. */
    read_back = pst_recipe_parse(text, strlen(text), "recipe", error);
    return read_back ? g_steal_pointer(&text) : NULL;
}
