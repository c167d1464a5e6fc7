#include "disk_cache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* An entry: the key it is for, the value, the SHA-256 of both. */
enum {
    KEY_SIZE = 64,
    SUM_SIZE = 32,
};

struct PstDiskCache {
    char *folder;
    guint64 limit;
};

PstDiskCache *pst_disk_cache_new(const char *folder, const char *name, guint64 limit)
{
    PstDiskCache *cache = g_new0(PstDiskCache, 1);

    cache->folder = folder ? g_strdup(folder) : g_build_filename(g_get_user_cache_dir(), "pastiche", name, NULL);
    cache->limit = limit;
    return cache;
}

void pst_disk_cache_free(PstDiskCache *cache)
{
    if (!cache) {
        return;
    }
    g_free(cache->folder);
    g_free(cache);
}

static void check_sum(const guint8 *entry, gsize size, guint8 result[SUM_SIZE])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = SUM_SIZE;

    g_checksum_update(sum, entry, (gssize)(KEY_SIZE + size));
    g_checksum_get_digest(sum, result, &length);
}

GBytes *pst_disk_cache_get(const PstDiskCache *cache, const char *key, gsize size, gboolean exact)
{
    g_autofree char *path = g_build_filename(cache->folder, key, NULL);
    g_autofree char *entry = NULL;
    guint8 sum[SUM_SIZE];
    struct stat info;
    gsize length;

    /* Whatever a stranger put there in its place is not even opened. */
    if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode) || (guint64)info.st_size > KEY_SIZE + size + SUM_SIZE ||
        info.st_size < KEY_SIZE + SUM_SIZE || !g_file_get_contents(path, &entry, &length, NULL) ||
        length != (guint64)info.st_size || (exact && length != KEY_SIZE + size + SUM_SIZE)) {
        return NULL;
    }
    size = length - KEY_SIZE - SUM_SIZE;
    check_sum((const guint8 *)entry, size, sum);
    if (memcmp(entry, key, KEY_SIZE) != 0 || memcmp(entry + KEY_SIZE + size, sum, SUM_SIZE) != 0) {
        return NULL;
    }
    utimensat(AT_FDCWD, path, NULL, 0); /* used just now */

    g_autoptr(GBytes) all = g_bytes_new_take(g_steal_pointer(&entry), length);
    return g_bytes_new_from_bytes(all, KEY_SIZE, size);
}

typedef struct {
    char *path;
    gint64 used; /* nanoseconds */
    guint64 size;
} Entry;

static void clear_entry(gpointer entry)
{
    g_free(((Entry *)entry)->path);
}

static int compare_use(gconstpointer a, gconstpointer b)
{
    gint64 x = ((const Entry *)a)->used, y = ((const Entry *)b)->used;

    return x < y ? -1 : x > y;
}

/* Removes the files that were not used for longest until the others are within the limit, and some room is left, so
 * that this is not to be done every time. Files that another program removes meanwhile are no matter. */
static void trim(const PstDiskCache *cache)
{
    g_autoptr(GDir) folder = g_dir_open(cache->folder, 0, NULL);
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    guint64 total = 0;
    const char *name;

    g_array_set_clear_func(entries, clear_entry);
    while (folder && (name = g_dir_read_name(folder))) {
        Entry entry = { g_build_filename(cache->folder, name, NULL), 0, 0 };
        struct stat info;

        if (lstat(entry.path, &info) != 0 || S_ISDIR(info.st_mode)) {
            g_free(entry.path);
            continue;
        }
        entry.used = (gint64)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
        entry.size = (guint64)info.st_size;
        total += entry.size;
        g_array_append_val(entries, entry);
    }
    if (total <= cache->limit) {
        return;
    }
    g_array_sort(entries, compare_use);
    for (guint i = 0; i < entries->len && total > cache->limit - cache->limit / 8; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);

        g_unlink(entry->path);
        total -= entry->size;
    }
}

void pst_disk_cache_put(const PstDiskCache *cache, const char *key, const void *value, gsize size)
{
    gsize length = KEY_SIZE + size + SUM_SIZE;
    g_autofree char *path = g_build_filename(cache->folder, key, NULL);
    g_autofree guint8 *entry = g_malloc(length);

    memcpy(entry, key, KEY_SIZE);
    memcpy(entry + KEY_SIZE, value, size);
    check_sum(entry, size, entry + KEY_SIZE + size);
    if (g_mkdir_with_parents(cache->folder, 0700) == 0 &&
        g_file_set_contents_full(path, (const char *)entry, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 NULL)) {
        trim(cache);
    }
}
