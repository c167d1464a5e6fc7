/* Small results on disk that can be worked out again: a folder of files, one an entry.
 *
 * Any number of programs may use one cache at a time: entries appear whole, with a check sum that tells a damaged one,
 * and whatever is missing or odd is as if it were not there. Where the folder can't be written, nothing is kept. The
 * least recently used entries go when there are too many bytes. What an entry depends on belongs into its key, so that
 * it can never be stale.
 */
#pragma once

#include <glib.h>

typedef struct PstDiskCache PstDiskCache;

/** A cache in `folder`, which is made when something is to be put into it; where it is NULL, in pastiche/`name` of the
 *  user's cache folder. `limit` in bytes of files. */
PstDiskCache *pst_disk_cache_new(const char *folder, const char *name, guint64 limit);
void pst_disk_cache_free(PstDiskCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstDiskCache, pst_disk_cache_free)

/** The value of `key`, a SHA-256 in hexadecimal; it is `size` bytes, or any number up to that where `exact` is FALSE.
 *  NULL where there is none; owned by the caller. */
GBytes *pst_disk_cache_get(const PstDiskCache *cache, const char *key, gsize size, gboolean exact);

/** Keeps a value if it can. */
void pst_disk_cache_put(const PstDiskCache *cache, const char *key, const void *value, gsize size);
