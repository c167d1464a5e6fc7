/* Frames of a video, decoded by ffmpeg and read from a pipe in YUV4MPEG2, each with its time.
 *
 * Frames come upright, each once, in the order in which they are shown. Y4M knows no times, so ffmpeg tells them by a
 * second pipe.
 */
#pragma once

#include "yuv.h"

typedef struct PstVideoReader PstVideoReader;

/** Begins to decode, in a thread of its own and a few frames ahead: from the beginning, or so that the frame that is
 *  shown at `from` (ticks) is not passed over. `small_width` x `small_height` (or 0, 0) asks for 8 bits at that size:
 *  to look at, not to paint. `info` is borrowed. */
PstVideoReader *pst_video_reader_new(const PstVideoInfo *info, gint64 from, int small_width, int small_height,
                                     GError **error);
void pst_video_reader_free(PstVideoReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstVideoReader, pst_video_reader_free)

/** The next frame, pst_yuv_size() bytes that are the reader's and stay until the next call, and its time in ticks of
 *  the time base. At the end `*yuv` is NULL. */
gboolean pst_video_reader_read(PstVideoReader *reader, const void **yuv, gint64 *time, GCancellable *cancellable,
                               GError **error);
