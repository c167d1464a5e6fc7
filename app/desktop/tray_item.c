#include "tray_item.h"

#include <gio/gio.h>

#include "texture.h"

#define SIDE 192 /* pixels, of the small picture */

struct _PstTrayItem {
    GObject parent_instance;
    char *path, *name;
    PstLook *look;
    GListStore *results;
    GdkTexture *texture;
    gboolean open, asked;
};

G_DEFINE_FINAL_TYPE(PstTrayItem, pst_tray_item, G_TYPE_OBJECT)

enum { OPEN = 1, TEXTURE, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

const char *pst_tray_item_path(PstTrayItem *item)
{
    return item->path;
}

const char *pst_tray_item_name(PstTrayItem *item)
{
    return item->name;
}

gboolean pst_tray_item_open(PstTrayItem *item)
{
    return item->open;
}

void pst_tray_item_set_open(PstTrayItem *item, gboolean open)
{
    if (item->open != open) {
        item->open = open;
        g_object_notify_by_pspec(G_OBJECT(item), properties[OPEN]);
    }
}

PstLook *pst_tray_item_look(PstTrayItem *item)
{
    return item->look;
}

GListModel *pst_tray_item_results(PstTrayItem *item)
{
    return item->results ? G_LIST_MODEL(item->results) : NULL;
}

void pst_tray_item_keep(PstTrayItem *item, PstLook *look, GListModel *results)
{
    if (look) {
        pst_look_ref(look);
        g_clear_pointer(&item->look, pst_look_unref);
        item->look = look;
    }
    if (results) {
        g_clear_object(&item->results);
        item->results = g_list_store_new(g_list_model_get_item_type(results));
        for (guint i = 0; i < g_list_model_get_n_items(results); i++) {
            g_autoptr(GObject) result = g_list_model_get_item(results, i);

            g_list_store_append(item->results, result);
        }
    }
}

GdkTexture *pst_tray_item_texture(PstTrayItem *item)
{
    return item->texture;
}

void pst_tray_item_set_texture(PstTrayItem *item, GdkTexture *texture)
{
    if (g_set_object(&item->texture, texture)) {
        g_object_notify_by_pspec(G_OBJECT(item), properties[TEXTURE]);
    }
}

static void on_texture(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstTrayItem) item = data;
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, NULL);

    if (texture && !item->texture) {
        pst_tray_item_set_texture(item, texture);
    }
}

void pst_tray_item_read_texture(PstTrayItem *item, PstEngineService *service)
{
    if (!item->texture && !item->asked) {
        item->asked = TRUE;
        pst_texture_make_of_file(service, item->path, SIDE, on_texture, g_object_ref(item));
    }
}

static void pst_tray_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstTrayItem *item = PST_TRAY_ITEM(object);

    if (id == OPEN) {
        g_value_set_boolean(value, item->open);
    } else {
        g_value_set_object(value, item->texture);
    }
}

static void pst_tray_item_finalize(GObject *object)
{
    PstTrayItem *item = PST_TRAY_ITEM(object);

    g_free(item->path);
    g_free(item->name);
    g_clear_pointer(&item->look, pst_look_unref);
    g_clear_object(&item->results);
    g_clear_object(&item->texture);
    G_OBJECT_CLASS(pst_tray_item_parent_class)->finalize(object);
}

static void pst_tray_item_class_init(PstTrayItemClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_tray_item_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_tray_item_finalize;
    properties[OPEN] = g_param_spec_boolean("open", NULL, NULL, FALSE, flags);
    properties[TEXTURE] = g_param_spec_object("texture", NULL, NULL, GDK_TYPE_TEXTURE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_tray_item_init(PstTrayItem *item)
{
}

PstTrayItem *pst_tray_item_new(const char *path)
{
    PstTrayItem *item = g_object_new(PST_TYPE_TRAY_ITEM, NULL);

    item->path = g_strdup(path);
    item->name = g_filename_display_basename(path);
    return item;
}
