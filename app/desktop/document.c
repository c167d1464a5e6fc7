#include "document.h"

#include <glib/gi18n.h>
#include <string.h>

#include "texture.h"
#include "undo.h"

#define MIX 4 /* styles: nobody tells more apart; recipes may hold more */

#define RESULTS 40
#define SETTLE  800 /* milliseconds after which a slider that moves again makes a new step of undo */

struct _PstDocument {
    GObject parent_instance;
    PstEngineService *service;
    char *slot; /* of its jobs: there may be other windows */
    PstRenderer *renderer;
    PstUndo *undo;
    PstPhoto *photo;
    GListStore *results;
    GdkTexture *small; /* of the painting in the making */
    int region;
    gboolean loading;
    guint settle; /* the timer */
};

G_DEFINE_FINAL_TYPE(PstDocument, pst_document, G_TYPE_OBJECT)

enum { PHOTO_CHANGED, LOOK_CHANGED, MESSAGE, SIGNALS };
static guint signals[SIGNALS];
enum { PHOTO_NAME = 1, LOADING, CAN_UNDO, CAN_REDO, REGION, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

/* A photograph to read. */
typedef struct {
    GWeakRef document;
    char *path; /* or */
    GBytes *pixels;
    int width, height;
    gsize stride;
    char *name;
} Opening;

typedef struct {
    PstPhoto *photo;
    PstRaster *original;
} Opened;

static void opening_free(gpointer data)
{
    Opening *opening = data;

    g_weak_ref_clear(&opening->document);
    g_clear_pointer(&opening->pixels, g_bytes_unref);
    g_free(opening->path);
    g_free(opening->name);
    g_free(opening);
}

static void opened_free(Opened *opened)
{
    if (opened) {
        pst_photo_unref(opened->photo);
        pst_raster_unref(opened->original);
        g_free(opened);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Opened, opened_free)

static PstPicture *picture_from_pixels(const Opening *opening, GError **error)
{
    PstPicture *picture = pst_picture_new(opening->width, opening->height, TRUE, error);
    const guint8 *data = g_bytes_get_data(opening->pixels, NULL);
    gboolean opaque = TRUE;

    for (int y = 0; picture && y < opening->height; y++) {
        const guint32 *row = (const guint32 *)(const void *)(data + (gsize)y * opening->stride);
        gsize start = (gsize)y * opening->width;

        for (int x = 0; x < opening->width; x++) {
            float alpha = (float)(row[x] >> 24), *rgb = picture->rgb + 3 * (start + x);

            opaque = opaque && alpha == 255;
            picture->alpha[start + x] = alpha / 255;
            for (int c = 0; c < 3 && alpha > 0; c++) {
                rgb[c] = MIN(1, (float)(row[x] >> (16 - 8 * c) & 255) / alpha);
            }
        }
    }
    if (picture && opaque) {
        PstPicture *plain = pst_picture_new(opening->width, opening->height, FALSE, error);

        if (plain) {
            memcpy(plain->rgb, picture->rgb, (gsize)3 * opening->width * opening->height * sizeof(float));
        }
        pst_picture_free(picture);
        picture = plain;
    }
    return picture;
}

static gpointer open_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Opening *opening = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    g_autoptr(Opened) opened = g_new0(Opened, 1);

    if (opening->path) {
        opened->photo = pst_photo_read(opening->path, cancellable, error);
    } else {
        PstPicture *picture = picture_from_pixels(opening, error);

        opened->photo = picture ? pst_photo_new(picture, NULL, opening->name, cancellable, error) : NULL;
    }
    if (!opened->photo || !(opened->original = pst_raster_new(opened->photo->full, cancellable, error))) {
        return NULL;
    }
    return g_steal_pointer(&opened);
}

static void set_loading(PstDocument *document, gboolean loading)
{
    if (document->loading != loading) {
        document->loading = loading;
        g_object_notify_by_pspec(G_OBJECT(document), properties[LOADING]);
    }
}

static void look_changed(PstDocument *document)
{
    PstLook *look = pst_document_look(document);

    if (document->region >= look->count) {
        pst_document_set_region(document, look->count - 1);
    }
    pst_renderer_set(document->renderer, document->photo, look);
    g_object_notify_by_pspec(G_OBJECT(document), properties[CAN_UNDO]);
    g_object_notify_by_pspec(G_OBJECT(document), properties[CAN_REDO]);
    g_signal_emit(document, signals[LOOK_CHANGED], 0);
}

static void open_done(gpointer data, gpointer result, const GError *error)
{
    Opening *opening = data;
    g_autoptr(Opened) opened = result;
    g_autoptr(PstDocument) document = g_weak_ref_get(&opening->document);

    if (!document || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    set_loading(document, FALSE);
    if (error) {
        /* In a window the file's name says enough; its folder only makes the sentence long. */
        gsize folder = opening->path ? (gsize)(strrchr(opening->path, '/') + 1 - opening->path) : 0;

        pst_document_tell(document, folder && g_str_has_prefix(error->message, opening->path) && opening->path[folder]
                                        ? error->message + folder
                                        : error->message);
        return;
    }
    g_clear_pointer(&document->photo, pst_photo_unref);
    document->photo = pst_photo_ref(opened->photo);
    g_list_store_remove_all(document->results);
    g_clear_object(&document->small);
    g_signal_emit(document, signals[PHOTO_CHANGED], 0, opened->original);
    g_object_notify_by_pspec(G_OBJECT(document), properties[PHOTO_NAME]);
    pst_renderer_set(document->renderer, document->photo, pst_document_look(document));
}

static const PstWorkerJobClass open_class = { open_run, NULL, open_done, opening_free };

static void open_push(PstDocument *document, Opening *opening)
{
    g_weak_ref_init(&opening->document, document);
    set_loading(document, TRUE);
    pst_worker_push(pst_engine_service_worker(document->service), &open_class, PST_PRIORITY_PREVIEW, document->slot,
                    opening);
}

void pst_document_open(PstDocument *document, const char *path)
{
    Opening *opening = g_new0(Opening, 1);

    opening->path = g_canonicalize_filename(path, NULL);
    open_push(document, opening);
}

void pst_document_open_pixels(PstDocument *document, GBytes *pixels, int width, int height, gsize stride,
                              const char *name)
{
    Opening *opening = g_new0(Opening, 1);

    *opening = (Opening){
        .pixels = g_bytes_ref(pixels), .width = width, .height = height, .stride = stride, .name = g_strdup(name)
    };
    open_push(document, opening);
}

PstEngineService *pst_document_service(PstDocument *document)
{
    return document->service;
}

PstRenderer *pst_document_renderer(PstDocument *document)
{
    return document->renderer;
}

PstPhoto *pst_document_photo(PstDocument *document)
{
    return document->photo;
}

PstLook *pst_document_look(PstDocument *document)
{
    return pst_undo_current(document->undo);
}

static gboolean on_settle(gpointer data)
{
    PstDocument *document = data;

    document->settle = 0;
    pst_undo_settle(document->undo);
    return G_SOURCE_REMOVE;
}

void pst_document_set_look(PstDocument *document, PstLook *look, const char *merge)
{
    g_clear_handle_id(&document->settle, g_source_remove);
    if (merge) {
        document->settle = g_timeout_add(SETTLE, on_settle, document);
    }
    if (pst_undo_push(document->undo, look, merge)) {
        look_changed(document);
    }
}

void pst_document_settle(PstDocument *document)
{
    pst_undo_settle(document->undo);
}

void pst_document_undo(PstDocument *document)
{
    if (pst_undo_back(document->undo)) {
        look_changed(document);
    }
}

void pst_document_redo(PstDocument *document)
{
    if (pst_undo_forward(document->undo)) {
        look_changed(document);
    }
}

int pst_document_region(PstDocument *document)
{
    return document->region;
}

void pst_document_set_region(PstDocument *document, int region)
{
    region = CLAMP(region, 0, pst_document_look(document)->count - 1);
    if (document->region != region) {
        document->region = region;
        g_object_notify_by_pspec(G_OBJECT(document), properties[REGION]);
    }
}

void pst_document_pick(PstDocument *document, const char *id, const PstStyle *style)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(document));
    PstLookRegion *region = &look->regions[document->region];

    while (region->count > 0) {
        pst_look_region_remove(region, region->count - 1);
    }
    pst_look_add_style(look, document->region, id, style, 1);
    pst_document_set_look(document, look, NULL);
}

void pst_document_toggle(PstDocument *document, const char *id, const PstStyle *style)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(document));
    PstLookRegion *region = &look->regions[document->region];
    int index = pst_look_region_find(region, id);

    if (index >= 0) {
        pst_look_region_remove(region, index);
    } else if (region->count >= MIX || !pst_look_add_style(look, document->region, id, style, 1)) {
        pst_document_tell(document, _("Up to four styles can be mixed; take one out first."));
        return;
    }
    pst_document_set_look(document, look, NULL);
}

GListModel *pst_document_results(PstDocument *document)
{
    return G_LIST_MODEL(document->results);
}

void pst_document_tell(PstDocument *document, const char *message)
{
    g_signal_emit(document, signals[MESSAGE], 0, message);
}

static void remember_small(PstDocument *document, PstRaster *raster)
{
    if (raster) {
        g_clear_object(&document->small);
        document->small = pst_texture_from_raster(raster);
    }
}

static void on_preview(PstRenderer *renderer, PstRaster *raster, PstRaster *small, PstDocument *document)
{
    remember_small(document, small);
}

static void on_finished(PstRenderer *renderer, PstPainting *painting, PstRaster *small, PstDocument *document)
{
    GListModel *results = G_LIST_MODEL(document->results);

    remember_small(document, small);
    for (guint i = 0; i < g_list_model_get_n_items(results); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (pst_look_equal(pst_result_look(result), painting->look)) {
            return;
        }
    }
    if (document->small) {
        g_autoptr(PstResult) result = pst_result_new(painting->look, document->small);

        g_list_store_insert(document->results, 0, result);
    }
    if (g_list_model_get_n_items(results) > RESULTS) {
        g_list_store_remove(document->results, RESULTS);
    }
}

static void on_failed(PstRenderer *renderer, const char *message, PstDocument *document)
{
    pst_document_tell(document, message);
}

static void pst_document_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstDocument *document = PST_DOCUMENT(object);

    switch (id) {
    case PHOTO_NAME:
        g_value_set_string(value, document->photo ? document->photo->name : NULL);
        break;
    case LOADING:
        g_value_set_boolean(value, document->loading);
        break;
    case CAN_UNDO:
        g_value_set_boolean(value, pst_undo_can_undo(document->undo));
        break;
    case CAN_REDO:
        g_value_set_boolean(value, pst_undo_can_redo(document->undo));
        break;
    case REGION:
        g_value_set_int(value, document->region);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void pst_document_dispose(GObject *object)
{
    PstDocument *document = PST_DOCUMENT(object);

    g_clear_handle_id(&document->settle, g_source_remove);
    if (document->renderer) {
        pst_worker_cancel(pst_engine_service_worker(document->service), document->slot, FALSE);
        g_signal_handlers_disconnect_by_data(document->renderer, document);
        g_object_run_dispose(G_OBJECT(document->renderer));
    }
    g_clear_object(&document->renderer);
    G_OBJECT_CLASS(pst_document_parent_class)->dispose(object);
}

static void pst_document_finalize(GObject *object)
{
    PstDocument *document = PST_DOCUMENT(object);

    g_free(document->slot);
    g_object_unref(document->results);
    g_clear_object(&document->small);
    pst_photo_unref(document->photo);
    pst_undo_free(document->undo);
    G_OBJECT_CLASS(pst_document_parent_class)->finalize(object);
}

static void pst_document_class_init(PstDocumentClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GType type = G_TYPE_FROM_CLASS(klass);
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pst_document_get_property;
    object_class->dispose = pst_document_dispose;
    object_class->finalize = pst_document_finalize;
    properties[PHOTO_NAME] = g_param_spec_string("photo-name", NULL, NULL, NULL, flags);
    properties[LOADING] = g_param_spec_boolean("loading", NULL, NULL, FALSE, flags);
    properties[CAN_UNDO] = g_param_spec_boolean("can-undo", NULL, NULL, FALSE, flags);
    properties[CAN_REDO] = g_param_spec_boolean("can-redo", NULL, NULL, FALSE, flags);
    properties[REGION] = g_param_spec_int("region", NULL, NULL, 0, PST_LOOK_REGIONS - 1, 0, flags);
    g_object_class_install_properties(object_class, PROPERTIES, properties);

    signals[PHOTO_CHANGED] = g_signal_new("photo-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_POINTER);
    signals[LOOK_CHANGED] = g_signal_new("look-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[MESSAGE] = g_signal_new("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
}

static void pst_document_init(PstDocument *document)
{
    document->slot = g_strdup_printf("open/%p", (void *)document);
    g_autoptr(PstLook) look = pst_look_new();

    document->undo = pst_undo_new(look);
    document->results = g_list_store_new(PST_TYPE_RESULT);
}

PstDocument *pst_document_new(PstEngineService *service)
{
    PstDocument *document = g_object_new(PST_TYPE_DOCUMENT, NULL);

    document->service = service;
    document->renderer = pst_renderer_new(service);
    g_signal_connect(document->renderer, "preview", G_CALLBACK(on_preview), document);
    g_signal_connect(document->renderer, "finished", G_CALLBACK(on_finished), document);
    g_signal_connect(document->renderer, "failed", G_CALLBACK(on_failed), document);
    return document;
}
