/* A Deep Zoom image (Microsoft's format, which OpenSeadragon and others show): JPEG tiles of 256 pixels a side in
 * folder/LEVEL/COLUMN_ROW.jpg, from level 0, a pixel, to the whole picture. They are made of a tiled TIFF and its
 * copies by any number of processes. Only where TIFF is built. */
#pragma once

#include <gio/gio.h>

/* Process `rank` of `count` writes its share of the tiles, but for those that are there; the first one also the levels
 * that are smaller than the TIFF's copies. `tiff` has 8 bits, and is this program's own. `quality` is JPEG's, or 0 for
 * the usual one. FALSE on error: DAMAGED, PERMISSION, NO_SPACE, IO of PST_PICTURE_ERROR. */
gboolean pst_deep_zoom_write(const char *tiff, const char *folder, int quality, int rank, int count,
                             GCancellable *cancellable, GError **error);

/* What a .dzi file says of that picture, and in a comment `mark`; owned by the caller. NULL and DAMAGED. */
char *pst_deep_zoom_describe(const char *tiff, const char *mark, GError **error);
