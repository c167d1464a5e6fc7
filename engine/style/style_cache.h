/* The styles of pictures that were encoded before, on disk: a painting that is used again costs a few milliseconds.
 *
 * An entry is found by the SHA-256 of the picture file's bytes, the size it was looked at and the networks' weights, so
 * that it can never be stale. disk_cache.h says how entries are kept.
 */
#pragma once

#include "engine/base/disk_cache.h"
#include "engine/picture/reader.h"
#include "style.h"

#define PST_STYLE_CACHE_LIMIT ((guint64)128 << 20) /* bytes */

typedef PstDiskCache PstStyleCache;

/** A cache in `folder`, which is made when something is to be put into it; NULL means pastiche/styles in the user's
 *  cache folder. `limit` in bytes of files; 0 means PST_STYLE_CACHE_LIMIT. */
PstStyleCache *pst_style_cache_new(const char *folder, guint64 limit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleCache, pst_disk_cache_free)

/** The style of the picture in the file at `path`, as pst_picture_read() and pst_style_from_painting()
 *  would make it, out of the cache where it has it. `found`, if not NULL, tells whether it
 *  had. Only regular files are cached. Errors are theirs. */
PstStyle *pst_style_cache_encode(PstStyleCache *cache, const PstModel *model, PstThreadPool *pool, const char *path,
                                 const PstReadLimits *limits, int short_side, const char *name, gboolean *found,
                                 GCancellable *cancellable, GError **error);

/** Puts a style that was made so of the picture at `path` into the cache. */
void pst_style_cache_keep(PstStyleCache *cache, const PstModel *model, const char *path, int short_side,
                          const PstStyle *style, GCancellable *cancellable);

/** The patches of a picture by the SHA-256 of its file, in small hexadecimal, and the size it was looked at, where they
 *  are cached and the picture may be gone; or NULL. */
PstStylePatches *pst_style_cache_patches(PstStyleCache *cache, const PstModel *model, const char *hash, int short_side);

/** Gives a style the palette (style_palette.h) of the picture at `path`, out of the cache where it has it. Only those
 *  of regular files are kept. FALSE as pst_picture_read() and pst_style_add_palette() say. */
gboolean pst_style_cache_add_palette(PstStyleCache *cache, const PstModel *model, PstThreadPool *pool, const char *path,
                                     const PstReadLimits *limits, PstStyle *style, GCancellable *cancellable,
                                     GError **error);

/** The palette of a picture by the SHA-256 of its file, in small hexadecimal, where it is cached and the picture may be
 *  gone; or NULL. */
PstStylePalette *pst_style_cache_palette(PstStyleCache *cache, const PstModel *model, const char *hash);
