/* A TIFF file (TIFF 6.0, BigTIFF) as directories of entries: what libtiff does not hand over. Private.
 *
 * Nothing outside the file is ever read: a broken offset gives no entry. */
#pragma once

#include <glib.h>

typedef struct {
    const guint8 *data;
    gsize size;
    gboolean big_endian, big; /* big: BigTIFF */
} PstTiffFile;

typedef struct {
    guint16 tag, type;
    guint64 count;
    const guint8 *value; /* in the file, in its byte order */
    gsize size;          /* bytes of it */
} PstTiffEntry;

/* FALSE where `data` does not begin like a TIFF. */
gboolean pst_tiff_file_init(PstTiffFile *file, const void *data, gsize size);

/* The place of the first directory, and of that after `directory`; 0: none. */
guint64 pst_tiff_file_first(const PstTiffFile *file);

/* The entry of that tag; FALSE where there is none, or its value is not wholly there. */
gboolean pst_tiff_file_find(const PstTiffFile *file, guint64 directory, guint16 tag, PstTiffEntry *entry);

/* Number `index` of an entry of any integer type; 0 where there is none. */
guint64 pst_tiff_file_number(const PstTiffFile *file, const PstTiffEntry *entry, guint64 index);

/* An EXIF block (a small TIFF of its own) with what the directory says about the photograph; owned by the caller. */
GBytes *pst_tiff_file_exif(const PstTiffFile *file, guint64 directory);
