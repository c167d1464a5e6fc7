#include "style_cache.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* To be changed whenever the same bytes give another style, or another palette. */
#define VERSION         "pastiche style cache 1"
#define PALETTE_VERSION "pastiche palette cache 2"

enum {
    NUMBERS_SIZE = PST_STYLE_SIZE * sizeof(float), /* of an entry: little-endian float32 */
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

/* The name of the entry, or NULL where there can't be one. */
static char *make_key(const PstModel *model, const char *path, int short_side, GCancellable *cancellable)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *head = g_strdup_printf(VERSION " %s %d ", pst_model_encoder_hash(model), short_side);

    g_checksum_update(sum, (const guchar *)head, -1);
    return add_file(sum, path, cancellable) ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

static void swap_numbers(guint8 *numbers)
{
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        guint32 bits;

        memcpy(&bits, numbers + i * sizeof bits, sizeof bits);
        bits = GUINT32_TO_LE(bits);
        memcpy(numbers + i * sizeof bits, &bits, sizeof bits);
    }
}

static gboolean look_up(const PstStyleCache *cache, const char *key, float *numbers)
{
    g_autoptr(GBytes) entry = pst_disk_cache_get(cache, key, NUMBERS_SIZE, TRUE);

    if (!entry) {
        return FALSE;
    }
    memcpy(numbers, g_bytes_get_data(entry, NULL), NUMBERS_SIZE);
    swap_numbers((guint8 *)numbers);
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        if (!isfinite(numbers[i]) || (i >= PST_STYLE_CHANNELS && numbers[i] <= 0)) {
            return FALSE;
        }
    }
    return TRUE;
}

static void put(const PstStyleCache *cache, const char *key, const float *numbers)
{
    float swapped[PST_STYLE_SIZE];

    memcpy(swapped, numbers, NUMBERS_SIZE);
    swap_numbers((guint8 *)swapped);
    pst_disk_cache_put(cache, key, swapped, NUMBERS_SIZE);
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
    g_autofree char *key = regular ? make_key(model, path, short_side, cancellable) : NULL;
    g_autoptr(PstStyle) style = pst_style_new(name);

    if (found) {
        *found = FALSE;
    }
    if (key && look_up(cache, key, style->statistics)) {
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
    style = pst_style_from_picture(model, pool, picture, short_side, name, cancellable, error);
    if (style && key && stat(path, &after) == 0 && is_same(&before, &after)) {
        put(cache, key, style->statistics);
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
    g_autoptr(GBytes) entry = pst_disk_cache_get(cache, key, 2 * PST_PALETTE_BYTES, FALSE);
    g_autoptr(PstTensors) tensors = entry ? pst_tensors_from_bytes(entry, key, NULL, NULL) : NULL;

    return tensors ? pst_style_palette_read(tensors, key, NULL) : NULL;
}

static void put_palette(const PstStyleCache *cache, const PstModel *model, const char *hash,
                        const PstStylePalette *palette)
{
    g_autofree char *key = palette_key(model, hash);
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GBytes) bytes = NULL;

    pst_style_palette_write(palette, writer);
    bytes = pst_tensors_writer_to_bytes(writer, key, NULL);
    if (bytes) {
        pst_disk_cache_put(cache, key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    }
}

gboolean pst_style_cache_add_palette(PstStyleCache *cache, const PstModel *model, PstThreadPool *pool, const char *path,
                                     const PstReadLimits *limits, PstStyle *style, GCancellable *cancellable,
                                     GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    struct stat before, after;
    gboolean known = stat(path, &before) == 0 && S_ISREG(before.st_mode) && add_file(sum, path, cancellable);
    const char *hash = g_checksum_get_string(sum);
    g_autoptr(PstPicture) picture = NULL;

    if (known && (style->palette = pst_style_cache_palette(cache, model, hash))) {
        return TRUE;
    }
    picture = pst_picture_read(path, limits, cancellable, error);
    if (!picture ||
        !pst_style_add_palette(style, model, pool, (const PstPicture *const *)&picture, 1, cancellable, error)) {
        return FALSE;
    }
    if (known && stat(path, &after) == 0 && is_same(&before, &after)) {
        put_palette(cache, model, hash, style->palette);
    }
    return TRUE;
}
