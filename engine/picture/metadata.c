#include "metadata.h"

#include "exif.h"
#include "iptc.h"
#include "raw_profile.h"
#include "xmp.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
    JPEG_XMP = 65000, /* bytes: a segment has room for 65,504 */
    JPEG_COMMENT = 65533,
    JPEG_RESOURCES = 65519,
    PNG_XMP = 4 << 20,
};

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

static void take_exif(PstPictureInfo *info, const guint8 *data, gsize size)
{
    static const char name[] = "Exif\0";
    gsize skipped = size > sizeof name && memcmp(data, name, sizeof name) == 0 ? sizeof name : 0;
    if (!info->exif && size > skipped)
        info->exif = g_bytes_new(data + skipped, size - skipped);
}

static void take_iptc(PstPictureInfo *info, const guint8 *data, gsize size)
{
    if (!info->iptc)
        info->iptc = size > 4 && memcmp(data, "8BIM", 4) == 0 ? pst_iptc_from_resources(data, size)
                                                              : g_bytes_new(data, size);
}

static void take_raw_profile(PstPictureInfo *info, const char *kind, const char *text, gsize text_size)
{
    g_autoptr(GBytes) bytes = pst_raw_profile_decode(text, text_size);
    gsize size;
    const guint8 *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    if (!data)
        return;
    if (g_ascii_strcasecmp(kind, "iptc") == 0 || g_ascii_strcasecmp(kind, "8bim") == 0)
        take_iptc(info, data, size);
    else if (g_ascii_strcasecmp(kind, "xmp") == 0)
        pst_metadata_take_xmp(info, data, size);
    else if (g_ascii_strcasecmp(kind, "exif") == 0 || g_ascii_strcasecmp(kind, "APP1") == 0)
        take_exif(info, data, size);
}

static gsize all_texts(const PstPictureInfo *info)
{
    gsize sum = 0;
    for (guint i = 0; info->texts && i < info->texts->len; i++)
        sum += strlen(((const PstPictureText *)info->texts->pdata[i])->text);
    return sum;
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
    if (begins(key, PST_RAW_PROFILE)) {
        take_raw_profile(info, key + strlen(PST_RAW_PROFILE), text, size);
        return;
    }
    gsize key_size = strlen(key);
    if (size == 0)
        return;
    if (size > PST_MAX_TEXT || key_size == 0 || key_size > PST_MAX_TEXT_KEY ||
        (info->texts && info->texts->len >= PST_MAX_TEXTS) || all_texts(info) + size > PST_MAX_ALL_TEXTS) {
        info->lost |= PST_LOST_TEXTS;
        return;
    }
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
    const char *text = data;
    while (size > 0 && text[size - 1] == '\0')
        size--;
    if (info->xmp || size == 0)
        return;
    if (size <= PST_MAX_XMP && is_utf8(text, size))
        info->xmp = g_bytes_new(text, size);
    else
        info->lost |= PST_LOST_XMP;
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
    if (!info->iptc)
        info->iptc = g_steal_pointer(&late->iptc);
    info->lost |= late->lost;
}

void pst_metadata_take_orientation(PstPictureInfo *info, int exif)
{
    int orientation = exif == 0 && info->xmp ? pst_xmp_orientation(info->xmp) : exif;
    info->orientation = MAX(orientation, 1);
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

/* A JPEG's comment is "keyword: text". A PNG's keyword has printable Latin-1 and single spaces within (ISO/IEC 15948,
 * 11.3.4.2); libpng refuses to write others. */
static gboolean can_hold(PstFormat format, const PstPictureText *text)
{
    if (format != PST_FORMAT_JPEG && format != PST_FORMAT_PNG)
        return FALSE;
    if (format == PST_FORMAT_JPEG)
        return strlen(text->key) + 2 + strlen(text->text) <= JPEG_COMMENT;
    return g_str_is_ascii(text->key) && text->key[0] != ' ' && !g_str_has_suffix(text->key, " ") &&
           !strstr(text->key, "  ") && strcspn(text->key, "\t\n\r\v\f") == strlen(text->key);
}

static void select_texts(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options)
{
    gboolean place = options->metadata == PST_METADATA_ALL;
    for (guint i = 0; info->texts && i < info->texts->len; i++) {
        PstPictureText *text = info->texts->pdata[i];
        if (!is_wanted(text, place))
            continue;
        if (can_hold(options->format, text))
            g_ptr_array_add(parts->texts, text);
        else
            parts->lost |= PST_LOST_TEXTS;
    }
}

static void select_iptc(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options)
{
    g_autoptr(GBytes) records = info->iptc ? pst_iptc_rewrite(info->iptc, options->metadata == PST_METADATA_ALL) : NULL;
    if (!records)
        return;
    if (options->format == PST_FORMAT_WEBP ||
        (options->format == PST_FORMAT_JPEG && g_bytes_get_size(records) > JPEG_RESOURCES - 16))
        parts->lost |= PST_LOST_IPTC;
    else
        parts->iptc = pst_iptc_to_resources(records);
}

void pst_metadata_parts_init(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options)
{
    gboolean place = options->metadata == PST_METADATA_ALL;
    *parts = (PstMetadataParts){ .texts = g_ptr_array_new(), .recipe = options->recipe };
    if (options->metadata == PST_METADATA_NONE)
        return;
    const PstExifChanges changes = { info->width, info->height, info->dpi_x, info->dpi_y, place, info->icc == NULL };
    const PstXmpChanges xmp_changes = {
        .width = info->width,
        .height = info->height,
        .orientation = info->orientation,
        .resized = info->full_width > 0 && (info->full_width != info->width || info->full_height != info->height),
        .place = place,
        .most = options->format == PST_FORMAT_JPEG ? JPEG_XMP : PNG_XMP,
        .provenance = options->provenance,
    };
    parts->lost = info->lost;
    if (info->exif)
        parts->exif = pst_exif_rewrite(info->exif, &changes);
    if (info->xmp || options->provenance)
        parts->xmp = pst_xmp_rewrite(info->xmp, &xmp_changes, &parts->lost);
    select_iptc(parts, info, options);
    select_texts(parts, info, options);
}

void pst_metadata_parts_clear(PstMetadataParts *parts)
{
    g_clear_pointer(&parts->exif, g_bytes_unref);
    g_clear_pointer(&parts->xmp, g_bytes_unref);
    g_clear_pointer(&parts->iptc, g_bytes_unref);
    g_clear_pointer(&parts->texts, g_ptr_array_unref);
}

char *pst_metadata_lost_text(guint lost)
{
    static const char *const names[] = { N_("gain map"), N_("video or sound"), N_("depth map"), N_("face regions"),
                                         N_("some XMP"), N_("some IPTC"),      N_("some texts") };
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (lost & 1u << i)
            g_ptr_array_add(texts, (gpointer)_(names[i]));
    if (texts->len == 0)
        return NULL;
    g_ptr_array_add(texts, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)texts->pdata);
    return g_strdup_printf(_("not in the painting: %s"), list);
}
