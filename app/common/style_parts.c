#include "style_parts.h"

#include "engine/style/style_cache.h"
#include "engine/style/style_library.h"
#include "file_kind.h"

typedef struct {
    PstStyleCache *cache;
    GPtrArray *library; /* read when it is asked for first, or NULL */
    const PstModel *model;
    PstThreadPool *pool;
    GCancellable *cancellable;
} Search;

static gboolean is_picture(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) && pst_file_kind(path) == PST_FILE_PICTURE;
}

static void from_library(Search *search, PstLookStyle *style)
{
    if (!search->library) {
        search->library = pst_style_library_read(NULL, NULL);
    }
    for (guint i = 0; i < search->library->len && !style->style->palette; i++) {
        pst_look_style_complete(style, ((const PstStyleEntry *)search->library->pdata[i])->style);
    }
}

static void find_palette(Search *search, PstLookStyle *style)
{
    if (is_picture(style->id)) {
        pst_style_cache_add_palette(search->cache, search->model, search->pool, style->id, NULL, style->style,
                                    search->cancellable, NULL);
    }
    if (!style->style->palette && style->hash) {
        style->style->palette = pst_style_cache_palette(search->cache, search->model, style->hash);
    }
    if (!style->style->palette) {
        from_library(search, style);
    }
}

/* A picture that is another one by now has patches of another style. */
static void find_patches(Search *search, int side, PstLookStyle *style)
{
    g_autoptr(PstStyle) again = NULL;

    if (style->hash) {
        style->style->patches = pst_style_cache_patches(search->cache, search->model, style->hash, side);
    }
    if (!style->style->patches && is_picture(style->id)) {
        again = pst_style_cache_encode(search->cache, search->model, search->pool, style->id, NULL, side, "", NULL,
                                       search->cancellable, NULL);
        if (again) {
            pst_look_style_complete(style, again);
        }
    }
}

static void complete(Search *search, const PstLook *look, PstLookStyle *style)
{
    gboolean trained = style->delta || style->style->delta;

    if (!style->style->patches && !trained) {
        find_patches(search, look->style_side, style);
    }
    if (!style->style->palette && look->finish == PST_FINISH_MASTERPIECE) {
        find_palette(search, style);
    }
}

gboolean pst_style_parts_complete(PstLook *look, const PstModel *model, PstThreadPool *pool, GCancellable *cancellable,
                                  GError **error)
{
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);
    Search search = { .cache = cache, .model = model, .pool = pool, .cancellable = cancellable };

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count && !g_cancellable_is_cancelled(cancellable); k++) {
            complete(&search, look, &look->regions[i].styles[k]);
        }
    }
    g_clear_pointer(&search.library, g_ptr_array_unref);
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
}
