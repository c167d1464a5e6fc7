#include "style_thumbnail.h"

struct _PstStyleThumbnail {
    GObject parent_instance;
    PstStyleItem *item;
    GdkTexture *texture;
    gboolean picked, favourite;
};

G_DEFINE_FINAL_TYPE(PstStyleThumbnail, pst_style_thumbnail, G_TYPE_OBJECT)

enum { TEXTURE = 1, PICKED, FAVOURITE, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

PstStyleItem *pst_style_thumbnail_item(PstStyleThumbnail *thumbnail)
{
    return thumbnail->item;
}

GdkTexture *pst_style_thumbnail_texture(PstStyleThumbnail *thumbnail)
{
    return thumbnail->texture;
}

void pst_style_thumbnail_set_texture(PstStyleThumbnail *thumbnail, GdkTexture *texture)
{
    if (g_set_object(&thumbnail->texture, texture)) {
        g_object_notify_by_pspec(G_OBJECT(thumbnail), properties[TEXTURE]);
    }
}

gboolean pst_style_thumbnail_picked(PstStyleThumbnail *thumbnail)
{
    return thumbnail->picked;
}

void pst_style_thumbnail_set_picked(PstStyleThumbnail *thumbnail, gboolean picked)
{
    if (thumbnail->picked != picked) {
        thumbnail->picked = picked;
        g_object_notify_by_pspec(G_OBJECT(thumbnail), properties[PICKED]);
    }
}

gboolean pst_style_thumbnail_favourite(PstStyleThumbnail *thumbnail)
{
    return thumbnail->favourite;
}

void pst_style_thumbnail_set_favourite(PstStyleThumbnail *thumbnail, gboolean favourite)
{
    if (thumbnail->favourite != favourite) {
        thumbnail->favourite = favourite;
        g_object_notify_by_pspec(G_OBJECT(thumbnail), properties[FAVOURITE]);
    }
}

static void pst_style_thumbnail_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstStyleThumbnail *thumbnail = PST_STYLE_THUMBNAIL(object);

    if (id == TEXTURE) {
        g_value_set_object(value, thumbnail->texture);
    } else {
        g_value_set_boolean(value, id == PICKED ? thumbnail->picked : thumbnail->favourite);
    }
}

static void pst_style_thumbnail_finalize(GObject *object)
{
    PstStyleThumbnail *thumbnail = PST_STYLE_THUMBNAIL(object);

    g_clear_object(&thumbnail->item);
    g_clear_object(&thumbnail->texture);
    G_OBJECT_CLASS(pst_style_thumbnail_parent_class)->finalize(object);
}

static void pst_style_thumbnail_class_init(PstStyleThumbnailClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_style_thumbnail_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_style_thumbnail_finalize;
    properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
    properties[PICKED] = g_param_spec_boolean("picked", NULL, NULL, FALSE, flags);
    properties[FAVOURITE] = g_param_spec_boolean("favourite", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_style_thumbnail_init(PstStyleThumbnail *thumbnail)
{
}

PstStyleThumbnail *pst_style_thumbnail_new(PstStyleItem *item)
{
    PstStyleThumbnail *thumbnail = g_object_new(PST_TYPE_STYLE_THUMBNAIL, NULL);

    thumbnail->item = g_object_ref(item);
    g_set_object(&thumbnail->texture, pst_style_item_texture(item));
    return thumbnail;
}
