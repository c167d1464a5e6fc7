#include "variant.h"

#include "style_group.h"
#include "texture.h"

typedef struct {
    PstEngineService *service;
    PstPhoto *photo;
    PstLook *look;
} Order;

static void order_free(gpointer data)
{
    Order *order = data;

    pst_photo_unref(order->photo);
    pst_look_unref(order->look);
    g_free(order);
}

PstPicture *pst_variant_picture(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo, const PstLook *look,
                                GError **error)
{
    PstPainter *painter = pst_engine_service_preview(service, job, photo, look, error);
    g_auto(PstLookLayers) layers = { 0 };
    PstPicture *picture = NULL;
    const PstRowSink sink = { .picture = &picture };

    if (!painter) {
        return NULL;
    }
    pst_look_layers_init(&layers, look);
    return pst_painter_paint(painter, &layers.paint, &sink, NULL, NULL, pst_worker_job_cancellable(job), error)
               ? picture
               : NULL;
}

static PstRaster *paint(gpointer data, PstWorkerJob *job, GError **error)
{
    const Order *order = data;
    g_autoptr(PstPicture) picture = pst_variant_picture(order->service, job, order->photo, order->look, error);

    return picture ? pst_raster_new(picture, pst_worker_job_cancellable(job), error) : NULL;
}

void pst_variant_paint(PstEngineService *service, PstPhoto *photo, PstLook *look, const char *slot,
                       GAsyncReadyCallback callback, gpointer data)
{
    Order *order = g_new(Order, 1);

    *order = (Order){ service, pst_photo_ref(photo), pst_look_ref(look) };
    pst_texture_make(service, PST_PRIORITY_PREVIEW, slot, paint, order, order_free, callback, data);
}

void pst_variant_cancel(PstEngineService *service, const char *slot)
{
    pst_worker_cancel(pst_engine_service_worker(service), slot, TRUE);
}

static GPtrArray *new_looks(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)pst_look_unref);
}

GPtrArray *pst_variants_of_settings(PstLook *look)
{
    static const double strengths[] = { 0.6, 0.8, 1 }, strokes[] = { 1, 1.6, 2.5 };
    GPtrArray *looks = new_looks();

    for (int i = 0; i < PST_VARIANTS; i++) {
        PstLook *variant = pst_look_copy(look);

        variant->strength = strengths[i % 3];
        variant->stroke = strokes[i / 3];
        g_ptr_array_add(looks, variant);
    }
    return looks;
}

static int compare_rank(gconstpointer a, gconstpointer b)
{
    return pst_style_rank(pst_style_item_id(*(PstStyleItem *const *)a)) -
           pst_style_rank(pst_style_item_id(*(PstStyleItem *const *)b));
}

GPtrArray *pst_variants_of_styles(PstLook *look, int region, PstStyleList *styles)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    GPtrArray *looks = new_looks();

    for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(styles)); i++) {
        g_ptr_array_add(items, g_list_model_get_item(G_LIST_MODEL(styles), i));
    }
    g_ptr_array_sort(items, compare_rank);
    for (guint i = 0; i < MIN(items->len, PST_VARIANTS); i++) {
        PstLook *variant = pst_look_copy(look);
        PstLookRegion *changed = &variant->regions[region];

        while (changed->count > 0) {
            pst_look_region_remove(changed, changed->count - 1);
        }
        pst_look_add_style(variant, region, pst_style_item_id(items->pdata[i]), pst_style_item_style(items->pdata[i]),
                           1);
        g_ptr_array_add(looks, variant);
    }
    return looks;
}
