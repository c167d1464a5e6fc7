/* Makes the bank of artworks (engine/space/artworks.h) of pictures, what is known of them, and their style rows. */
#pragma once

#include "style_rows.h"

#include "engine/space/artworks.h"
#include "engine/space/style_space.h"

#include <gio/gio.h>

#define PST_MANIFEST_ERROR pst_manifest_error_quark()
GQuark pst_manifest_error_quark(void);

typedef enum { PST_MANIFEST_ERROR_FORMAT /* not such a table, or another number of rows */ } PstManifestError;

/** Reads a manifest: a table separated by tabs whose first line names its columns, of which file, artist, title, year,
 *  movement, medium, licence and caption are read, in the order of files. Pictures, for their colours and strokes, lie
 * in
 *  `folder`; statistics are those of the rows' whole pictures; the map is laid out by the space. NULL with
 *  PST_MANIFEST_ERROR or the errors of reading files and pictures. */
PstArtworks *pst_artworks_make(const char *folder, const char *manifest, const PstStyleRows *rows,
                               const PstStyleSpace *space, GError **error);
