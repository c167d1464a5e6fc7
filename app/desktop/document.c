#include "document.h"

#include <glib/gi18n.h>

#include "app/common/advice.h"
#include "photo_opening.h"
#include "preferences.h"
#include "starred_results.h"
#include "texture.h"
#include "undo.h"

#define MIX 4 /* styles: more can't be told apart; recipes may hold more */

#define RESULTS 40
#define SETTLE  800 /* milliseconds after which a slider that moves again makes a new step of undo */

struct _PstDocument {
    GObject parent_instance;
    PstEngineService *service;
    char *slot; /* of its jobs: there may be other windows */
    PstRenderer *renderer;
    PstUndo *undo;
    PstPhoto *photo;
    PstVideoInfo *video; /* that it is a frame of, or NULL */
    double video_time;
    gboolean sought; /* the photograph is another frame of the video that was open before */
    GListStore *results;
    GdkTexture *small; /* of the painting in the making */
    int region;
    gboolean loading;
    guint settle; /* the timer */
};

G_DEFINE_FINAL_TYPE(PstDocument, pst_document, G_TYPE_OBJECT)

enum { PHOTO_LEAVING, PHOTO_CHANGED, LOOK_CHANGED, MESSAGE, DAMAGED, SIGNALS };
static guint signals[SIGNALS];
enum { PHOTO_NAME = 1, LOADING, CAN_UNDO, CAN_REDO, REGION, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

static GPtrArray *documents; /* all there are, borrowed */

/* A photograph to read. */
typedef struct {
    GWeakRef document;
    PstEngineService *service;
    PstLook *look; /* to go on with, or NULL */
    GListModel *results;
    PstPhotoOpening photo;
} Opening;

static void opening_free(gpointer data)
{
    Opening *opening = data;

    g_weak_ref_clear(&opening->document);
    g_clear_pointer(&opening->look, pst_look_unref);
    g_clear_object(&opening->results);
    pst_photo_opening_clear(&opening->photo);
    g_free(opening);
}

static gpointer open_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Opening *opening = data;

    return pst_photo_opening_run(&opening->photo, pst_engine_service_pool(opening->service, job),
                                 pst_worker_job_cancellable(job), error);
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
    g_object_notify_by_pspec(G_OBJECT(document), properties[CAN_UNDO]);
    g_object_notify_by_pspec(G_OBJECT(document), properties[CAN_REDO]);
    g_signal_emit(document, signals[LOOK_CHANGED], 0);
    /* Last: it may begin to paint at once, and who shows the picture has put away the old one by then. */
    pst_renderer_set(document->renderer, document->photo, look);
}

static void recall_results(PstDocument *document)
{
    const char *path = pst_document_path(document);
    g_autoptr(GPtrArray) kept = path ? pst_starred_results_read(path) : g_ptr_array_new();

    g_list_store_splice(document->results, 0, g_list_model_get_n_items(G_LIST_MODEL(document->results)), kept->pdata,
                        kept->len);
}

/* Masks were painted over what is in one photograph. */
static void forget_regions(PstDocument *document)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(document));

    if (pst_look_forget_regions(look)) {
        pst_document_set_look(document, look, NULL);
        pst_document_tell(document, _("The regions of the last photo were left out; Undo brings them back."));
    }
}

/* One with a star may be there already. */
static gboolean find_result(PstDocument *document, const PstLook *look)
{
    GListModel *results = G_LIST_MODEL(document->results);

    for (guint i = 0; i < g_list_model_get_n_items(results); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (pst_look_equal(pst_result_look(result), look)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void take_results(PstDocument *document, GListModel *results)
{
    for (guint i = 0; results && i < g_list_model_get_n_items(results); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (!find_result(document, pst_result_look(result))) {
            g_list_store_append(document->results, result);
        }
    }
}

/* What is odd about the photograph's file. */
static void tell_warning(PstDocument *document)
{
    const PstPictureInfo *info = &document->photo->full->info;

    if (info->warning) {
        g_autofree char *text = g_strdup_printf("%s: %s", document->photo->name, info->warning);

        pst_document_tell(document, text);
    }
}

static void tell_failure(PstDocument *document, const Opening *opening, const GError *error)
{
    const char *path = opening->photo.path;
    g_autofree char *text = pst_error_text_in_window(error, path);

    if (opening->look) {
        pst_document_set_look(document, opening->look, NULL);
    }
    if (!opening->photo.salvage && g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED)) {
        g_signal_emit(document, signals[DAMAGED], 0, text, path);
    } else {
        pst_document_tell(document, text);
    }
}

static void take_photo(PstDocument *document, const Opening *opening, PstOpenedPhoto *opened)
{
    g_clear_pointer(&document->photo, pst_photo_unref);
    g_clear_pointer(&document->video, pst_video_info_unref);
    document->photo = pst_photo_ref(opened->photo);
    document->video = g_steal_pointer(&opened->video);
    document->video_time = opening->photo.seconds;
    document->sought = opening->photo.video != NULL;
}

static void open_done(gpointer data, gpointer result, const GError *error)
{
    Opening *opening = data;
    g_autoptr(PstOpenedPhoto) opened = result;
    g_autoptr(PstDocument) document = g_weak_ref_get(&opening->document);
    gboolean other;

    if (!document || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return;
    }
    set_loading(document, FALSE);
    if (error) {
        tell_failure(document, opening, error);
        return;
    }
    g_signal_emit(document, signals[PHOTO_LEAVING], 0);
    other = document->photo && g_strcmp0(pst_document_path(document), opening->photo.path) != 0;
    take_photo(document, opening, opened);
    if (!document->sought) {
        recall_results(document);
    }
    g_clear_object(&document->small);
    g_signal_emit(document, signals[PHOTO_CHANGED], 0, opened->original);
    g_object_notify_by_pspec(G_OBJECT(document), properties[PHOTO_NAME]);
    tell_warning(document);
    if (opening->look) {
        take_results(document, opening->results);
        pst_document_set_look(document, opening->look, NULL);
    } else if (other) {
        forget_regions(document);
    }
    pst_renderer_set(document->renderer, document->photo, pst_document_look(document));
}

static const PstWorkerJobClass open_class = { open_run, NULL, open_done, opening_free };

static void open_push(PstDocument *document, Opening *opening)
{
    g_weak_ref_init(&opening->document, document);
    opening->service = document->service;
    set_loading(document, TRUE);
    pst_worker_push(pst_engine_service_worker(document->service), &open_class, PST_PRIORITY_PREVIEW, document->slot,
                    opening);
}

static Opening *opening_of(const char *path)
{
    Opening *opening = g_new0(Opening, 1);

    opening->photo.path = g_canonicalize_filename(path, NULL);
    return opening;
}

void pst_document_open(PstDocument *document, const char *path)
{
    open_push(document, opening_of(path));
}

void pst_document_salvage(PstDocument *document, const char *path)
{
    Opening *opening = opening_of(path);

    opening->photo.salvage = TRUE;
    open_push(document, opening);
}

void pst_document_resume(PstDocument *document, const char *path, double seconds, PstLook *look, GListModel *results)
{
    Opening *opening = opening_of(path);

    opening->photo.seconds = seconds;
    opening->look = pst_look_ref(look);
    opening->results = results ? g_object_ref(results) : NULL;
    open_push(document, opening);
}

void pst_document_seek(PstDocument *document, double seconds)
{
    Opening *opening = opening_of(document->video->path);

    opening->photo.video = pst_video_info_ref(document->video);
    opening->photo.seconds = seconds;
    open_push(document, opening);
}

void pst_document_open_pixels(PstDocument *document, GBytes *pixels, int width, int height, gsize stride,
                              const char *name)
{
    Opening *opening = g_new0(Opening, 1);

    opening->photo = (PstPhotoOpening){
        .pixels = g_bytes_ref(pixels), .width = width, .height = height, .stride = stride, .name = g_strdup(name)
    };
    open_push(document, opening);
}

PstRenderer *pst_document_renderer(PstDocument *document)
{
    return document->renderer;
}

PstPhoto *pst_document_photo(PstDocument *document)
{
    return document->photo;
}

const char *pst_document_path(PstDocument *document)
{
    return document->video ? document->video->path : document->photo ? document->photo->path : NULL;
}

const PstVideoInfo *pst_document_video(PstDocument *document)
{
    return document->video;
}

double pst_document_video_time(PstDocument *document)
{
    return document->video_time;
}

gboolean pst_document_has_sought(PstDocument *document)
{
    return document->sought;
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

void pst_document_add_inputs(PstInputs *inputs)
{
    for (guint d = 0; documents && d < documents->len; d++) {
        PstDocument *document = documents->pdata[d];
        const PstLook *look = pst_document_look(document);

        pst_inputs_add(inputs, pst_document_path(document));
        for (int i = 0; i < look->count; i++) {
            for (int k = 0; k < look->regions[i].count; k++) {
                /* Pictures that were dropped are known by their path. */
                if (g_path_is_absolute(look->regions[i].styles[k].id)) {
                    pst_inputs_add(inputs, look->regions[i].styles[k].id);
                }
            }
        }
    }
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

/* There is an end to what is remembered, but not of what has a star. */
static void forget_oldest(PstDocument *document)
{
    GListModel *results = G_LIST_MODEL(document->results);

    for (guint i = g_list_model_get_n_items(results); i-- > RESULTS;) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (!pst_result_starred(result)) {
            g_list_store_remove(document->results, i);
        }
    }
}

void pst_document_star(PstDocument *document, PstResult *result, gboolean starred)
{
    const char *path = pst_document_path(document);
    g_autoptr(GError) error = NULL;

    if (!path) {
        pst_document_tell(document, _("Results are kept beside a photo’s file, and this picture has none: export it."));
    } else if (starred ? pst_starred_results_add(path, result, &error)
                       : pst_starred_results_remove(path, result, &error)) {
        pst_result_set_starred(result, starred);
    } else {
        g_autofree char *text = pst_error_text(error);

        pst_document_tell(document, text);
    }
}

static void on_finished(PstRenderer *renderer, PstPainting *painting, PstRaster *small, PstDocument *document)
{
    GListModel *results = G_LIST_MODEL(document->results);
    PstLook *look = pst_document_look(document);

    remember_small(document, small);
    for (guint i = 0; i < g_list_model_get_n_items(results); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (pst_look_equal(pst_result_look(result), look)) {
            g_autoptr(PstResult) refined = small ? pst_result_new(look, document->small) : NULL;

            /* What was painted at once is refined now. */
            if (refined) {
                pst_result_set_starred(refined, pst_result_starred(result));
                g_list_store_splice(document->results, i, 1, (gpointer *)&refined, 1);
            }
            return;
        }
    }
    if (document->small) {
        g_autoptr(PstResult) result = pst_result_new(look, document->small);

        g_list_store_insert(document->results, 0, result);
    }
    forget_oldest(document);
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

    g_ptr_array_remove_fast(documents, document);
    g_free(document->slot);
    g_object_unref(document->results);
    g_clear_object(&document->small);
    pst_photo_unref(document->photo);
    pst_video_info_unref(document->video);
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

    signals[PHOTO_LEAVING] = g_signal_new("photo-leaving", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                          0);
    signals[PHOTO_CHANGED] = g_signal_new("photo-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_POINTER);
    signals[LOOK_CHANGED] = g_signal_new("look-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[MESSAGE] = g_signal_new("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
    signals[DAMAGED] = g_signal_new("damaged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                    G_TYPE_STRING, G_TYPE_STRING);
}

static void pst_document_init(PstDocument *document)
{
    document->slot = g_strdup_printf("open/%p", (void *)document);
    if (!documents) {
        documents = g_ptr_array_new();
    }
    g_ptr_array_add(documents, document);
    g_autoptr(PstLook) look = pst_look_new();

    look->finish = pst_preferences_get_finish();
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
