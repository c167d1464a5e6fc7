#include "result.h"

#define COMPARED 4

struct _PstResult {
    GObject parent_instance;
    PstLook *look;
    GdkTexture *texture;
    gboolean current, starred;
    GBytes *png; /* or NULL: not asked for yet */
};

G_DEFINE_FINAL_TYPE(PstResult, pst_result, G_TYPE_OBJECT)

enum { CURRENT = 1, STARRED, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

PstLook *pst_result_look(PstResult *result)
{
    return result->look;
}

GdkTexture *pst_result_texture(PstResult *result)
{
    return result->texture;
}

gboolean pst_result_current(PstResult *result)
{
    return result->current;
}

void pst_result_set_current(PstResult *result, gboolean current)
{
    if (result->current != current) {
        result->current = current;
        g_object_notify_by_pspec(G_OBJECT(result), properties[CURRENT]);
    }
}

gboolean pst_result_starred(PstResult *result)
{
    return result->starred;
}

void pst_result_set_starred(PstResult *result, gboolean starred)
{
    if (result->starred != starred) {
        result->starred = starred;
        g_object_notify_by_pspec(G_OBJECT(result), properties[STARRED]);
    }
}

static void pst_result_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstResult *result = PST_RESULT(object);

    g_value_set_boolean(value, id == CURRENT ? result->current : result->starred);
}

GBytes *pst_result_png(PstResult *result)
{
    if (!result->png) {
        result->png = gdk_texture_save_to_png_bytes(result->texture);
    }
    return result->png;
}

static void add_compared(GListModel *results, GPtrArray *looks, gboolean starred)
{
    for (guint i = 0; i < g_list_model_get_n_items(results) && looks->len < COMPARED; i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (!starred || result->starred) {
            g_ptr_array_add(looks, pst_look_ref(result->look));
        }
    }
}

GPtrArray *pst_results_compared(GListModel *results)
{
    GPtrArray *looks = g_ptr_array_new_with_free_func((GDestroyNotify)pst_look_unref);

    add_compared(results, looks, TRUE);
    if (looks->len < 2) {
        g_ptr_array_set_size(looks, 0);
        add_compared(results, looks, FALSE);
    }
    return looks;
}

static void pst_result_finalize(GObject *object)
{
    PstResult *result = PST_RESULT(object);

    pst_look_unref(result->look);
    g_clear_object(&result->texture);
    g_clear_pointer(&result->png, g_bytes_unref);
    G_OBJECT_CLASS(pst_result_parent_class)->finalize(object);
}

static void pst_result_class_init(PstResultClass *klass)
{
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->get_property = pst_result_get_property;
    G_OBJECT_CLASS(klass)->finalize = pst_result_finalize;
    properties[CURRENT] = g_param_spec_boolean("current", NULL, NULL, FALSE, flags);
    properties[STARRED] = g_param_spec_boolean("starred", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
}

static void pst_result_init(PstResult *result)
{
}

PstResult *pst_result_new(PstLook *look, GdkTexture *texture)
{
    PstResult *result = g_object_new(PST_TYPE_RESULT, NULL);

    result->look = pst_look_ref(look);
    result->texture = g_object_ref(texture);
    return result;
}
