#include "style_cache.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/disk_cache.h"

/* To be changed whenever the same bytes give another style. */
#define VERSION "pastiche style cache 1"

enum {
    NUMBERS_SIZE = PST_STYLE_SIZE * sizeof(float), /* of an entry: little-endian float32 */
    CHUNK = 256 * 1024,
};

struct PstStyleCache {
    PstDiskCache *entries;
};

PstStyleCache *pst_style_cache_new(const char *folder, guint64 limit)
{
    PstStyleCache *cache = g_new0(PstStyleCache, 1);
    g_autofree char *usual = g_build_filename(g_get_user_cache_dir(), "pastiche", "styles", NULL);

    cache->entries = pst_disk_cache_new(folder ? folder : usual, limit ? limit : PST_STYLE_CACHE_LIMIT);
    return cache;
}

void pst_style_cache_free(PstStyleCache *cache)
{
    if (!cache) {
        return;
    }
    pst_disk_cache_free(cache->entries);
    g_free(cache);
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
    g_autoptr(GBytes) entry = pst_disk_cache_get(cache->entries, key, NUMBERS_SIZE);

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
    pst_disk_cache_put(cache->entries, key, swapped, NUMBERS_SIZE);
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
