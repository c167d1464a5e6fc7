#include "style_pictures.h"

#include "texture.h"

typedef struct {
    PstStyle *style;
    GdkTexture *texture;
} Place;

struct _PstStylePictures {
    GObject parent_instance;
    PstEngineService *service;
    PstDocument *document;
    char *slot; /* of its jobs */
    Place *places;
    int count;
};

G_DEFINE_FINAL_TYPE(PstStylePictures, pst_style_pictures, G_TYPE_OBJECT)

static guint painted_signal;

/* A picture on its way. */
typedef struct {
    GWeakRef pictures;
    PstEngineService *service;
    PstPhoto *photo;
    PstStyle *style;
    int index;
} Order;

static gpointer paint(gpointer data, PstWorkerJob *job, GError **error)
{
    const Order *order = data;

    return pst_engine_service_thumbnail(order->service, job, order->photo, order->style, error);
}

static void on_painted(gpointer data, gpointer result, const GError *error)
{
    Order *order = data;
    g_autoptr(PstRaster) raster = result;
    g_autoptr(PstStylePictures) pictures = g_weak_ref_get(&order->pictures);

    if (pictures && raster) {
        g_clear_object(&pictures->places[order->index].texture);
        pictures->places[order->index].texture = pst_texture_from_raster(raster);
        g_signal_emit(pictures, painted_signal, 0, order->index);
    }
}

static void order_free(gpointer data)
{
    Order *order = data;

    g_weak_ref_clear(&order->pictures);
    pst_photo_unref(order->photo);
    pst_style_free(order->style);
    g_free(order);
}

static const PstWorkerJobClass paint_class = { paint, NULL, on_painted, order_free };

void pst_style_pictures_set(PstStylePictures *pictures, int index, PstStyle *style)
{
    PstPhoto *photo = pst_document_photo(pictures->document);
    Place *place = &pictures->places[index];
    g_autofree char *slot = g_strdup_printf("%s-%d", pictures->slot, index);
    Order *order;

    pst_style_free(place->style);
    place->style = style;
    g_clear_object(&place->texture);
    g_signal_emit(pictures, painted_signal, 0, index);
    if (photo && style) {
        order = g_new0(Order, 1);
        g_weak_ref_init(&order->pictures, pictures);
        order->service = pictures->service;
        order->photo = pst_photo_ref(photo);
        order->style = pst_style_copy(style);
        order->index = index;
        pst_worker_push(pst_engine_service_worker(pictures->service), &paint_class, PST_PRIORITY_THUMBNAIL, slot,
                        order);
    }
}

int pst_style_pictures_count(PstStylePictures *pictures)
{
    return pictures->count;
}

const PstStyle *pst_style_pictures_style(PstStylePictures *pictures, int index)
{
    return pictures->places[index].style;
}

GdkTexture *pst_style_pictures_texture(PstStylePictures *pictures, int index)
{
    return pictures->places[index].texture;
}

static void pst_style_pictures_finalize(GObject *object)
{
    PstStylePictures *pictures = PST_STYLE_PICTURES(object);

    pst_worker_cancel(pst_engine_service_worker(pictures->service), pictures->slot, TRUE);
    for (int i = 0; i < pictures->count; i++) {
        pst_style_free(pictures->places[i].style);
        g_clear_object(&pictures->places[i].texture);
    }
    g_free(pictures->places);
    g_free(pictures->slot);
    g_object_unref(pictures->document);
    G_OBJECT_CLASS(pst_style_pictures_parent_class)->finalize(object);
}

static void pst_style_pictures_class_init(PstStylePicturesClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_style_pictures_finalize;
    painted_signal = g_signal_new("painted", PST_TYPE_STYLE_PICTURES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
}

static void pst_style_pictures_init(PstStylePictures *pictures)
{
    pictures->slot = g_strdup_printf("style-pictures-%p/", (gpointer)pictures);
}

PstStylePictures *pst_style_pictures_new(PstEngineService *service, PstDocument *document, int count)
{
    PstStylePictures *pictures = g_object_new(PST_TYPE_STYLE_PICTURES, NULL);

    pictures->service = service;
    pictures->document = g_object_ref(document);
    pictures->places = g_new0(Place, count);
    pictures->count = count;
    return pictures;
}
