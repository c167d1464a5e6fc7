#include "style_shelf.h"

#include <glib/gi18n.h>

#include "app/file_kind.h"
#include "app/library.h"
#include "engine/picture/reader.h"
#include "engine/picture/reduction.h"
#include "engine/studio/raster.h"
#include "texture.h"

struct _PstStyleShelf {
    GObject parent_instance;
    PstStudio *studio;
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
G_DEFINE_FINAL_TYPE_WITH_CODE(PstStyleShelf, pst_style_shelf, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

enum { MESSAGE, ADDED, SIGNALS };
static guint signals[SIGNALS];

/* A job for the shelf. */
typedef struct {
    GWeakRef shelf;
    PstStudio *studio;
    PstPhoto *photo;
    PstStyleItem *item;
    PstStyle *style; /* of the item; borrowed */
    char *path;
    guint serial;
} Errand;

static void paint_next(PstStyleShelf *shelf);

static GType item_type(GListModel *model)
{
    return PST_TYPE_STYLE_ITEM;
}

static guint item_count(GListModel *model)
{
    return PST_STYLE_SHELF(model)->items->len;
}

static gpointer get_item(GListModel *model, guint position)
{
    GPtrArray *items = PST_STYLE_SHELF(model)->items;

    return position < items->len ? g_object_ref(items->pdata[position]) : NULL;
}

static void list_model_init(GListModelInterface *interface)
{
    interface->get_item_type = item_type;
    interface->get_n_items = item_count;
    interface->get_item = get_item;
}

static Errand *errand_new(PstStyleShelf *shelf)
{
    Errand *errand = g_new0(Errand, 1);

    g_weak_ref_init(&errand->shelf, shelf);
    errand->studio = shelf->studio;
    errand->serial = shelf->serial;
    shelf->pending++;
    return errand;
}

static void errand_free(gpointer data)
{
    Errand *errand = data;

    g_weak_ref_clear(&errand->shelf);
    pst_photo_unref(errand->photo);
    g_clear_object(&errand->item);
    g_free(errand->path);
    g_free(errand);
}

/* The shelf, with one job less under way; NULL if it is gone. */
static PstStyleShelf *errand_end(Errand *errand)
{
    PstStyleShelf *shelf = g_weak_ref_get(&errand->shelf);

    if (shelf) {
        shelf->pending--;
    }
    return shelf;
}

static void tell(PstStyleShelf *shelf, const GError *error)
{
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_signal_emit(shelf, signals[MESSAGE], 0, error->message);
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
                                                                                   PST_STRIP_ROWS), NULL, NULL)
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

static void want(PstStyleShelf *shelf, PstStyleItem *item)
{
    if (!g_queue_find(&shelf->wanted, item)) {
        g_queue_push_tail(&shelf->wanted, g_object_ref(item));
    }
}

static void want_all(PstStyleShelf *shelf)
{
    g_queue_clear_full(&shelf->wanted, g_object_unref);
    for (guint i = 0; shelf->photo && i < shelf->items->len; i++) {
        want(shelf, shelf->items->pdata[i]);
    }
    paint_next(shelf);
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
    g_autoptr(PstStyleShelf) shelf = errand_end(data);
    g_autoptr(GPtrArray) items = NULL;
    guint before;

    if (!shelf || !entries) {
        return;
    }
    items = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < shelf->items->len; i++) {
        if (pst_style_item_origin(shelf->items->pdata[i]) == PST_STYLE_DROPPED &&
            !entries_have(entries, pst_style_item_id(shelf->items->pdata[i]))) {
            g_ptr_array_add(items, g_object_ref(shelf->items->pdata[i]));
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
    before = shelf->items->len;
    g_ptr_array_unref(shelf->items);
    shelf->items = g_steal_pointer(&items);
    g_list_model_items_changed(G_LIST_MODEL(shelf), 0, before, shelf->items->len);
    want_all(shelf);
}

static const PstWorkerJobClass read_class = { read_run, NULL, read_done, errand_free };

void pst_style_shelf_reload(PstStyleShelf *shelf)
{
    pst_worker_push(pst_studio_worker(shelf->studio), &read_class, PST_PRIORITY_REFINE, NULL, errand_new(shelf));
}

static gpointer thumbnail_run(gpointer data, PstWorkerJob *job, GError **error)
{
    Errand *errand = data;

    return pst_studio_thumbnail(errand->studio, job, errand->photo, errand->style, error);
}

static void thumbnail_done(gpointer data, gpointer result, const GError *error)
{
    Errand *errand = data;
    g_autoptr(PstRaster) raster = result;
    g_autoptr(PstStyleShelf) shelf = errand_end(errand);

    if (!shelf) {
        return;
    }
    shelf->painting = FALSE;
    if (raster && errand->serial == shelf->serial) {
        g_autoptr(GdkTexture) texture = pst_texture_from_raster(raster);

        pst_style_item_set_texture(errand->item, texture);
    } else if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        /* The same will happen to the others. */
        g_queue_clear_full(&shelf->wanted, g_object_unref);
        tell(shelf, error);
    }
    paint_next(shelf);
}

static const PstWorkerJobClass thumbnail_class = { thumbnail_run, NULL, thumbnail_done, errand_free };

/* The next one on the screen, or else the next one. */
static PstStyleItem *take_wanted(PstStyleShelf *shelf)
{
    for (GList *link = shelf->wanted.head; link; link = link->next) {
        if (g_hash_table_contains(shelf->shown, link->data)) {
            PstStyleItem *item = link->data;

            g_queue_delete_link(&shelf->wanted, link);
            return item;
        }
    }
    return g_queue_pop_head(&shelf->wanted);
}

/* One at a time, so that which comes next is decided when it begins. */
static void paint_next(PstStyleShelf *shelf)
{
    PstStyleItem *item = shelf->painting || !shelf->photo ? NULL : take_wanted(shelf);
    Errand *errand;

    if (!item) {
        return;
    }
    shelf->painting = TRUE;
    errand = errand_new(shelf);
    errand->photo = pst_photo_ref(shelf->photo);
    errand->item = item;
    errand->style = (PstStyle *)pst_style_item_style(item);
    pst_worker_push(pst_studio_worker(shelf->studio), &thumbnail_class, PST_PRIORITY_THUMBNAIL, NULL, errand);
}

void pst_style_shelf_set_photo(PstStyleShelf *shelf, PstPhoto *photo)
{
    g_autoptr(PstPhoto) old = shelf->photo;

    shelf->photo = photo ? pst_photo_ref(photo) : NULL;
    shelf->serial++;
    want_all(shelf);
}

void pst_style_shelf_show(PstStyleShelf *shelf, PstStyleItem *item)
{
    g_hash_table_add(shelf->shown, g_object_ref(item));
}

void pst_style_shelf_hide(PstStyleShelf *shelf, PstStyleItem *item)
{
    g_hash_table_remove(shelf->shown, item);
}

PstStyleItem *pst_style_shelf_find(PstStyleShelf *shelf, const char *id)
{
    for (guint i = 0; i < shelf->items->len; i++) {
        if (g_strcmp0(pst_style_item_id(shelf->items->pdata[i]), id) == 0) {
            return shelf->items->pdata[i];
        }
    }
    return NULL;
}

static PstStyleItem *add(PstStyleShelf *shelf, const char *id, PstStyle *style, PstStyleOrigin origin,
                         PstRaster *raster)
{
    PstStyleItem *item = pst_style_item_new(id, style, origin);

    if (raster) {
        g_autoptr(GdkTexture) texture = pst_texture_from_raster(raster);

        pst_style_item_set_texture(item, texture);
    }
    g_ptr_array_insert(shelf->items, 0, item);
    g_list_model_items_changed(G_LIST_MODEL(shelf), 0, 0, 1);
    if (shelf->photo) {
        want(shelf, item);
        paint_next(shelf);
    }
    return item;
}

void pst_style_shelf_add_style(PstStyleShelf *shelf, const char *id, const PstStyle *style)
{
    if (!pst_style_shelf_find(shelf, id) && !g_hash_table_contains(shelf->removed, id)) {
        add(shelf, id, pst_style_copy(style), PST_STYLE_DROPPED, NULL);
    }
}

void pst_style_shelf_put(PstStyleShelf *shelf, const char *id, const PstStyle *style)
{
    PstStyleItem *before = pst_style_shelf_find(shelf, id), *item;
    guint index;

    g_hash_table_remove(shelf->removed, id);
    if (!before) {
        g_autoptr(PstRaster) raster = own_picture(style);

        add(shelf, id, pst_style_copy(style), PST_STYLE_OF_USER, raster);
        return;
    }
    item = pst_style_item_new(id, pst_style_copy(style), PST_STYLE_OF_USER);
    pst_style_item_set_texture(item, pst_style_item_texture(before));
    g_ptr_array_find(shelf->items, before, &index);
    g_object_unref(before);
    shelf->items->pdata[index] = item;
    g_list_model_items_changed(G_LIST_MODEL(shelf), index, 1, 1);
}

void pst_style_shelf_remove(PstStyleShelf *shelf, const char *id)
{
    PstStyleItem *item = pst_style_shelf_find(shelf, id);
    guint index;

    g_hash_table_add(shelf->removed, g_strdup(id));
    if (item && g_ptr_array_find(shelf->items, item, &index)) {
        g_ptr_array_remove_index(shelf->items, index);
        g_list_model_items_changed(G_LIST_MODEL(shelf), index, 1, 0);
    }
}

static PstRaster *look_of_picture(const PstPicture *picture)
{
    int side = MIN(PST_STRIP_ROWS, MAX(picture->width, picture->height));
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
        const PstModel *model = pst_studio_model(errand->studio, error);

        picture = model ? pst_picture_read_reduced(errand->path, PST_PHOTO_PIXELS, cancellable, error) : NULL;
        style = picture ? pst_style_from_picture(model, pst_studio_pool(errand->studio, job), picture, 0, name,
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
    g_autoptr(PstStyleShelf) shelf = errand_end(data);
    Entry *entry = result;
    PstStyleItem *item;

    if (shelf && error) {
        tell(shelf, error);
    }
    if (shelf && entry) {
        item = pst_style_shelf_find(shelf, entry->id);
        if (!item) {
            g_hash_table_remove(shelf->removed, entry->id);
            item = add(shelf, entry->id, g_steal_pointer(&entry->style), entry->origin, entry->raster);
        }
        g_signal_emit(shelf, signals[ADDED], 0, item);
    }
    g_clear_pointer(&entry, entry_free);
}

static const PstWorkerJobClass add_class = { add_run, NULL, add_done, errand_free };

void pst_style_shelf_add_file(PstStyleShelf *shelf, const char *path)
{
    Errand *errand = errand_new(shelf);

    errand->path = g_strdup(path);
    pst_worker_push(pst_studio_worker(shelf->studio), &add_class, PST_PRIORITY_PREVIEW, NULL, errand);
}

gboolean pst_style_shelf_is_busy(PstStyleShelf *shelf)
{
    return shelf->pending > 0;
}

static void pst_style_shelf_finalize(GObject *object)
{
    PstStyleShelf *shelf = PST_STYLE_SHELF(object);

    g_queue_clear_full(&shelf->wanted, g_object_unref);
    g_hash_table_unref(shelf->shown);
    g_hash_table_unref(shelf->removed);
    g_ptr_array_unref(shelf->items);
    pst_photo_unref(shelf->photo);
    G_OBJECT_CLASS(pst_style_shelf_parent_class)->finalize(object);
}

static void pst_style_shelf_class_init(PstStyleShelfClass *klass)
{
    GType type = G_TYPE_FROM_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = pst_style_shelf_finalize;
    signals[MESSAGE] = g_signal_new("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                    G_TYPE_STRING);
    signals[ADDED] = g_signal_new("added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  PST_TYPE_STYLE_ITEM);
}

static void pst_style_shelf_init(PstStyleShelf *shelf)
{
    shelf->items = g_ptr_array_new_with_free_func(g_object_unref);
    shelf->shown = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL);
    shelf->removed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&shelf->wanted);
}

PstStyleShelf *pst_style_shelf_new(PstStudio *studio)
{
    PstStyleShelf *shelf = g_object_new(PST_TYPE_STYLE_SHELF, NULL);

    shelf->studio = studio;
    pst_style_shelf_reload(shelf);
    return shelf;
}
