#include "style_list.h"

#include "app/common/file_kind.h"
#include "app/common/own_styles.h"
#include "engine/picture/reader.h"
#include "engine/picture/reduction.h"
#include "engine/service/photo.h"
#include "engine/service/raster.h"
#include "engine/style/calibration.h"
#include "engine/style/style_cache.h"
#include "engine/style/style_library.h"
#include "texture.h"

#define SETTLE 200 /* milliseconds after a change in the folder */

struct _PstStyleList {
    GObject parent_instance;
    PstEngineService *service;
    GPtrArray *items;      /* of PstStyleItem */
    GHashTable *removed;   /* set of identifiers: looks that still have these don't bring them back */
    GFileMonitor *monitor; /* of the user's own styles, or NULL */
    guint timer;
    guint pending;    /* operations under way */
    gboolean is_read; /* at least once */
};

static void list_model_init(GListModelInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(PstStyleList, pst_style_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

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

/* ---- operations on the engine thread -------------------------------------------------------- */

typedef enum { READ, READ_OWN, ADD_FILE, KEEP, REPLACE, REMOVE, EXPORT } Kind;

typedef struct {
    GTask *task; /* holds the list */
    PstEngineService *service;
    Kind kind;
    char *id;
    char *path;
    PstStyle *style;
    PstStyleItem *item; /* that goes, or is given away */
} Operation;

/* A style as it was read or made, with its own picture decoded. */
typedef struct {
    char *id;
    PstStyle *style;
    PstStyleOrigin origin;
    PstRaster *raster; /* or NULL */
} Entry;

static void operation_free(gpointer data)
{
    Operation *operation = data;

    g_object_unref(operation->task);
    g_free(operation->id);
    g_free(operation->path);
    pst_style_free(operation->style);
    g_clear_object(&operation->item);
    g_free(operation);
}

static void entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->id);
    pst_style_free(entry->style);
    pst_raster_free(entry->raster);
    g_free(entry);
}

static PstRaster *small_raster(const PstPicture *picture)
{
    int side = MIN(PST_RASTER_STRIP_ROWS, MAX(picture->width, picture->height));
    g_autoptr(PstPicture) small = pst_picture_fit_long_side(picture, side, NULL, NULL);

    return small ? pst_raster_new(small, NULL, NULL) : NULL;
}

static PstRaster *own_picture(const PstStyle *style)
{
    g_autoptr(PstPicture)
        picture = style->thumbnail ? pst_picture_read_bytes(style->thumbnail, style->name, NULL, NULL, NULL) : NULL;

    return picture ? small_raster(picture) : NULL;
}

/* Takes all over. */
static Entry *entry_new(char *id, PstStyle *style, PstStyleOrigin origin, PstRaster *raster)
{
    Entry *entry = g_new(Entry, 1);

    *entry = (Entry){ id, style, origin, raster };
    return entry;
}

static void read_all(GPtrArray *entries)
{
    g_autoptr(GPtrArray) library = pst_style_library_read(NULL, NULL);

    for (guint i = 0; i < library->len; i++) {
        const PstStyleEntry *found = library->pdata[i];

        g_ptr_array_add(entries, entry_new(g_strdup(found->id), pst_style_copy(found->style),
                                           pst_style_library_is_own(found) ? PST_STYLE_OF_USER : PST_STYLE_OF_PROGRAM,
                                           own_picture(found->style)));
    }
}

/* The user's style of that identifier as its file has it. */
static Entry *read_own(const char *id, GError **error)
{
    g_autofree char *folder = pst_style_library_own_folder();
    g_autofree char *file = g_strconcat(id, PST_STYLE_SUFFIX, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    PstStyle *style = pst_style_read(path, error);

    return style ? entry_new(g_strdup(id), style, PST_STYLE_OF_USER, own_picture(style)) : NULL;
}

static Entry *keep(const PstStyle *style, GError **error)
{
    g_autofree char *id = pst_own_styles_add(style, error);

    return id ? read_own(id, error) : NULL;
}

static Entry *make_of_picture(const Operation *operation, PstWorkerJob *job, GError **error)
{
    GCancellable *cancellable = pst_worker_job_cancellable(job);
    const PstModel *model = pst_engine_service_model(operation->service, error);
    g_autofree char *stem = pst_file_stem(operation->path);
    g_autofree char *name = g_filename_display_name(stem);
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);
    g_autoptr(PstPicture)
        picture = model ? pst_picture_read_reduced(operation->path, PST_PHOTO_PIXELS, FALSE, cancellable, error) : NULL;
    PstStyle *style = picture ? pst_style_from_painting(model, pst_engine_service_pool(operation->service, job),
                                                        picture, 0, name, cancellable, error)
                              : NULL;

    if (style) {
        pst_style_cache_keep(cache, model, operation->path, 0, style, cancellable);
    }
    return style ? entry_new(g_strdup(operation->path), style, PST_STYLE_DROPPED, small_raster(picture)) : NULL;
}

static Entry *add_file(const Operation *operation, PstWorkerJob *job, GError **error)
{
    g_autoptr(PstStyle) style = NULL;

    if (pst_file_kind(operation->path) != PST_FILE_TENSORS) {
        return make_of_picture(operation, job, error);
    }
    style = pst_style_read(operation->path, error);
    return style ? keep(style, error) : NULL;
}

/* Entries (GPtrArray) that are new or others now. */
static gpointer operation_run(gpointer data, PstWorkerJob *job, GError **error)
{
    const Operation *operation = data;
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
    Entry *entry = NULL;

    switch (operation->kind) {
    case READ:
        read_all(entries);
        return g_steal_pointer(&entries);
    case REMOVE:
        return pst_own_styles_remove(pst_style_item_id(operation->item), error) ? g_steal_pointer(&entries) : NULL;
    case EXPORT:
        return pst_style_write(pst_style_item_style(operation->item), operation->path, error)
                   ? g_steal_pointer(&entries)
                   : NULL;
    case READ_OWN:
        entry = read_own(operation->id, error);
        break;
    case ADD_FILE:
        entry = add_file(operation, job, error);
        break;
    case KEEP:
        entry = keep(operation->style, error);
        break;
    case REPLACE:
        entry = pst_own_styles_replace(operation->id, operation->style, error) ? read_own(operation->id, error) : NULL;
        break;
    }
    if (!entry) {
        return NULL;
    }
    g_ptr_array_add(entries, entry);
    return g_steal_pointer(&entries);
}

/* ---- the list ------------------------------------------------------------------------------- */

static gboolean has_id(gconstpointer item, gconstpointer id)
{
    return g_str_equal(pst_style_item_id((PstStyleItem *)item), id);
}

static gboolean find(PstStyleList *list, const char *id, guint *position)
{
    return g_ptr_array_find_with_equal_func(list->items, id, has_id, position);
}

PstStyleItem *pst_style_list_find(PstStyleList *list, const char *id)
{
    guint position;

    return find(list, id, &position) ? list->items->pdata[position] : NULL;
}

static void changed(PstStyleList *list, guint position, guint removed, guint added)
{
    g_list_model_items_changed(G_LIST_MODEL(list), position, removed, added);
}

static PstStyleItem *new_item(Entry *entry)
{
    g_autoptr(GdkTexture) texture = entry->raster ? pst_texture_from_raster(entry->raster) : NULL;

    return pst_style_item_new(entry->id, g_steal_pointer(&entry->style), entry->origin, texture);
}

static gboolean is_entry(PstStyleItem *item, const Entry *entry)
{
    return pst_style_item_origin(item) == entry->origin && pst_style_equal(pst_style_item_style(item), entry->style);
}

static void replace_at(PstStyleList *list, guint position, Entry *entry)
{
    PstStyleItem *before = list->items->pdata[position];

    if (!is_entry(before, entry)) {
        list->items->pdata[position] = new_item(entry);
        g_object_unref(before);
        changed(list, position, 1, 1);
    }
}

static void remove_at(PstStyleList *list, guint position)
{
    g_hash_table_add(list->removed, g_strdup(pst_style_item_id(list->items->pdata[position])));
    g_ptr_array_remove_index(list->items, position);
    changed(list, position, 1, 0);
}

/* The item is the list's. */
static PstStyleItem *put(PstStyleList *list, Entry *entry)
{
    guint position;

    g_hash_table_remove(list->removed, entry->id);
    if (find(list, entry->id, &position)) {
        replace_at(list, position, entry);
        return list->items->pdata[position];
    }
    g_ptr_array_insert(list->items, 0, new_item(entry));
    changed(list, 0, 0, 1);
    return list->items->pdata[0];
}

static Entry *find_entry(const GPtrArray *entries, const char *id)
{
    for (guint i = 0; i < entries->len; i++) {
        Entry *entry = entries->pdata[i];

        if (g_str_equal(entry->id, id)) {
            return entry;
        }
    }
    return NULL;
}

/* What the folders hold, in their order. */
static void take_library(PstStyleList *list, GPtrArray *entries)
{
    guint position, added = 0;

    for (guint i = list->items->len; i-- > 0;) {
        PstStyleItem *item = list->items->pdata[i];
        Entry *entry = find_entry(entries, pst_style_item_id(item));

        if (entry) {
            replace_at(list, i, entry);
            g_ptr_array_remove(entries, entry);
        } else if (pst_style_item_origin(item) != PST_STYLE_DROPPED) {
            remove_at(list, i);
        }
    }
    position = list->is_read ? 0 : list->items->len;
    for (; added < entries->len; added++) {
        Entry *entry = entries->pdata[added];

        g_hash_table_remove(list->removed, entry->id);
        g_ptr_array_insert(list->items, (int)(position + added), new_item(entry));
    }
    if (added > 0) {
        changed(list, position, 0, added);
    }
    list->is_read = TRUE;
}

static void operation_done(gpointer data, gpointer result, const GError *error)
{
    Operation *operation = data;
    PstStyleList *list = g_task_get_source_object(operation->task);
    g_autoptr(GPtrArray) entries = result;
    PstStyleItem *item = operation->item;
    guint position;

    list->pending--;
    if (!entries) {
        g_task_return_error(operation->task, g_error_copy(error));
        return;
    }
    if (operation->kind == READ) {
        take_library(list, entries);
    } else if (operation->kind == REMOVE) {
        if (find(list, pst_style_item_id(item), &position)) {
            remove_at(list, position);
        }
    } else if (entries->len > 0) {
        item = put(list, entries->pdata[0]);
    }
    g_task_return_pointer(operation->task, item ? g_object_ref(item) : NULL, g_object_unref);
}

static const PstWorkerJobClass operation_class = { operation_run, NULL, operation_done, operation_free };

static void begin(PstStyleList *list, Operation operation, GAsyncReadyCallback callback, gpointer data)
{
    operation.task = g_task_new(list, NULL, callback, data);
    operation.service = list->service;
    list->pending++;
    pst_worker_push(pst_engine_service_worker(list->service), &operation_class, PST_PRIORITY_PREVIEW, NULL,
                    g_memdup2(&operation, sizeof operation));
}

void pst_style_list_add_file(PstStyleList *list, const char *path, GAsyncReadyCallback callback, gpointer data)
{
    begin(list, (Operation){ .kind = ADD_FILE, .path = g_strdup(path) }, callback, data);
}

void pst_style_list_read_own(PstStyleList *list, const char *id, GAsyncReadyCallback callback, gpointer data)
{
    begin(list, (Operation){ .kind = READ_OWN, .id = g_strdup(id) }, callback, data);
}

void pst_style_list_keep(PstStyleList *list, const PstStyle *style, GAsyncReadyCallback callback, gpointer data)
{
    begin(list, (Operation){ .kind = KEEP, .style = pst_style_copy(style) }, callback, data);
}

void pst_style_list_replace(PstStyleList *list, const char *id, const PstStyle *style, GAsyncReadyCallback callback,
                            gpointer data)
{
    begin(list, (Operation){ .kind = REPLACE, .id = g_strdup(id), .style = pst_style_copy(style) }, callback, data);
}

void pst_style_list_remove(PstStyleList *list, PstStyleItem *item, GAsyncReadyCallback callback, gpointer data)
{
    begin(list, (Operation){ .kind = REMOVE, .item = g_object_ref(item) }, callback, data);
}

void pst_style_list_export(PstStyleList *list, PstStyleItem *item, const char *path, GAsyncReadyCallback callback,
                           gpointer data)
{
    begin(list, (Operation){ .kind = EXPORT, .item = g_object_ref(item), .path = g_strdup(path) }, callback, data);
}

PstStyleItem *pst_style_list_finish(PstStyleList *list, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, list), NULL);
    return g_task_propagate_pointer(G_TASK(result), error);
}

void pst_style_list_add_style(PstStyleList *list, const char *id, const PstStyle *style)
{
    if (!pst_style_list_find(list, id) && !g_hash_table_contains(list->removed, id)) {
        g_ptr_array_insert(list->items, 0, pst_style_item_new(id, pst_style_copy(style), PST_STYLE_DROPPED, NULL));
        changed(list, 0, 0, 1);
    }
}

char *pst_style_list_title(PstStyleList *list, const PstLook *look)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const PstLookStyle *style = &look->regions[i].styles[k];
            PstStyleItem *item = pst_style_list_find(list, style->id);
            const char *name = item ? pst_style_item_name(item) : style->style->name;

            if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
                g_ptr_array_add(names, (gpointer)name);
            }
        }
    }
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" + ", (char **)names->pdata);
}

gboolean pst_style_list_is_busy(PstStyleList *list)
{
    return list->pending > 0;
}

/* ---- the folder ----------------------------------------------------------------------------- */

static gboolean on_settled(gpointer data)
{
    PstStyleList *list = data;

    list->timer = 0;
    begin(list, (Operation){ .kind = READ }, NULL, NULL);
    return G_SOURCE_REMOVE;
}

static void on_folder_changed(PstStyleList *list)
{
    g_clear_handle_id(&list->timer, g_source_remove);
    list->timer = g_timeout_add(SETTLE, on_settled, list);
}

static void watch(PstStyleList *list)
{
    g_autofree char *path = pst_style_library_own_folder();
    g_autoptr(GFile) folder = g_file_new_for_path(path);

    list->monitor = g_file_monitor_directory(folder, G_FILE_MONITOR_NONE, NULL, NULL);
    if (list->monitor) {
        g_signal_connect_swapped(list->monitor, "changed", G_CALLBACK(on_folder_changed), list);
    }
}

static void pst_style_list_dispose(GObject *object)
{
    PstStyleList *list = PST_STYLE_LIST(object);

    g_clear_handle_id(&list->timer, g_source_remove);
    if (list->monitor) {
        g_signal_handlers_disconnect_by_data(list->monitor, list);
        g_file_monitor_cancel(list->monitor);
        g_clear_object(&list->monitor);
    }
    G_OBJECT_CLASS(pst_style_list_parent_class)->dispose(object);
}

static void pst_style_list_finalize(GObject *object)
{
    PstStyleList *list = PST_STYLE_LIST(object);

    g_hash_table_unref(list->removed);
    g_ptr_array_unref(list->items);
    G_OBJECT_CLASS(pst_style_list_parent_class)->finalize(object);
}

static void pst_style_list_class_init(PstStyleListClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = pst_style_list_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_style_list_finalize;
}

static void pst_style_list_init(PstStyleList *list)
{
    list->items = g_ptr_array_new_with_free_func(g_object_unref);
    list->removed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

PstStyleList *pst_style_list_new(PstEngineService *service)
{
    PstStyleList *list = g_object_new(PST_TYPE_STYLE_LIST, NULL);

    list->service = service;
    watch(list);
    begin(list, (Operation){ .kind = READ }, NULL, NULL);
    return list;
}
