#include "tray.h"

#include <glib/gi18n.h>

#include "app/common/batch.h"
#include "export_batch.h"

struct _PstTray {
    GObject parent_instance;
    PstDocument *document;
    PstEngineService *service;
    GListStore *items;
    GPtrArray *sources;  /* NULL-terminated */
    GHashTable *removed; /* paths, as a set */
};

G_DEFINE_FINAL_TYPE(PstTray, pst_tray, G_TYPE_OBJECT)

static guint changed_signal;

static guint count(PstTray *tray)
{
    return g_list_model_get_n_items(G_LIST_MODEL(tray->items));
}

/* Owned by the list. */
static PstTrayItem *item_at(PstTray *tray, guint index)
{
    g_autoptr(PstTrayItem) item = g_list_model_get_item(G_LIST_MODEL(tray->items), index);

    return item;
}

static PstTrayItem *find(PstTray *tray, const char *path)
{
    for (guint i = 0; path && i < count(tray); i++) {
        if (g_str_equal(pst_tray_item_path(item_at(tray, i)), path)) {
            return item_at(tray, i);
        }
    }
    return NULL;
}

/* NULL where nothing is open, or what was pasted. */
static PstTrayItem *find_open(PstTray *tray)
{
    PstPhoto *photo = pst_document_photo(tray->document);

    return photo ? find(tray, photo->path) : NULL;
}

static void add_source(PstTray *tray, const char *path)
{
    g_ptr_array_insert(tray->sources, (int)tray->sources->len - 1, g_strdup(path));
}

static PstTrayItem *add_item(PstTray *tray, const char *path)
{
    g_autoptr(PstTrayItem) item = pst_tray_item_new(path);

    g_hash_table_remove(tray->removed, path);
    g_list_store_append(tray->items, item);
    return item;
}

static void clear(PstTray *tray)
{
    g_list_store_remove_all(tray->items);
    g_ptr_array_set_size(tray->sources, 0);
    g_ptr_array_add(tray->sources, NULL);
    g_hash_table_remove_all(tray->removed);
}

/* How the painting on the screen looks in small. */
static GdkTexture *painted(PstTray *tray)
{
    GListModel *results = pst_document_results(tray->document);

    for (guint i = 0; i < g_list_model_get_n_items(results); i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);

        if (pst_look_equal(pst_result_look(result), pst_document_look(tray->document))) {
            return pst_result_texture(result);
        }
    }
    return NULL;
}

static void show_painted(PstTray *tray)
{
    PstTrayItem *item = find_open(tray);
    GdkTexture *texture = painted(tray);

    if (item && texture) {
        pst_tray_item_set_texture(item, texture);
    }
}

static void on_leave(PstTray *tray)
{
    PstTrayItem *item = find_open(tray);

    if (item) {
        pst_tray_item_keep(item, pst_document_look(tray->document), pst_document_results(tray->document));
    }
}

static void on_photo(PstTray *tray)
{
    PstPhoto *photo = pst_document_photo(tray->document);

    if (photo && !find_open(tray)) {
        if (count(tray) <= 1) {
            clear(tray);
        }
        if (photo->path) {
            add_source(tray, photo->path);
            add_item(tray, photo->path);
        }
    }
    for (guint i = 0; i < count(tray); i++) {
        pst_tray_item_set_open(item_at(tray, i), item_at(tray, i) == find_open(tray));
    }
    g_signal_emit(tray, changed_signal, 0);
}

static void on_items(PstTray *tray)
{
    g_signal_emit(tray, changed_signal, 0);
}

PstTray *pst_tray_new(PstDocument *document, PstEngineService *service)
{
    PstTray *tray = g_object_new(PST_TYPE_TRAY, NULL);

    tray->document = document;
    tray->service = service;
    g_signal_connect_object(document, "photo-leaving", G_CALLBACK(on_leave), tray, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "photo-changed", G_CALLBACK(on_photo), tray, G_CONNECT_SWAPPED);
    g_signal_connect_object(pst_document_results(document), "items-changed", G_CALLBACK(show_painted), tray,
                            G_CONNECT_SWAPPED);
    return tray;
}

GListModel *pst_tray_items(PstTray *tray)
{
    return G_LIST_MODEL(tray->items);
}

void pst_tray_add(PstTray *tray, const char *const *paths)
{
    /* Nothing is written now; a plan wants a folder for it all the same. */
    const PstBatchSettings settings = { .output = G_DIR_SEPARATOR_S, .label = "painting", .recursive = TRUE };
    g_autoptr(PstBatch) batch = pst_batch_new(paths, &settings, NULL);
    g_autofree char *note = batch ? pst_export_batch_note(batch) : NULL;
    PstTrayItem *first = NULL;

    for (guint i = 0; batch && i < batch->items->len; i++) {
        const PstBatchItem *planned = batch->items->pdata[i];
        g_autofree char *path = g_canonicalize_filename(planned->input, NULL);
        PstTrayItem *item = find(tray, path);

        if (!item) {
            item = add_item(tray, path);
        }
        first = first ? first : item;
    }
    for (int i = 0; first && paths[i]; i++) {
        add_source(tray, paths[i]);
    }
    if (first) {
        pst_tray_open(tray, first);
    }
    if (note || !first) {
        pst_document_tell(tray->document, note ? note : _("There is no JPEG or PNG picture here."));
    }
}

void pst_tray_restore(PstTray *tray, GPtrArray *items)
{
    if (count(tray) <= 1) {
        clear(tray);
    }
    for (guint i = 0; i < items->len; i++) {
        const char *path = pst_tray_item_path(items->pdata[i]);

        if (!find(tray, path)) {
            g_hash_table_remove(tray->removed, path);
            add_source(tray, path);
            g_list_store_append(tray->items, items->pdata[i]);
        }
    }
}

void pst_tray_open(PstTray *tray, PstTrayItem *item)
{
    if (item == find_open(tray)) {
        return;
    }
    if (pst_tray_item_look(item)) {
        pst_document_resume(tray->document, pst_tray_item_path(item), 0, pst_tray_item_look(item),
                            pst_tray_item_results(item));
    } else {
        pst_document_open(tray->document, pst_tray_item_path(item));
    }
}

void pst_tray_remove(PstTray *tray, PstTrayItem *item)
{
    guint position;

    if (count(tray) <= 1 || !g_list_store_find(tray->items, item, &position)) {
        return;
    }
    if (item == find_open(tray)) {
        pst_tray_open(tray, item_at(tray, position > 0 ? position - 1 : 1));
    }
    g_hash_table_add(tray->removed, g_strdup(pst_tray_item_path(item)));
    g_list_store_remove(tray->items, position);
}

static PstLook *without_regions(PstLook *look)
{
    PstLook *everywhere = pst_look_copy(look);

    pst_look_forget_regions(everywhere);
    return everywhere;
}

void pst_tray_share_look(PstTray *tray)
{
    g_autoptr(PstLook) look = without_regions(pst_document_look(tray->document));
    PstTrayItem *open = find_open(tray);

    for (guint i = 0; i < count(tray); i++) {
        if (item_at(tray, i) != open) {
            pst_tray_item_keep(item_at(tray, i), look, NULL);
        }
    }
    g_signal_emit(tray, changed_signal, 0);
}

PstLook *pst_tray_look(PstTray *tray, const char *path)
{
    g_autofree char *canonical = g_canonicalize_filename(path, NULL);
    PstTrayItem *item = find(tray, canonical);

    if (g_hash_table_contains(tray->removed, canonical)) {
        return NULL;
    }
    if (item && item == find_open(tray)) {
        return pst_look_ref(pst_document_look(tray->document));
    }
    return item && pst_tray_item_look(item) ? pst_look_ref(pst_tray_item_look(item))
                                            : without_regions(pst_document_look(tray->document));
}

gboolean pst_tray_is_mixed(PstTray *tray)
{
    for (guint i = 0; i < count(tray); i++) {
        g_autoptr(PstLook) look = pst_tray_look(tray, pst_tray_item_path(item_at(tray, i)));

        if (!pst_look_equal(look, pst_document_look(tray->document))) {
            return TRUE;
        }
    }
    return FALSE;
}

const char *const *pst_tray_sources(PstTray *tray)
{
    return (const char *const *)tray->sources->pdata;
}

static void pst_tray_finalize(GObject *object)
{
    PstTray *tray = PST_TRAY(object);

    g_object_unref(tray->items);
    g_ptr_array_unref(tray->sources);
    g_hash_table_unref(tray->removed);
    G_OBJECT_CLASS(pst_tray_parent_class)->finalize(object);
}

static void pst_tray_class_init(PstTrayClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pst_tray_finalize;
    changed_signal = g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void pst_tray_init(PstTray *tray)
{
    tray->items = g_list_store_new(PST_TYPE_TRAY_ITEM);
    tray->sources = g_ptr_array_new_with_free_func(g_free);
    g_signal_connect_swapped(tray->items, "items-changed", G_CALLBACK(on_items), tray);
    tray->removed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(tray->sources, NULL);
}
