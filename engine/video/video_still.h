/* One frame of a video as a picture, to be looked at and painted like any other. */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/picture/picture.h"
#include "video_info.h"

/** A frame as pst_video_reader_read() gives it, as a picture of the same size. NULL without memory
 *  (PST_PICTURE_ERROR). */
PstPicture *pst_video_picture(const PstVideoInfo *info, const void *yuv, PstThreadPool *pool, GError **error);

/** The frame that is shown `seconds` after the video's beginning, as players show it: the last one where it ends
 *  before, and with square pixels. Owned by the caller. NULL and an error of PST_VIDEO_ERROR or PST_PICTURE_ERROR that
 *  names the file, or G_IO_ERROR_CANCELLED. */
PstPicture *pst_video_still(const PstVideoInfo *info, double seconds, PstThreadPool *pool, GCancellable *cancellable,
                            GError **error);
