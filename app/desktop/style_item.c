#include "style_item.h"

#include <string.h>

struct _PstStyleItem {
    GObject parent_instance;
    char *id;
    PstStyle *style;
    PstStyleOrigin origin;
    char *credit;
    char *words; /* folded, to search in */
    GdkTexture *texture;
    gboolean picked;
};

G_DEFINE_FINAL_TYPE(PstStyleItem, pst_style_item, G_TYPE_OBJECT)

enum { TEXTURE = 1, PICKED, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

/* Without case and accents. */
static char *fold(const char *text)
{
    g_autofree char *ascii = g_str_to_ascii(text, "C");
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_autofree char *folded_ascii = g_utf8_casefold(ascii, -1);

    return strcmp(folded, folded_ascii) == 0 ? g_steal_pointer(&folded)
                                             : g_strconcat(folded, " ", folded_ascii, NULL);
}

static char *gather_words(const PstStyle *style)
{
    g_autofree char *all = g_strjoin(" ", style->name, style->artist ? style->artist : "",
                                     style->year ? style->year : "", style->movement ? style->movement : "", NULL);

    return fold(all);
}

const char *pst_style_item_id(PstStyleItem *item)
{
    return item->id;
}

const PstStyle *pst_style_item_style(PstStyleItem *item)
{
    return item->style;
}

PstStyleOrigin pst_style_item_origin(PstStyleItem *item)
{
    return item->origin;
}

const char *pst_style_item_credit(PstStyleItem *item)
{
    return item->credit;
}

GdkTexture *pst_style_item_texture(PstStyleItem *item)
{
    return item->texture;
}

void pst_style_item_set_texture(PstStyleItem *item, GdkTexture *texture)
{
    if (g_set_object(&item->texture, texture)) {
        g_object_notify_by_pspec(G_OBJECT(item), properties[TEXTURE]);
    }
}

gboolean pst_style_item_picked(PstStyleItem *item)
{
    return item->picked;
}

void pst_style_item_set_picked(PstStyleItem *item, gboolean picked)
{
    if (item->picked != picked) {
        item->picked = picked;
        g_object_notify_by_pspec(G_OBJECT(item), properties[PICKED]);
    }
}

gboolean pst_style_item_matches(PstStyleItem *item, const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_auto(GStrv) words = g_strsplit_set(folded, " \t,", -1);

    for (int i = 0; words[i]; i++) {
        if (!strstr(item->words, words[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static void pst_style_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstStyleItem *item = PST_STYLE_ITEM(object);

    if (id == TEXTURE) {
        g_value_set_object(value, item->texture);
    } else {
        g_value_set_boolean(value, item->picked);
    }
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
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_style_item_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_style_item_finalize;
    properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
    properties[PICKED] = g_param_spec_boolean("picked", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_style_item_init(PstStyleItem *item)
{
}

PstStyleItem *pst_style_item_new(const char *id, PstStyle *style, PstStyleOrigin origin)
{
    PstStyleItem *item = g_object_new(PST_TYPE_STYLE_ITEM, NULL);

    item->id = g_strdup(id);
    item->style = style;
    item->origin = origin;
    item->credit = style->artist && style->year ? g_strdup_printf("%s, %s", style->artist, style->year)
                                                : g_strdup(style->artist ? style->artist : style->year);
    item->words = gather_words(style);
    return item;
}
