/* A photograph's thumbnails, one in each style: painted once, and then kept on disk.
 *
 * An entry is found by the photograph's small square as it is painted, the style's numbers and what the engine paints
 * of a picture that never changes: after any change of weights or code that shows, all are painted anew. How entries
 * are kept is said in engine/base/disk_cache.h. One thread at a time.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/style/style.h"
#include "photo.h"
#include "raster.h"

#define PST_THUMBNAILS_LIMIT ((guint64)128 << 20) /* bytes: 20 photographs in all styles of the program */

typedef struct PstThumbnails PstThumbnails;

/** Thumbnails kept in `folder`; NULL means pastiche/thumbnails in the user's cache folder. `limit` in bytes of files; 0
 *  means PST_THUMBNAILS_LIMIT. */
PstThumbnails *pst_thumbnails_new(const char *folder, guint64 limit);
void pst_thumbnails_free(PstThumbnails *thumbnails);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstThumbnails, pst_thumbnails_free)

/** The photograph's square in a style, reduced to PST_PHOTO_THUMBNAIL pixels a side, from disk or painted. `found` (may
 *  be NULL) says which. NULL when cancelled or without memory. */
PstRaster *pst_thumbnails_get(PstThumbnails *thumbnails, const PstModel *model, PstThreadPool *pool, PstPhoto *photo,
                              const PstStyle *style, gboolean *found, GCancellable *cancellable, GError **error);
