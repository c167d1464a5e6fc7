/* The small square picture in a style file. */
#pragma once

#include "engine/picture/picture.h"
#include "engine/paint/painter.h"

#define PST_THUMBNAIL_SIDE 192 /* pixels */

/** The middle square of a picture, PST_THUMBNAIL_SIDE pixels wide, as a JPEG file. NULL and PST_PICTURE_ERROR,
 *  or G_IO_ERROR_CANCELLED. */
GBytes *pst_thumbnail_crop(const PstPicture *picture, GCancellable *cancellable, GError **error);

/** The same of the program's sample photograph, painted in the style; also the errors of reading it. */
GBytes *pst_thumbnail_paint(const PstModel *model, PstThreadPool *pool, const PstStyle *style,
                            GCancellable *cancellable, GError **error);
