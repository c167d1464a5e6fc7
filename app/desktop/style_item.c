#include "style_item.h"

#include <jansson.h>
#include <string.h>

#include "colour_words.h"
#include "engine/style/style_library.h"
#include "style_group.h"

struct _PstStyleItem {
    GObject parent_instance;
    char *id;
    PstStyle *style;
    PstStyleOrigin origin;
    GdkTexture *texture;
    char *credit;
    char *words; /* folded, to search in; NULL before the first search */
};

G_DEFINE_FINAL_TYPE(PstStyleItem, pst_style_item, G_TYPE_OBJECT)

/* Without case and accents. */
static char *fold(const char *text)
{
    g_autofree char *ascii = g_str_to_ascii(text, "C");
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_autofree char *folded_ascii = g_utf8_casefold(ascii, -1);

    return strcmp(folded, folded_ascii) == 0 ? g_steal_pointer(&folded) : g_strconcat(folded, " ", folded_ascii, NULL);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static char *gather_words(PstStyleItem *item)
{
    const PstStyle *style = item->style;
    PstStyleGroup group = pst_style_group(item->id);
    g_autofree char *colours = pst_colour_words(item->texture);
    g_autofree char *all = g_strjoin(" ", style->name, pst_style_item_name(item), or_empty(style->artist),
                                     or_empty(style->year), or_empty(style->movement),
                                     or_empty(pst_style_text(style->movement)),
                                     group < PST_STYLE_GROUPS ? pst_style_group_title(group) : "", colours, NULL);

    return fold(all);
}

const char *pst_style_item_id(PstStyleItem *item)
{
    return item->id;
}

const char *pst_style_item_name(PstStyleItem *item)
{
    return item->origin == PST_STYLE_OF_PROGRAM ? pst_style_text(item->style->name) : item->style->name;
}

const PstStyle *pst_style_item_style(PstStyleItem *item)
{
    return item->style;
}

PstStyleOrigin pst_style_item_origin(PstStyleItem *item)
{
    return item->origin;
}

GdkTexture *pst_style_item_texture(PstStyleItem *item)
{
    return item->texture;
}

const char *pst_style_item_credit(PstStyleItem *item)
{
    return item->credit;
}

char *pst_style_item_sources(PstStyleItem *item)
{
    json_t *list = item->style->sources ? json_loads(item->style->sources, 0, NULL) : NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    const json_t *source;
    size_t i;

    json_array_foreach(list, i, source) {
        const char *file = json_string_value(json_object_get(source, "file"));

        g_string_append_printf(text, "%s%s · %d × %d", i > 0 ? "\n" : "", file ? file : "?",
                               (int)json_integer_value(json_object_get(source, "width")),
                               (int)json_integer_value(json_object_get(source, "height")));
    }
    json_decref(list);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *pst_style_item_file_name(PstStyleItem *item)
{
    g_autofree char *id = pst_style_library_identifier(item->style->name);

    return g_strconcat(id, PST_STYLE_SUFFIX, NULL);
}

gboolean pst_style_item_matches(PstStyleItem *item, const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_auto(GStrv) words = g_strsplit_set(folded, " \t,", -1);

    if (!item->words) {
        item->words = gather_words(item);
    }
    for (int i = 0; words[i]; i++) {
        if (!strstr(item->words, words[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static void pst_style_item_finalize(GObject *object)
{
    PstStyleItem *item = PST_STYLE_ITEM(object);

    g_free(item->id);
    g_free(item->credit);
    g_free(item->words);
    pst_style_free(item->style);
    g_clear_object(&item->texture);
    G_OBJECT_CLASS(pst_style_item_parent_class)->finalize(object);
}

static void pst_style_item_class_init(PstStyleItemClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_style_item_finalize;
}

static void pst_style_item_init(PstStyleItem *item)
{
}

PstStyleItem *pst_style_item_new(const char *id, PstStyle *style, PstStyleOrigin origin, GdkTexture *texture)
{
    PstStyleItem *item = g_object_new(PST_TYPE_STYLE_ITEM, NULL);

    item->id = g_strdup(id);
    item->style = style;
    item->origin = origin;
    g_set_object(&item->texture, texture);
    item->credit = style->artist && style->year ? g_strdup_printf("%s, %s", style->artist, style->year)
                                                : g_strdup(style->artist ? style->artist : style->year);
    return item;
}
