#include "metadata.h"

#include "exif.h"

#include <string.h>

static void free_text(gpointer data)
{
    PstPictureText *text = data;
    g_free(text->key);
    g_free(text->text);
    g_free(text);
}

static gboolean is_utf8(const char *text, gsize size)
{
    return g_utf8_validate(text, (gssize)size, NULL); /* refuses NUL too */
}

/* UTF-8 as it is, anything else as Latin-1, which PNG's texts and old JPEG comments are in. */
static char *to_utf8(const char *text, gsize size)
{
    if (is_utf8(text, size))
        return g_strndup(text, size);
    return g_convert(text, (gssize)size, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static gboolean begins(const char *text, const char *prefix)
{
    return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

void pst_metadata_take_text(PstPictureInfo *info, const char *key, const char *text, gsize size)
{
    while (size > 0 && text[size - 1] == '\0')
        size--;
    if (strcmp(key, PST_TEXT_XMP) == 0) {
        pst_metadata_take_xmp(info, text, size);
        return;
    }
    if (strcmp(key, PST_TEXT_RECIPE) == 0) {
        pst_metadata_take_recipe(info, text, size);
        return;
    }
    gsize key_size = strlen(key);
    if (size == 0 || size > PST_MAX_TEXT || key_size == 0 || key_size > PST_MAX_TEXT_KEY)
        return;
    if (info->texts && info->texts->len >= PST_MAX_TEXTS)
        return;
    g_autofree char *utf8_key = to_utf8(key, key_size);
    g_autofree char *utf8 = to_utf8(text, size);
    if (!utf8_key || !utf8 || strlen(utf8) > PST_MAX_TEXT || strlen(utf8) == 0)
        return;
    if (!info->texts)
        info->texts = g_ptr_array_new_with_free_func(free_text);
    PstPictureText *entry = g_new0(PstPictureText, 1);
    entry->key = g_steal_pointer(&utf8_key);
    entry->text = g_steal_pointer(&utf8);
    g_ptr_array_add(info->texts, entry);
}

void pst_metadata_take_xmp(PstPictureInfo *info, const void *data, gsize size)
{
    if (!info->xmp && size > 0 && size <= PST_MAX_XMP && is_utf8(data, size))
        info->xmp = g_bytes_new(data, size);
}

void pst_metadata_take_recipe(PstPictureInfo *info, const void *data, gsize size)
{
    if (!info->recipe && size > 0 && size <= PST_MAX_RECIPE && is_utf8(data, size))
        info->recipe = g_strndup(data, size);
}

void pst_metadata_merge(PstPictureInfo *info, PstPictureInfo *late)
{
    PstPictureInfo joined = { 0 };
    GPtrArray *lists[] = { info->texts, late->texts };
    for (gsize i = 0; i < G_N_ELEMENTS(lists) && late->texts; i++)
        for (guint j = 0; lists[i] && j < lists[i]->len; j++) {
            const PstPictureText *text = lists[i]->pdata[j];
            pst_metadata_take_text(&joined, text->key, text->text, strlen(text->text));
        }
    if (joined.texts) {
        g_clear_pointer(&info->texts, g_ptr_array_unref);
        info->texts = joined.texts;
    }
    if (!info->xmp)
        info->xmp = g_steal_pointer(&late->xmp);
    if (!info->recipe)
        info->recipe = g_steal_pointer(&late->recipe);
}

/* Sets the orientation to upright. Every writer uses the prefix "tiff". */
static void turn_upright(char *xmp)
{
    static const char name[] = "tiff:Orientation";
    for (char *at = xmp; (at = strstr(at, name));) {
        at += sizeof name - 1;
        char *value = at + strspn(at, " \t\r\n=\"'>");
        if (value > at && *value >= '1' && *value <= '8')
            *value = '1';
    }
}

/* XMP as it is, but upright. NULL where it holds a preview picture of the photograph, or a place that is to be left
 * out. The names are those of XMP, EXIF and IPTC; any prefix may stand before the colon. */
static GBytes *clean_xmp(GBytes *xmp, gboolean place)
{
    static const char *const places[] = { "GPS",      ":City",     ":State",       ":Province",
                                          ":Country", ":Location", ":Sublocation", ":SubLocation",
                                          ":lat",     ":long",     ":World" };
    gsize size;
    const char *data = g_bytes_get_data(xmp, &size);
    g_autofree char *copy = g_strndup(data, size);
    gboolean wanted = strstr(copy, "xmpGImg") == NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(places) && !place; i++)
        wanted = wanted && strstr(copy, places[i]) == NULL;
    if (!wanted)
        return NULL;
    turn_upright(copy);
    return g_bytes_new_take(g_steal_pointer(&copy), size);
}

static gboolean has_word(const char *text, const char *word)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return strstr(lower, word) != NULL;
}

/* Not other programs' dumps of EXIF and IPTC, nor the paths of thumbnails' originals. */
static gboolean is_wanted(const PstPictureText *text, gboolean place)
{
    if (begins(text->key, "Raw profile") || begins(text->key, "Thumb::"))
        return FALSE;
    return place || !(has_word(text->key, "gps") || has_word(text->key, "location") || has_word(text->key, "city") ||
                      has_word(text->key, "country"));
}

void pst_metadata_parts_init(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options)
{
    gboolean place = options->metadata == PST_METADATA_ALL;
    *parts = (PstMetadataParts){ .texts = g_ptr_array_new(), .recipe = options->recipe };
    if (options->metadata == PST_METADATA_NONE)
        return;
    const PstExifChanges changes = { info->width, info->height, info->dpi_x, info->dpi_y, place };
    if (info->exif)
        parts->exif = pst_exif_rewrite(info->exif, &changes);
    if (info->xmp)
        parts->xmp = clean_xmp(info->xmp, place);
    for (guint i = 0; info->texts && i < info->texts->len; i++)
        if (is_wanted(info->texts->pdata[i], place))
            g_ptr_array_add(parts->texts, info->texts->pdata[i]);
}

void pst_metadata_parts_clear(PstMetadataParts *parts)
{
    g_clear_pointer(&parts->exif, g_bytes_unref);
    g_clear_pointer(&parts->xmp, g_bytes_unref);
    g_clear_pointer(&parts->texts, g_ptr_array_unref);
}
