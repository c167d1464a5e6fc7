#include "style_cache.h"

#include "calibration.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* To be changed whenever the same bytes give another style, or another palette. */
#define VERSION         "pastiche style cache 3"
#define PALETTE_VERSION "pastiche palette cache 2"

enum {
    STYLE_BYTES = 1 << 20, /* of an entry, at most */
    CHUNK = 256 * 1024,
};

PstStyleCache *pst_style_cache_new(const char *folder, guint64 limit)
{
    return pst_disk_cache_new(folder, "styles", limit ? limit : PST_STYLE_CACHE_LIMIT);
}

/* Adds the bytes of a regular file to the sum; FALSE where that can't be done. */
static gboolean add_file(GChecksum *sum, const char *path, GCancellable *cancellable)
{
    g_autofree guchar *chunk = g_malloc(CHUNK);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    gssize got = -1;

    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        while (!g_cancellable_is_cancelled(cancellable) && (got = read(fd, chunk, CHUNK)) > 0) {
            g_checksum_update(sum, chunk, got);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return got == 0;
}

/* The SHA-256 of a file, or NULL. */
static char *hash_file(const char *path, GCancellable *cancellable)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    return add_file(sum, path, cancellable) ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* The name of the entry of a style. */
static char *style_key(const PstModel *model, const char *hash, int short_side)
{
    int side = short_side ? short_side : PST_STYLE_SIDE;
    g_autofree char *text = g_strdup_printf(VERSION " %s %s %d %s", pst_model_encoder_hash(model),
                                            pst_model_generator_hash(model), side, hash);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

static PstTensors *look_up(PstStyleCache *cache, const char *key, gsize most)
{
    g_autoptr(GBytes) entry = pst_disk_cache_get(cache, key, most, FALSE);

    return entry ? pst_tensors_from_bytes(entry, key, NULL, NULL) : NULL;
}

static void put(PstStyleCache *cache, const char *key, PstTensorsWriter *writer)
{
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, key, NULL);

    if (bytes) {
        pst_disk_cache_put(cache, key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    }
}

/* Statistics, correction and patches; pictures of a few pixels have no patches. */
static gboolean get_style(PstStyleCache *cache, const PstModel *model, const char *hash, int short_side,
                          PstStyle *style)
{
    g_autofree char *key = style_key(model, hash, short_side);
    g_autoptr(PstTensors) tensors = look_up(cache, key, STYLE_BYTES);
    const float *statistics = tensors ? pst_tensors_get(tensors, "statistics", (int[]){ PST_STYLE_SIZE }, 1, NULL)
                                      : NULL;
    const float *correction = statistics
                                  ? pst_tensors_get(tensors, "correction", (int[]){ PST_STYLE_CHANNELS }, 1, NULL)
                                  : NULL;

    if (!correction) {
        return FALSE;
    }
    memcpy(style->statistics, statistics, sizeof style->statistics);
    memcpy(style->correction, correction, sizeof style->correction);
    if (pst_style_patches_present(tensors)) {
        style->patches = pst_style_patches_read(tensors, key, NULL);
    }
    return TRUE;
}

static void put_style(PstStyleCache *cache, const PstModel *model, const char *hash, int short_side,
                      const PstStyle *style)
{
    g_autofree char *key = style_key(model, hash, short_side);
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    pst_tensors_writer_add(writer, "statistics", PST_TENSOR_F32, style->statistics, (int[]){ PST_STYLE_SIZE }, 1);
    pst_tensors_writer_add(writer, "correction", PST_TENSOR_F32, style->correction, (int[]){ PST_STYLE_CHANNELS }, 1);
    if (style->patches) {
        pst_style_patches_write(style->patches, writer);
    }
    put(cache, key, writer);
}

void pst_style_cache_keep(PstStyleCache *cache, const PstModel *model, const char *path, int short_side,
                          const PstStyle *style, GCancellable *cancellable)
{
    g_autofree char *hash = hash_file(path, cancellable);

    if (hash) {
        put_style(cache, model, hash, short_side, style);
    }
}

PstStylePatches *pst_style_cache_patches(PstStyleCache *cache, const PstModel *model, const char *hash, int short_side)
{
    g_autoptr(PstStyle) style = pst_style_new(NULL);

    return get_style(cache, model, hash, short_side, style) ? g_steal_pointer(&style->patches) : NULL;
}

/* Whether two looks saw the same file unchanged. */
static gboolean is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

PstStyle *pst_style_cache_encode(PstStyleCache *cache, const PstModel *model, PstThreadPool *pool, const char *path,
                                 const PstReadLimits *limits, int short_side, const char *name, gboolean *found,
                                 GCancellable *cancellable, GError **error)
{
    struct stat before, after;
    gboolean regular = stat(path, &before) == 0 && S_ISREG(before.st_mode);
    g_autofree char *hash = regular ? hash_file(path, cancellable) : NULL;
    g_autoptr(PstStyle) style = pst_style_new(name);

    if (found) {
        *found = FALSE;
    }
    if (hash && get_style(cache, model, hash, short_side, style)) {
        if (found) {
            *found = TRUE;
        }
        return g_steal_pointer(&style);
    }
    g_clear_pointer(&style, pst_style_free);

    g_autoptr(PstPicture) picture = pst_picture_read(path, limits, cancellable, error);
    if (!picture) {
        return NULL;
    }
    style = pst_style_from_painting(model, pool, picture, short_side, name, cancellable, error);
    if (style && hash && stat(path, &after) == 0 && is_same(&before, &after)) {
        put_style(cache, model, hash, short_side, style);
    }
    return g_steal_pointer(&style);
}

/* ---- palettes --------------------------------------------------------------------------------- */

static char *palette_key(const PstModel *model, const char *hash)
{
    g_autofree char *text = g_strdup_printf(PALETTE_VERSION " %s %s", pst_model_encoder_hash(model), hash);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

PstStylePalette *pst_style_cache_palette(PstStyleCache *cache, const PstModel *model, const char *hash)
{
    g_autofree char *key = palette_key(model, hash);
    g_autoptr(PstTensors) tensors = look_up(cache, key, 2 * PST_PALETTE_BYTES);

    return tensors ? pst_style_palette_read(tensors, key, NULL) : NULL;
}

static void put_palette(PstStyleCache *cache, const PstModel *model, const char *hash, const PstStylePalette *palette)
{
    g_autofree char *key = palette_key(model, hash);
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    pst_style_palette_write(palette, writer);
    put(cache, key, writer);
}

gboolean pst_style_cache_add_palette(PstStyleCache *cache, const PstModel *model, PstThreadPool *pool, const char *path,
                                     const PstReadLimits *limits, PstStyle *style, GCancellable *cancellable,
                                     GError **error)
{
    struct stat before, after;
    gboolean regular = stat(path, &before) == 0 && S_ISREG(before.st_mode);
    g_autofree char *hash = regular ? hash_file(path, cancellable) : NULL;
    g_autoptr(PstPicture) picture = NULL;

    if (hash && (style->palette = pst_style_cache_palette(cache, model, hash))) {
        return TRUE;
    }
    picture = pst_picture_read(path, limits, cancellable, error);
    if (!picture ||
        !pst_style_add_palette(style, model, pool, (const PstPicture *const *)&picture, 1, cancellable, error)) {
        return FALSE;
    }
    if (hash && stat(path, &after) == 0 && is_same(&before, &after)) {
        put_palette(cache, model, hash, style->palette);
    }
    return TRUE;
}
