#include "thumbnail_list.h"

#include "app/common/advice.h"
#include "texture.h"

struct _PstThumbnailList {
    GObject parent_instance;
    PstEngineService *service;
    PstStyleList *styles;
    GPtrArray *thumbnails; /* of PstStyleThumbnail, in the order of `styles` */
    GHashTable *shown;     /* set of PstStyleThumbnail */
    GQueue wanted;         /* of PstStyleThumbnail that are not of this photograph yet */
    PstPhoto *photo;
    guint serial;      /* of the photograph */
    gboolean painting; /* one of them */
};

static void list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(PstThumbnailList, pst_thumbnail_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

static guint message_signal;

static GType item_type(GListModel *model)
{
    return PST_TYPE_STYLE_THUMBNAIL;
}

static guint item_count(GListModel *model)
{
    return PST_THUMBNAIL_LIST(model)->thumbnails->len;
}

static gpointer get_item(GListModel *model, guint position)
{
    GPtrArray *thumbnails = PST_THUMBNAIL_LIST(model)->thumbnails;

    return position < thumbnails->len ? g_object_ref(thumbnails->pdata[position]) : NULL;
}

static void list_model_init(GListModelInterface *interface)
{
    interface->get_item_type = item_type;
    interface->get_n_items = item_count;
    interface->get_item = get_item;
}

/* ---- painting ------------------------------------------------------------------------------- */

/* A thumbnail on its way. */
typedef struct {
    GWeakRef list;
    PstEngineService *service;
    PstPhoto *photo;
    PstStyleThumbnail *thumbnail;
    const PstStyle *style; /* of the thumbnail */
    guint serial;
} Order;

static void paint_next(PstThumbnailList *list);

static void order_free(gpointer data)
{
    Order *order = data;

    g_weak_ref_clear(&order->list);
    pst_photo_unref(order->photo);
    g_object_unref(order->thumbnail);
    g_free(order);
}

static gpointer paint_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Order *order = data;

    return pst_engine_service_thumbnail(order->service, job, order->photo, order->style, error);
}

static void paint_done(gpointer data, gpointer result, const GError *error)
{
    Order *order = data;
    g_autoptr(PstRaster) raster = result;
    g_autoptr(PstThumbnailList) list = g_weak_ref_get(&order->list);

    if (!list) {
        return;
    }
    list->painting = FALSE;
    if (raster && order->serial == list->serial) {
        g_autoptr(GdkTexture) texture = pst_texture_from_raster(raster);

        pst_style_thumbnail_set_texture(order->thumbnail, texture);
    } else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_autofree char *text = pst_error_text(error);

        /* The same will happen to the others. */
        g_queue_clear_full(&list->wanted, g_object_unref);
        g_signal_emit(list, message_signal, 0, text);
    }
    paint_next(list);
}

static const PstWorkerJobClass paint_class = { paint_run, NULL, paint_done, order_free };

/* The next one on the screen, or else the next one. */
static PstStyleThumbnail *take_wanted(PstThumbnailList *list)
{
    for (GList *link = list->wanted.head; link; link = link->next) {
        if (g_hash_table_contains(list->shown, link->data)) {
            PstStyleThumbnail *thumbnail = link->data;

            g_queue_delete_link(&list->wanted, link);
            return thumbnail;
        }
    }
    return g_queue_pop_head(&list->wanted);
}

/* One at a time, so that which comes next is decided when it begins. */
static void paint_next(PstThumbnailList *list)
{
    PstStyleThumbnail *thumbnail = list->painting || !list->photo ? NULL : take_wanted(list);
    Order *order;

    if (!thumbnail) {
        return;
    }
    list->painting = TRUE;
    order = g_new0(Order, 1);
    g_weak_ref_init(&order->list, list);
    order->service = list->service;
    order->photo = pst_photo_ref(list->photo);
    order->thumbnail = thumbnail;
    order->style = pst_style_item_style(pst_style_thumbnail_item(thumbnail));
    order->serial = list->serial;
    pst_worker_push(pst_engine_service_worker(list->service), &paint_class, PST_PRIORITY_THUMBNAIL, NULL, order);
}

void pst_thumbnail_list_set_photo(PstThumbnailList *list, PstPhoto *photo)
{
    G_GNUC_UNUSED g_autoptr(PstPhoto) old = list->photo;

    list->photo = photo ? pst_photo_ref(photo) : NULL;
    list->serial++;
    g_queue_clear_full(&list->wanted, g_object_unref);
    for (guint i = 0; photo && i < list->thumbnails->len; i++) {
        g_queue_push_tail(&list->wanted, g_object_ref(list->thumbnails->pdata[i]));
    }
    paint_next(list);
}

void pst_thumbnail_list_show(PstThumbnailList *list, PstStyleThumbnail *thumbnail)
{
    g_hash_table_add(list->shown, g_object_ref(thumbnail));
}

void pst_thumbnail_list_hide(PstThumbnailList *list, PstStyleThumbnail *thumbnail)
{
    g_hash_table_remove(list->shown, thumbnail);
}

gboolean pst_thumbnail_list_is_busy(PstThumbnailList *list)
{
    return list->painting;
}

/* ---- following the styles ------------------------------------------------------------------- */

PstStyleThumbnail *pst_thumbnail_list_find(PstThumbnailList *list, const char *id)
{
    for (guint i = 0; i < list->thumbnails->len; i++) {
        PstStyleThumbnail *thumbnail = list->thumbnails->pdata[i];

        if (g_strcmp0(pst_style_item_id(pst_style_thumbnail_item(thumbnail)), id) == 0) {
            return thumbnail;
        }
    }
    return NULL;
}

static void forget(PstThumbnailList *list, PstStyleThumbnail *thumbnail)
{
    if (g_queue_remove(&list->wanted, thumbnail)) {
        g_object_unref(thumbnail);
    }
}

/* A style in the place of another one of its identifier looks as that did, until it is painted itself. */
static PstStyleThumbnail *new_thumbnail(PstStyleItem *item, PstStyleThumbnail *before)
{
    PstStyleThumbnail *thumbnail = pst_style_thumbnail_new(item);

    if (before && g_strcmp0(pst_style_item_id(pst_style_thumbnail_item(before)), pst_style_item_id(item)) == 0) {
        pst_style_thumbnail_set_texture(thumbnail, pst_style_thumbnail_texture(before));
    }
    return thumbnail;
}

static void on_items_changed(GListModel *styles, guint position, guint removed, guint added, PstThumbnailList *list)
{
    g_autoptr(PstStyleThumbnail) before = removed > 0 ? g_object_ref(list->thumbnails->pdata[position]) : NULL;

    for (guint i = 0; i < removed; i++) {
        forget(list, list->thumbnails->pdata[position]);
        g_ptr_array_remove_index(list->thumbnails, position);
    }
    for (guint i = position; i < position + added; i++) {
        g_autoptr(PstStyleItem) item = g_list_model_get_item(styles, i);
        PstStyleThumbnail *thumbnail = new_thumbnail(item, before);

        g_ptr_array_insert(list->thumbnails, (int)i, thumbnail);
        if (list->photo) {
            g_queue_push_tail(&list->wanted, g_object_ref(thumbnail));
        }
    }
    g_list_model_items_changed(G_LIST_MODEL(list), position, removed, added);
    paint_next(list);
}

static void pst_thumbnail_list_finalize(GObject *object)
{
    PstThumbnailList *list = PST_THUMBNAIL_LIST(object);

    g_queue_clear_full(&list->wanted, g_object_unref);
    g_hash_table_unref(list->shown);
    g_ptr_array_unref(list->thumbnails);
    g_object_unref(list->styles);
    pst_photo_unref(list->photo);
    G_OBJECT_CLASS(pst_thumbnail_list_parent_class)->finalize(object);
}

static void pst_thumbnail_list_class_init(PstThumbnailListClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_thumbnail_list_finalize;
    message_signal = g_signal_new("message", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void pst_thumbnail_list_init(PstThumbnailList *list)
{
    list->thumbnails = g_ptr_array_new_with_free_func(g_object_unref);
    list->shown = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL);
    g_queue_init(&list->wanted);
}

PstThumbnailList *pst_thumbnail_list_new(PstEngineService *service, PstStyleList *styles)
{
    PstThumbnailList *list = g_object_new(PST_TYPE_THUMBNAIL_LIST, NULL);

    list->service = service;
    list->styles = g_object_ref(styles);
    g_signal_connect_object(styles, "items-changed", G_CALLBACK(on_items_changed), list, 0);
    on_items_changed(G_LIST_MODEL(styles), 0, 0, g_list_model_get_n_items(G_LIST_MODEL(styles)), list);
    return list;
}
