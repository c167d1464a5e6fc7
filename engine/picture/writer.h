/* Writing whole pictures. What is written and how is said in row_writer.h. */
#pragma once

#include "row_writer.h"

/* Writes `picture` to `path`, or, with PST_CONFLICT_UNIQUE, to the first free name beside it. `written`, if not NULL,
 * gets the path really written, owned by the caller; NULL on error. Checks `cancellable` (which may be NULL) every
 * row. FALSE on error, those of pst_row_writer_open(). */
gboolean pst_picture_write(const PstPicture *picture, const char *path, const PstWriteOptions *options, char **written,
                           GCancellable *cancellable, GError **error);

/* The same to memory. options->format says which format, and conflict is not used. NULL on error;
 * the caller owns the result. */
GBytes *pst_picture_write_bytes(const PstPicture *picture, const PstWriteOptions *options, GCancellable *cancellable,
                                GError **error);
