/* A directory of an EXIF block, made into one of a TIFF file (TIFF 6.0, section 2; BigTIFF). Private. */
#pragma once

#include <glib.h>

/* The bytes of the directory that `tag` of the block's first one points to (0x8769: EXIF, 0x8825: GPS), values and
 * inner directories included, for place `at` of a file of the block's byte order. `big`: BigTIFF. Owned by the caller;
 * NULL where the block has no such directory. */
GBytes *pst_tiff_directory_new(GBytes *exif, guint16 tag, guint64 at, gboolean big);
