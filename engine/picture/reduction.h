/* Reading pictures that are too large to be held, at a fraction of their size. */
#pragma once

#include "picture.h"

/* Reads the picture in the file at `path` so that it has at most `pixels` (1 or more) pixels. One with more is reduced
 * to a half, a third, a quarter ... of its size, rounded up; each pixel is the mean of a square of the file's pixels
 * (sRGB-encoded values, weighted by alpha). info.full_width and info.full_height are the file's. Rows are averaged as
 * they come: memory is that of the result and of a few rows of the file. `salvage` as in PstReadLimits. Errors as
 * pst_picture_read(). */
PstPicture *pst_picture_read_reduced(const char *path, guint64 pixels, gboolean salvage, GCancellable *cancellable,
                                     GError **error);
