/* The bytes of a TIFF structure (TIFF 6.0, section 2), which EXIF is inside. Private.
 *
 * Nothing outside the block is ever read: a broken offset gives zeros, which mean a missing value. */
#pragma once

#include <glib.h>

typedef struct {
    const guint8 *data;
    gsize size;
    gboolean big_endian;
} PstTiff;

enum {
    PST_TIFF_HEADER = 8,
    PST_TIFF_ENTRY = 12, /* bytes of an entry of a directory: tag, type, count, value or its offset */
    PST_TIFF_BYTE = 1,
    PST_TIFF_ASCII = 2,
    PST_TIFF_SHORT = 3,
    PST_TIFF_LONG = 4,
    PST_TIFF_RATIONAL = 5,
    PST_TIFF_SIGNED_BYTE = 6,
    PST_TIFF_UNDEFINED = 7,
    PST_TIFF_SIGNED_SHORT = 8,
    PST_TIFF_SIGNED_LONG = 9,
};

/* FALSE if `data` doesn't begin with a TIFF header. */
gboolean pst_tiff_init(PstTiff *tiff, const guint8 *data, gsize size);

guint16 pst_tiff_get16(const PstTiff *tiff, guint64 at);
guint32 pst_tiff_get32(const PstTiff *tiff, guint64 at);

/* The place of the first directory. */
guint64 pst_tiff_first_directory(const PstTiff *tiff);

/* The place of entry `index` of the directory at `directory`; 0, where only the header can be, when there is none. */
guint64 pst_tiff_entry(const PstTiff *tiff, guint64 directory, int index);

/* The place of the first entry of that tag; 0 when there is none, or no directory (0). */
guint64 pst_tiff_find(const PstTiff *tiff, guint64 directory, guint16 tag);

/* The place of the directory that the entry `tag` points to, or 0. */
guint64 pst_tiff_sub_directory(const PstTiff *tiff, guint64 directory, guint16 tag);

/* Where the value of the entry at `entry` is, and its bytes; NULL if it isn't wholly there or of an unknown type. */
const guint8 *pst_tiff_value(const PstTiff *tiff, guint64 entry, gsize *size);
