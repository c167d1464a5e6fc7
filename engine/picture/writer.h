/* Writing pictures: JPEG (4:4:4, optimised Huffman tables, embedded sRGB ICC profile) and PNG (8 or
 * 16 bit, alpha, sRGB chunk). The same picture and options give the same bytes. Values are clamped
 * to 0..1 and rounded to the nearest level.
 */
#pragma once

#include "output.h"
#include "picture.h"

G_BEGIN_DECLS

/* Zero-filled is a good default; NULL instead of a PstWriteOptions means that too. */
typedef struct {
    PstFormat format;     /* default by the path's suffix: .jpg .jpeg .jpe .jfif .png, any case */
    int quality;          /* JPEG: 1..100; default 92 */
    int depth;            /* PNG: 8 or 16 bits per sample; default 8 */
    int compression;      /* PNG: zlib level 1..9; default 6 */
    PstConflict conflict; /* what to do when the file exists; default PST_CONFLICT_UNIQUE */
} PstWriteOptions;

/* Writes `picture` to `path`, or, with PST_CONFLICT_UNIQUE, to the first free name beside it. The
 * file appears whole or not at all (see output.h). A JPEG's transparent parts are composited on
 * white, in sRGB-encoded values. `written`, if not NULL, gets the path really written, owned by the
 * caller; NULL on error. Checks `cancellable` (which may be NULL) every few rows.
 * FALSE on error: FORMAT (no known suffix), TOO_BIG (JPEG: 65,500 pixels a side, PNG: 1,000,000),
 * MEMORY, EXISTS (only PST_CONFLICT_SKIP), MISSING (folder), NOT_A_FILE, PERMISSION, NO_SPACE, IO
 * of PST_PICTURE_ERROR, or G_IO_ERROR_CANCELLED. */
gboolean pst_picture_write(const PstPicture *picture, const char *path,
                           const PstWriteOptions *options, char **written,
                           GCancellable *cancellable, GError **error);

/* The same to memory. options->format says which format, and conflict is not used. NULL on error;
 * the caller owns the result. */
GBytes *pst_picture_write_bytes(const PstPicture *picture, const PstWriteOptions *options,
                                GCancellable *cancellable, GError **error);

/* The format that `path`'s suffix stands for, or PST_FORMAT_UNKNOWN. */
PstFormat pst_format_from_suffix(const char *path);

G_END_DECLS
