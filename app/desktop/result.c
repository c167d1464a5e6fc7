#include "result.h"

struct _PstResult {
    GObject parent_instance;
    PstLook *look;
    GdkTexture *texture;
};

G_DEFINE_FINAL_TYPE(PstResult, pst_result, G_TYPE_OBJECT)

PstLook *pst_result_look(PstResult *result)
{
    return result->look;
}

GdkTexture *pst_result_texture(PstResult *result)
{
    return result->texture;
}

static void pst_result_finalize(GObject *object)
{
    PstResult *result = PST_RESULT(object);

    pst_look_unref(result->look);
    g_clear_object(&result->texture);
    G_OBJECT_CLASS(pst_result_parent_class)->finalize(object);
}

static void pst_result_class_init(PstResultClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_result_finalize;
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
