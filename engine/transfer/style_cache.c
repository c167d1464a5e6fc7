#include "style_cache.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* To be changed whenever the same bytes give another style. */
#define VERSION "pastiche style cache 1"

/* An entry: the key it is for (hexadecimal), the numbers (little-endian float32), the SHA-256 of both. */
enum {
    KEY_SIZE = 64,
    NUMBERS_SIZE = PST_STYLE_SIZE * sizeof(float),
    SUM_SIZE = 32,
    ENTRY_SIZE = KEY_SIZE + NUMBERS_SIZE + SUM_SIZE,
    CHUNK = 256 * 1024,
};

struct PstStyleCache {
    char *folder;
    guint64 limit;
};

PstStyleCache *pst_style_cache_new(const char *folder, guint64 limit)
{
    PstStyleCache *cache = g_new0(PstStyleCache, 1);

    cache->folder = folder ? g_strdup(folder) : g_build_filename(g_get_user_cache_dir(), "pastiche", "styles", NULL);
    cache->limit = limit ? limit : PST_STYLE_CACHE_LIMIT;
    return cache;
}

void pst_style_cache_free(PstStyleCache *cache)
{
    if (!cache) {
        return;
    }
    g_free(cache->folder);
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

static void check_sum(const guint8 *entry, guint8 result[SUM_SIZE])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = SUM_SIZE;

    g_checksum_update(sum, entry, KEY_SIZE + NUMBERS_SIZE);
    g_checksum_get_digest(sum, result, &size);
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
    g_autofree char *path = g_build_filename(cache->folder, key, NULL);
    g_autofree char *entry = NULL;
    guint8 sum[SUM_SIZE];
    struct stat info;
    gsize size;

    /* Whatever a stranger put there in its place is not even opened. */
    if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size != ENTRY_SIZE ||
        !g_file_get_contents(path, &entry, &size, NULL) || size != ENTRY_SIZE) {
        return FALSE;
    }
    check_sum((guint8 *)entry, sum);
    if (memcmp(entry, key, KEY_SIZE) != 0 || memcmp(entry + KEY_SIZE + NUMBERS_SIZE, sum, SUM_SIZE) != 0) {
        return FALSE;
    }
    swap_numbers((guint8 *)entry + KEY_SIZE);
    memcpy(numbers, entry + KEY_SIZE, NUMBERS_SIZE);
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        if (!isfinite(numbers[i]) || (i >= PST_STYLE_CHANNELS && numbers[i] <= 0)) {
            return FALSE;
        }
    }
    utimensat(AT_FDCWD, path, NULL, 0); /* used just now */
    return TRUE;
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

/* Removes the files that were not used for longest until the others are within the limit, and some room is left, so that
 * this is not to be done every time. Files that another program removes meanwhile are no matter. */
static void trim(const PstStyleCache *cache)
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

static void put(const PstStyleCache *cache, const char *key, const float *numbers)
{
    g_autofree char *path = g_build_filename(cache->folder, key, NULL);
    g_autofree guint8 *entry = g_malloc(ENTRY_SIZE);

    memcpy(entry, key, KEY_SIZE);
    memcpy(entry + KEY_SIZE, numbers, NUMBERS_SIZE);
    swap_numbers(entry + KEY_SIZE);
    check_sum(entry, entry + KEY_SIZE + NUMBERS_SIZE);
    if (g_mkdir_with_parents(cache->folder, 0700) == 0 &&
        g_file_set_contents_full(path, (const char *)entry, ENTRY_SIZE, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL)) {
        trim(cache);
    }
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
