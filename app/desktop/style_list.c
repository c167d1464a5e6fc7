#include "style_list.h"

#include <glib/gi18n.h>

#include "app/common/advice.h"
#include "app/common/file_kind.h"
#include "app/common/style_library.h"
#include "engine/picture/reader.h"
#include "engine/picture/reduction.h"
#include "engine/service/raster.h"
#include "texture.h"

struct _PstStyleList {
    GObject parent_instance;
    PstEngineService *service;
    GPtrArray *items;  /* of PstStyleItem */
    GHashTable *shown; /* set of PstStyleItem */
    GHashTable *removed; /* set of identifiers: looks that still have these don't bring them back */
    GQueue wanted;     /* of PstStyleItem whose thumbnails are not of this photograph yet */
    PstPhoto *photo;
    guint serial;   /* of the photograph */
    guint pending;  /* jobs under way */
    gboolean painting;
};

static void list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(PstStyleList, pst_style_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

enum { MESSAGE, ADDED, SIGNALS };
static guint signals[SIGNALS];

/* A job for the style list. */
typedef struct {
    GWeakRef style_list;
    PstEngineService *service;
    PstPhoto *photo;
    PstStyleItem *item;
    PstStyle *style; /* of the item; borrowed */
    char *path;
    guint serial;
} Errand;

static void paint_next(PstStyleList *style_list);

static GType item_type(GListModel *model)
{
    return PST_TYPE_STYLE_ITEM;
}

static guint item_count(GListModel *model)
{
    return PST_STYLE_LIST(model)->items->len;
}

static gpointer get_item(GListModel *model, guint position)
{
    GPtrArray *items = PST_STYLE_LIST(model)->items;

    return position < items->len ? g_object_ref(items->pdata[position]) : NULL;
}

static void list_model_init(GListModelInterface *interface)
{
    interface->get_item_type = item_type;
    interface->get_n_items = item_count;
    interface->get_item = get_item;
}

static Errand *errand_new(PstStyleList *style_list)
{
    Errand *errand = g_new0(Errand, 1);

    g_weak_ref_init(&errand->style_list, style_list);
    errand->service = style_list->service;
    errand->serial = style_list->serial;
    style_list->pending++;
    return errand;
}

static void errand_free(gpointer data)
{
    Errand *errand = data;

    g_weak_ref_clear(&errand->style_list);
    pst_photo_unref(errand->photo);
    g_clear_object(&errand->item);
    g_free(errand->path);
    g_free(errand);
}

/* The style list, with one job less under way; NULL if it is gone. */
static PstStyleList *errand_end(Errand *errand)
{
    PstStyleList *style_list = g_weak_ref_get(&errand->style_list);

    if (style_list) {
        style_list->pending--;
    }
    return style_list;
}

static void tell(PstStyleList *style_list, const GError *error)
{
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_autofree char *text = pst_error_text(error);

        g_signal_emit(style_list, signals[MESSAGE], 0, text);
    }
}

/* A style with its own picture decoded. */
typedef struct {
    char *id;
    PstStyle *style;
    PstStyleOrigin origin;
    PstRaster *raster; /* or NULL */
} Entry;

static void entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->id);
    pst_style_free(entry->style);
    pst_raster_unref(entry->raster);
    g_free(entry);
}

static PstRaster *own_picture(const PstStyle *style)
{
    g_autoptr(PstPicture) picture =
        style->thumbnail ? pst_picture_read_bytes(style->thumbnail, style->name, NULL, NULL, NULL) : NULL;
    g_autoptr(PstPicture) small = picture ? pst_picture_fit_long_side(picture, MIN(MAX(picture->width, picture->height),
                                                                                   PST_RASTER_STRIP_ROWS), NULL, NULL)
                                          : NULL;

    return small ? pst_raster_new(small, NULL, NULL) : NULL;
}

static gpointer read_run(gpointer data, PstWorkerJob *job, GError **error)
{
    g_autoptr(GPtrArray) library = pst_library_read(NULL, NULL);
    GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);

    for (guint i = 0; i < library->len; i++) {
        const PstStyleEntry *found = library->pdata[i];
        Entry *entry = g_new0(Entry, 1);

        entry->id = g_strdup(found->id);
        entry->style = pst_style_copy(found->style);
        entry->origin = pst_library_is_own(found) ? PST_STYLE_OF_USER : PST_STYLE_OF_PROGRAM;
        entry->raster = own_picture(found->style);
        g_ptr_array_add(entries, entry);
    }
    return entries;
}

static void want(PstStyleList *style_list, PstStyleItem *item)
{
    if (!g_queue_find(&style_list->wanted, item)) {
        g_queue_push_tail(&style_list->wanted, g_object_ref(item));
    }
}

static void want_all(PstStyleList *style_list)
{
    g_queue_clear_full(&style_list->wanted, g_object_unref);
    for (guint i = 0; style_list->photo && i < style_list->items->len; i++) {
        want(style_list, style_list->items->pdata[i]);
    }
    paint_next(style_list);
}

static gboolean entries_have(const GPtrArray *entries, const char *id)
{
    for (guint i = 0; i < entries->len; i++) {
        if (g_str_equal(((const Entry *)entries->pdata[i])->id, id)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void read_done(gpointer data, gpointer result, const GError *error)
{
    g_autoptr(GPtrArray) entries = result;
    g_autoptr(PstStyleList) style_list = errand_end(data);
    g_autoptr(GPtrArray) items = NULL;
    guint before;

    if (!style_list || !entries) {
        return;
    }
    items = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < style_list->items->len; i++) {
        if (pst_style_item_origin(style_list->items->pdata[i]) == PST_STYLE_DROPPED &&
            !entries_have(entries, pst_style_item_id(style_list->items->pdata[i]))) {
            g_ptr_array_add(items, g_object_ref(style_list->items->pdata[i]));
        }
    }
    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = entries->pdata[i];
        PstStyleItem *item = pst_style_item_new(entry->id, g_steal_pointer(&entry->style), entry->origin);

        if (entry->raster) {
            g_autoptr(GdkTexture) texture = pst_texture_from_raster(entry->raster);

            pst_style_item_set_texture(item, texture);
        }
        g_ptr_array_add(items, item);
    }
    before = style_list->items->len;
    g_ptr_array_unref(style_list->items);
    style_list->items = g_steal_pointer(&items);
    g_list_model_items_changed(G_LIST_MODEL(style_list), 0, before, style_list->items->len);
    want_all(style_list);
}

static const PstWorkerJobClass read_class = { read_run, NULL, read_done, errand_free };

void pst_style_list_reload(PstStyleList *style_list)
{
    pst_worker_push(pst_engine_service_worker(style_list->service), &read_class, PST_PRIORITY_REFINE, NULL, errand_new(style_list));
}

static gpointer thumbnail_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Errand *errand = data;

    return pst_engine_service_thumbnail(errand->service, job, errand->photo, errand->style, error);
}

static void thumbnail_done(gpointer data, gpointer result, const GError *error)
{
    Errand *errand = data;
    g_autoptr(PstRaster) raster = result;
    g_autoptr(PstStyleList) style_list = errand_end(errand);

    if (!style_list) {
        return;
    }
    style_list->painting = FALSE;
    if (raster && errand->serial == style_list->serial) {
        g_autoptr(GdkTexture) texture = pst_texture_from_raster(raster);

        pst_style_item_set_texture(errand->item, texture);
    } else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        /* The same will happen to the others. */
        g_queue_clear_full(&style_list->wanted, g_object_unref);
        tell(style_list, error);
    }
    paint_next(style_list);
}

static const PstWorkerJobClass thumbnail_class = { thumbnail_run, NULL, thumbnail_done, errand_free };

/* The next one on the screen, or else the next one. */
static PstStyleItem *take_wanted(PstStyleList *style_list)
{
    for (GList *link = style_list->wanted.head; link; link = link->next) {
        if (g_hash_table_contains(style_list->shown, link->data)) {
            PstStyleItem *item = link->data;

            g_queue_delete_link(&style_list->wanted, link);
            return item;
        }
    }
    return g_queue_pop_head(&style_list->wanted);
}

/* One at a time, so that which comes next is decided when it begins. */
static void paint_next(PstStyleList *style_list)
{
    PstStyleItem *item = style_list->painting || !style_list->photo ? NULL : take_wanted(style_list);
    Errand *errand;

    if (!item) {
        return;
    }
    style_list->painting = TRUE;
    errand = errand_new(style_list);
    errand->photo = pst_photo_ref(style_list->photo);
    errand->item = item;
    errand->style = (PstStyle *)pst_style_item_style(item);
    pst_worker_push(pst_engine_service_worker(style_list->service), &thumbnail_class, PST_PRIORITY_THUMBNAIL, NULL, errand);
}

void pst_style_list_set_photo(PstStyleList *style_list, PstPhoto *photo)
{
    G_GNUC_UNUSED g_autoptr(PstPhoto) old = style_list->photo;

    style_list->photo = photo ? pst_photo_ref(photo) : NULL;
    style_list->serial++;
    want_all(style_list);
}

void pst_style_list_show(PstStyleList *style_list, PstStyleItem *item)
{
    g_hash_table_add(style_list->shown, g_object_ref(item));
}

void pst_style_list_hide(PstStyleList *style_list, PstStyleItem *item)
{
    g_hash_table_remove(style_list->shown, item);
}

PstStyleItem *pst_style_list_find(PstStyleList *style_list, const char *id)
{
    for (guint i = 0; i < style_list->items->len; i++) {
        if (g_strcmp0(pst_style_item_id(style_list->items->pdata[i]), id) == 0) {
            return style_list->items->pdata[i];
        }
    }
    return NULL;
}

static PstStyleItem *add(PstStyleList *style_list, const char *id, PstStyle *style, PstStyleOrigin origin,
                         PstRaster *raster)
{
    PstStyleItem *item = pst_style_item_new(id, style, origin);

    if (raster) {
        g_autoptr(GdkTexture) texture = pst_texture_from_raster(raster);

        pst_style_item_set_texture(item, texture);
    }
    g_ptr_array_insert(style_list->items, 0, item);
    g_list_model_items_changed(G_LIST_MODEL(style_list), 0, 0, 1);
    if (style_list->photo) {
        want(style_list, item);
        paint_next(style_list);
    }
    return item;
}

void pst_style_list_add_style(PstStyleList *style_list, const char *id, const PstStyle *style)
{
    if (!pst_style_list_find(style_list, id) && !g_hash_table_contains(style_list->removed, id)) {
        add(style_list, id, pst_style_copy(style), PST_STYLE_DROPPED, NULL);
    }
}

void pst_style_list_put(PstStyleList *style_list, const char *id, const PstStyle *style)
{
    PstStyleItem *before = pst_style_list_find(style_list, id), *item;
    guint index;

    g_hash_table_remove(style_list->removed, id);
    if (!before) {
        g_autoptr(PstRaster) raster = own_picture(style);

        add(style_list, id, pst_style_copy(style), PST_STYLE_OF_USER, raster);
        return;
    }
    item = pst_style_item_new(id, pst_style_copy(style), PST_STYLE_OF_USER);
    pst_style_item_set_texture(item, pst_style_item_texture(before));
    g_ptr_array_find(style_list->items, before, &index);
    g_object_unref(before);
    style_list->items->pdata[index] = item;
    g_list_model_items_changed(G_LIST_MODEL(style_list), index, 1, 1);
}

void pst_style_list_remove(PstStyleList *style_list, const char *id)
{
    PstStyleItem *item = pst_style_list_find(style_list, id);
    guint index;

    g_hash_table_add(style_list->removed, g_strdup(id));
    if (item && g_ptr_array_find(style_list->items, item, &index)) {
        g_ptr_array_remove_index(style_list->items, index);
        g_list_model_items_changed(G_LIST_MODEL(style_list), index, 1, 0);
    }
}

static PstRaster *look_of_picture(const PstPicture *picture)
{
    int side = MIN(PST_RASTER_STRIP_ROWS, MAX(picture->width, picture->height));
    g_autoptr(PstPicture) small = pst_picture_fit_long_side(picture, side, NULL, NULL);

    return small ? pst_raster_new(small, NULL, NULL) : NULL;
}

static gpointer add_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Errand *errand = data;
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    g_autofree char *stem = pst_file_stem(errand->path);
    g_autofree char *name = g_filename_display_name(stem);
    g_autoptr(PstStyle) style = NULL;
    g_autoptr(PstPicture) picture = NULL;
    char *own = NULL;
    Entry *entry;

    if (pst_file_kind(errand->path) == PST_FILE_TENSORS) {
        style = pst_style_read(errand->path, error);
        own = style ? pst_library_add(style, error) : NULL;
        if (!own) {
            return NULL;
        }
    } else {
        const PstModel *model = pst_engine_service_model(errand->service, error);

        picture = model ? pst_picture_read_reduced(errand->path, PST_PHOTO_PIXELS, cancellable, error) : NULL;
        style = picture ? pst_style_from_picture(model, pst_engine_service_pool(errand->service, job), picture, 0, name,
                                                 cancellable, error)
                        : NULL;
    }
    if (!style) {
        return NULL;
    }
    entry = g_new0(Entry, 1);
    entry->id = own ? own : g_strdup(errand->path);
    entry->origin = own ? PST_STYLE_OF_USER : PST_STYLE_DROPPED;
    entry->raster = picture ? look_of_picture(picture) : own_picture(style);
    entry->style = g_steal_pointer(&style);
    return entry;
}

static void add_done(gpointer data, gpointer result, const GError *error)
{
    g_autoptr(PstStyleList) style_list = errand_end(data);
    Entry *entry = result;
    PstStyleItem *item;

    if (style_list && error) {
        tell(style_list, error);
    }
    if (style_list && entry) {
        item = pst_style_list_find(style_list, entry->id);
        if (!item) {
            g_hash_table_remove(style_list->removed, entry->id);
            item = add(style_list, entry->id, g_steal_pointer(&entry->style), entry->origin, entry->raster);
        }
        g_signal_emit(style_list, signals[ADDED], 0, item);
    }
    g_clear_pointer(&entry, entry_free);
}

static const PstWorkerJobClass add_class = { add_run, NULL, add_done, errand_free };

void pst_style_list_add_file(PstStyleList *style_list, const char *path)
{
    Errand *errand = errand_new(style_list);

    errand->path = g_strdup(path);
    pst_worker_push(pst_engine_service_worker(style_list->service), &add_class, PST_PRIORITY_PREVIEW, NULL, errand);
}

gboolean pst_style_list_is_busy(PstStyleList *style_list)
{
    return style_list->pending > 0;
}

static void pst_style_list_finalize(GObject *object)
{
    PstStyleList *style_list = PST_STYLE_LIST(object);

    g_queue_clear_full(&style_list->wanted, g_object_unref);
    g_hash_table_unref(style_list->shown);
    g_hash_table_unref(style_list->removed);
    g_ptr_array_unref(style_list->items);
    pst_photo_unref(style_list->photo);
    G_OBJECT_CLASS(pst_style_list_parent_class)->finalize(object);
}

static void pst_style_list_class_init(PstStyleListClass *klass)
{
    GType type = G_TYPE_FROM_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = pst_style_list_finalize;
    signals[MESSAGE] = g_signal_new("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
    signals[ADDED] = g_signal_new("added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  PST_TYPE_STYLE_ITEM);
}

static void pst_style_list_init(PstStyleList *style_list)
{
    style_list->items = g_ptr_array_new_with_free_func(g_object_unref);
    style_list->shown = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL);
    style_list->removed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&style_list->wanted);
}

PstStyleList *pst_style_list_new(PstEngineService *service)
{
    PstStyleList *style_list = g_object_new(PST_TYPE_STYLE_LIST, NULL);

    style_list->service = service;
    pst_style_list_reload(style_list);
    return style_list;
}
