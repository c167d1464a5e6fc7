#include "recipe.h"

#include "base64.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FAMILY  "pastiche-recipe-"
#define VERSION 1

/* Where values are read from, and where what is wrong with them is reported. */
typedef struct {
    const json_t *object;
    const char *name;  /* of the file */
    const char *place; /* NULL or, say, "style 2" */
    char **unknown;    /* the first key that is not known; owned */
    GError **error;
} Reading;

/* Translates the reason. */
G_GNUC_PRINTF(3, 4)
static gboolean reject(const Reading *reading, PstRecipeError code, const char *format, ...)
{
    g_autofree char *reason = NULL, *line = NULL;
    va_list arguments;

    va_start(arguments, format);
    reason = g_strdup_vprintf(_(format), arguments);
    va_end(arguments);
    line = reading->place ? g_strdup_printf("%s: %s: %s", reading->name, reading->place, reason)
                          : g_strdup_printf("%s: %s", reading->name, reason);
    /* Parts of the file may stand in it; it stays one line. */
    g_strdelimit(line, "\n\r\t\v\f", ' ');
    g_set_error_literal(reading->error, PST_RECIPE_ERROR, code, line);
    return FALSE;
}

/* `known` is NULL-terminated. */
static void note_unknown(const Reading *reading, const char *const *known)
{
    const char *key;
    json_t *member;

    json_object_foreach((json_t *)reading->object, key, member) {
        if (!*reading->unknown && !g_strv_contains(known, key))
            *reading->unknown = reading->place ? g_strdup_printf("%s: %s", reading->place, key) : g_strdup(key);
    }
}

/* A missing value leaves `*value` as it is. */
static gboolean get_real(const Reading *reading, PstLookSetting setting, double *value)
{
    const PstLookNumber *range = &pst_look_numbers[setting];
    const json_t *member = json_object_get(reading->object, range->key);
    double number = json_number_value(member);

    if (!member)
        return TRUE;
    if (!json_is_number(member) || !(number >= range->least && number <= range->most))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no number from %g to %g", range->key, range->least,
                      range->most);
    *value = number;
    return TRUE;
}

static gboolean get_integer(const Reading *reading, const char *key, int low, int high, int *value)
{
    const json_t *member = json_object_get(reading->object, key);
    json_int_t number = json_integer_value(member);

    if (!member)
        return TRUE;
    if (!json_is_integer(member) || number < low || number > high)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no whole number from %d to %d", key, low, high);
    *value = (int)number;
    return TRUE;
}

static gboolean get_whole(const Reading *reading, PstLookSetting setting, int *value)
{
    const PstLookNumber *range = &pst_look_numbers[setting];

    return get_integer(reading, range->key, (int)range->least, (int)range->most, value);
}

static gboolean get_boolean(const Reading *reading, const char *key, gboolean *value)
{
    const json_t *member = json_object_get(reading->object, key);

    if (member && !json_is_boolean(member))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is neither true nor false", key);
    if (member)
        *value = json_is_true(member);
    return TRUE;
}

static gboolean get_finish(const Reading *reading, PstFinish *finish)
{
    const json_t *member = json_object_get(reading->object, "finish");

    for (int i = 0; member && pst_finish_names[i]; i++) {
        if (g_strcmp0(json_string_value(member), pst_finish_names[i]) == 0) {
            *finish = (PstFinish)i;
            return TRUE;
        }
    }
    return !member || reject(reading, PST_RECIPE_ERROR_VALUE, "\"finish\" is neither \"instant\" nor \"masterpiece\"");
}

/* A missing text, or null, leaves `*value` as it is. Replaces and owns. */
static gboolean get_text(const Reading *reading, const char *key, char **value)
{
    const json_t *member = json_object_get(reading->object, key);

    if (!member || json_is_null(member))
        return TRUE;
    if (!json_is_string(member) || json_string_length(member) > PST_STYLE_TEXT)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no text of up to %d bytes", key, PST_STYLE_TEXT);
    g_free(*value);
    *value = g_strdup(json_string_value(member));
    return TRUE;
}

/* A text that becomes part of a file name. */
static gboolean get_name(const Reading *reading, const char *key, char **value)
{
    if (!get_text(reading, key, value))
        return FALSE;
    for (const char *p = *value ? *value : ""; *p; p++) {
        if (*p == '/' || g_ascii_iscntrl(*p))
            return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" has a slash or a control character in it", key);
    }
    return TRUE;
}

static gboolean get_hash(const Reading *reading, const char *key, char **value)
{
    if (!get_text(reading, key, value))
        return FALSE;
    if (*value && (strlen(*value) != 64 || strspn(*value, "0123456789abcdef") != 64))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no SHA-256", key);
    return TRUE;
}

static gboolean get_date(const Reading *reading, const char *key, char **value)
{
    g_autoptr(GDateTime) date = NULL;

    if (!get_text(reading, key, value))
        return FALSE;
    if (*value && !(date = g_date_time_new_from_iso8601(*value, NULL)))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no date and time like 2026-05-31T12:00:00Z", key);
    return TRUE;
}

/* The list `key` of at most `most` objects; empty where it is missing. */
static gboolean get_list(const Reading *reading, const char *key, int most, const json_t **list)
{
    *list = json_object_get(reading->object, key);
    if (*list && !json_is_array(*list))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is no list", key);
    if (json_array_size(*list) > (gsize)most)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" has more than %d members", key, most);
    return TRUE;
}

static gboolean get_floats(const Reading *reading, const char *key, int count, float *floats)
{
    const char *text = json_string_value(json_object_get(reading->object, key));
    gsize size = count * sizeof *floats;
    g_autoptr(GBytes) bytes = text ? pst_base64_decode(text, size) : NULL;
    const guint32 *words;

    if (!bytes || g_bytes_get_size(bytes) != size)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" is not %d floats in Base64", key, count);
    words = g_bytes_get_data(bytes, NULL);
    for (int i = 0; i < count; i++) {
        guint32 word = GUINT32_FROM_LE(words[i]);

        memcpy(&floats[i], &word, sizeof word);
        if (!isfinite(floats[i]))
            return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" has a value that can't be", key);
    }
    return TRUE;
}

static gboolean get_statistics(const Reading *reading, PstStyle *style)
{
    const char *key = "statistics";

    if (!get_floats(reading, key, PST_STYLE_SIZE, style->statistics))
        return FALSE;
    for (int i = PST_STYLE_CHANNELS; i < PST_STYLE_SIZE; i++) {
        if (style->statistics[i] <= 0)
            return reject(reading, PST_RECIPE_ERROR_VALUE, "\"%s\" has a value that can't be", key);
    }
    key = "correction";
    return !json_object_get(reading->object, key) || get_floats(reading, key, PST_STYLE_CHANNELS, style->correction);
}

static gboolean add_style(const Reading *reading, PstLook *look)
{
    g_autoptr(PstStyle) style = pst_style_new(NULL);
    g_autofree char *id = NULL, *file = NULL, *hash = NULL, *delta = NULL;
    PstLookStyle *added;
    static const char *const known[] = { "id",       "file",    "sha256", "change", "name",       "artist",     "year",
                                         "movement", "licence", "weight", "region", "statistics", "correction", NULL };
    double weight = 1;
    int region = 0;

    note_unknown(reading, known);
    if (!get_name(reading, "id", &id) || !get_name(reading, "file", &file) || !get_hash(reading, "sha256", &hash) ||
        !get_hash(reading, "change", &delta) || !get_text(reading, "name", &style->name) ||
        !get_text(reading, "artist", &style->artist) || !get_text(reading, "year", &style->year) ||
        !get_text(reading, "movement", &style->movement) || !get_text(reading, "licence", &style->licence) ||
        !get_real(reading, PST_LOOK_WEIGHT, &weight) || !get_integer(reading, "region", 0, look->count - 1, &region) ||
        !get_statistics(reading, style))
        return FALSE;
    if (!id || !*id)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"id\" is missing");
    if (!style->name)
        style->name = g_strdup(id);
    added = pst_look_append_style(look, region, id, style, weight);
    added->file = g_steal_pointer(&file);
    added->hash = g_steal_pointer(&hash);
    added->delta = g_steal_pointer(&delta);
    return TRUE;
}

/* What the region says of its own. */
static unsigned given(const Reading *reading)
{
    static const struct {
        const char *key;
        unsigned own;
    } settings[] = { { "strength", PST_REGION_STRENGTH },
                     { "detail", PST_REGION_DETAIL },
                     { "likeness", PST_REGION_LIKENESS },
                     { "keep_colours", PST_REGION_COLOURS } };
    unsigned own = 0;

    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        own |= json_object_get(reading->object, settings[i].key) ? settings[i].own : 0;
    }
    return own;
}

static gboolean add_region(const Reading *reading, PstLook *look)
{
    const json_t *member = json_object_get(reading->object, "mask");
    const char *text = json_string_value(member);
    static const char *const known[] = { "mask", "strength", "detail", "likeness", "keep_colours", NULL };
    PstMask *mask = NULL;
    PstLookRegion *region = &look->regions[look->count];
    PstPaintManner own = { 0 };

    note_unknown(reading, known);
    if (!get_real(reading, PST_LOOK_STRENGTH, &own.strength) || !get_real(reading, PST_LOOK_DETAIL, &own.detail) ||
        !get_real(reading, PST_LOOK_LIKENESS, &own.likeness) ||
        !get_boolean(reading, "keep_colours", &own.keep_colours))
        return FALSE;
    if (!text || json_string_length(member) > PST_RECIPE_MASK)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"mask\" is no text of up to %d bytes", PST_RECIPE_MASK);
    if (*text && !(mask = pst_mask_from_text(text)))
        return reject(reading, PST_RECIPE_ERROR_VALUE, "\"mask\" is no mask");
    region->mask = mask;
    look->count++;
    pst_look_region_set(region, given(reading), &own);
    return TRUE;
}

/* Reads each member of the list with `add`; `what` names it by its number. */
static gboolean add_all(const Reading *reading, const json_t *list, const char *what, PstLook *look,
                        gboolean (*add)(const Reading *, PstLook *))
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        g_autofree char *place = NULL;
        Reading inner = { .object = json_array_get(list, i),
                          .name = reading->name,
                          .unknown = reading->unknown,
                          .error = reading->error };

        inner.place = place = g_strdup_printf(_(what), (int)i + 1);
        if (!json_is_object(inner.object))
            return reject(&inner, PST_RECIPE_ERROR_VALUE, "is no object");
        if (!add(&inner, look))
            return FALSE;
    }
    return TRUE;
}

static gboolean check_format(const Reading *reading)
{
    const char *format = json_string_value(json_object_get(reading->object, "format"));
    guint64 version;

    if (!format || !g_str_has_prefix(format, FAMILY) ||
        !g_ascii_string_to_unsigned(format + strlen(FAMILY), 10, 1, G_MAXINT, &version, NULL))
        return reject(reading, PST_RECIPE_ERROR_FILE, "is no recipe of this program");
    if (version > VERSION)
        return reject(reading, PST_RECIPE_ERROR_VERSION, "is a recipe of a later version of the program");
    return TRUE;
}

static gboolean read_object(const Reading *reading, gboolean draft, PstLook *look, PstRecipeOrigin *origin)
{
    static const char *const known[] = { "format",       "program", "model",   "date",   "strength", "detail",
                                         "keep_colours", "stroke",  "canvas",  "finish", "likeness", "style_size",
                                         "size",         "styles",  "regions", NULL };
    const json_t *styles, *regions;

    note_unknown(reading, known);
    if (!check_format(reading) || !get_text(reading, "program", &origin->program) ||
        !get_hash(reading, "model", &origin->model) || !get_date(reading, "date", &origin->date) ||
        !get_real(reading, PST_LOOK_STRENGTH, &look->strength) || !get_real(reading, PST_LOOK_DETAIL, &look->detail) ||
        !get_boolean(reading, "keep_colours", &look->keep_colours) ||
        !get_real(reading, PST_LOOK_STROKE, &look->stroke) || !get_whole(reading, PST_LOOK_CANVAS, &look->canvas) ||
        !get_finish(reading, &look->finish) || !get_real(reading, PST_LOOK_LIKENESS, &look->likeness) ||
        !get_whole(reading, PST_LOOK_STYLE_SIDE, &look->style_side) ||
        !get_whole(reading, PST_LOOK_SIZE, &look->size) || !get_list(reading, "styles", PST_LOOK_STYLES, &styles) ||
        !get_list(reading, "regions", PST_LOOK_REGIONS, &regions))
        return FALSE;
    if (json_array_size(styles) == 0 && !draft)
        return reject(reading, PST_RECIPE_ERROR_VALUE, "has no styles");
    if (json_array_size(regions) > 0)
        look->count = 0;
    if (!add_all(reading, regions, N_("region %d"), look, add_region) ||
        !add_all(reading, styles, N_("style %d"), look, add_style))
        return FALSE;
    pst_look_fold_region(look);
    return TRUE;
}

static PstLook *parse(const char *text, gsize length, const char *name, gboolean draft, PstRecipeOrigin *origin,
                      GError **error)
{
    g_autoptr(PstLook) look = pst_look_new();
    g_autofree char *display = g_filename_display_name(name);
    g_auto(PstRecipeOrigin) own = { 0 };
    Reading reading = { .name = display, .unknown = &own.unknown, .error = error };
    json_error_t problem;
    json_t *object;
    gboolean sound;

    if (length > PST_RECIPE_BYTES) {
        reject(&reading, PST_RECIPE_ERROR_FILE, "is larger than a recipe can be, %d bytes", PST_RECIPE_BYTES);
        return NULL;
    }
    /* A byte order mark, as some editors write. */
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (!object) {
        reject(&reading, PST_RECIPE_ERROR_FILE, "line %d: %s", problem.line, problem.text);
        return NULL;
    }
    reading.object = object;
    look->canvas = 0; /* older programs knew none */
    sound = read_object(&reading, draft, look, &own);
    json_decref(object);
    if (sound && origin) {
        *origin = own;
        own = (PstRecipeOrigin){ 0 };
    }
    return sound ? g_steal_pointer(&look) : NULL;
}

PstLook *pst_recipe_parse(const char *text, gsize length, const char *name, PstRecipeOrigin *origin, GError **error)
{
    return parse(text, length, name, FALSE, origin, error);
}

PstLook *pst_recipe_parse_draft(const char *text, gsize length, const char *name, GError **error)
{
    return parse(text, length, name, TRUE, NULL, error);
}

PstLook *pst_recipe_read(const char *path, PstRecipeOrigin *origin, GError **error)
{
    g_autofree char *display = g_filename_display_name(path), *text = g_try_malloc(PST_RECIPE_BYTES + 1);
    Reading reading = { .name = display, .error = error };
    gsize size = 0;
    int failure = 0;
    FILE *file;

    errno = 0;
    file = g_fopen(path, "rb");
    /* One byte more than allowed shows that there is too much. */
    if (file && text)
        size = fread(text, 1, PST_RECIPE_BYTES + 1, file);
    if (!text)
        failure = ENOMEM;
    else if (!file || ferror(file))
        failure = errno ? errno : EIO;
    if (file)
        fclose(file);
    if (!failure)
        return pst_recipe_parse(text, size, path, origin, error);
    reject(&reading, PST_RECIPE_ERROR_READ, "can't be read (%s)", g_strerror(failure));
    return NULL;
}
