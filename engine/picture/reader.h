/* Reading whole pictures into memory, and their headers. What is read and how is said in row_reader.h. */
#pragma once

#include "row_reader.h"

/* Reads the picture in the file at `path` (in GLib's file name encoding). The caller owns the
 * result. Any file that can be read from start to end will do, pipes too. Checks `cancellable`
 * (which may be NULL) every few rows.
 * NULL on error: MISSING, NOT_A_FILE, PERMISSION, EMPTY, FORMAT, UNSUPPORTED, DAMAGED, TOO_BIG,
 * MEMORY, IO of PST_PICTURE_ERROR, or G_IO_ERROR_CANCELLED. */
PstPicture *pst_picture_read(const char *path, const PstReadLimits *limits, GCancellable *cancellable, GError **error);

/* The same from memory, for example a GResource. `name` takes the file's place in error messages.
 * `bytes` is only borrowed. */
PstPicture *pst_picture_read_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                   GCancellable *cancellable, GError **error);

/* Reads only the header of the file at `path` into `info` (which is overwritten, not cleared, and
 * left empty on error; free with pst_picture_info_clear()). Says nothing about whether the rest of
 * the file is whole. Pictures over the default pixel limit are told of, not refused. Errors as
 * pst_picture_read() but for MEMORY. */
gboolean pst_picture_probe(const char *path, PstPictureInfo *info, GError **error);
gboolean pst_picture_probe_bytes(GBytes *bytes, const char *name, PstPictureInfo *info, GError **error);

/* The format of a file that begins with these bytes (32 are enough), for people, such as "a HEIC picture", to be
 * translated; NULL unless it is a known one that can't be read. */
const char *pst_picture_other_format(const guint8 *head, gsize size);
