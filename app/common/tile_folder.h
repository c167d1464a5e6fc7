/* Tiles of a masterpiece in a folder that several processes share (engine/refine/tile_exchange.h).
 *
 * Each tile is a file that appears whole or not at all, so a run whose processes were killed goes on with what there
 * is. Names hold a hash of all that the tiles depend on; files of other paintings are never taken.
 */
#pragma once

#include <gio/gio.h>

#include "engine/refine/tile_exchange.h"

typedef struct PstTileFolder PstTileFolder;

/** Process `rank` of `count`, 0 .. count-1; the first one leads and makes the small part, and tiles are spread over
 *  all, the same each time. The folder is made if it is missing. NULL and PST_PICTURE_ERROR if it can't be. */
PstTileFolder *pst_tile_folder_new(const char *path, const char *key, int rank, int count, GCancellable *cancellable,
                                   GError **error);
void pst_tile_folder_free(PstTileFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstTileFolder, pst_tile_folder_free)

/** The exchange by this folder; the folder's. */
const PstTileExchange *pst_tile_folder_exchange(PstTileFolder *folder);

/** How many tiles this process painted, and how many it found painted. */
void pst_tile_folder_counts(const PstTileFolder *folder, int *painted, int *found);

/** Removes the painting's files, and the folder where nothing else is in it. */
void pst_tile_folder_remove(const PstTileFolder *folder);
