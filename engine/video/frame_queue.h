/* Frames on their way from one thread to another, so that decoding, painting and encoding go on side by side.
 *
 * One thread fills frames, another one takes them, in the same order. The queue owns room for a few; who is ahead
 * waits.
 */
#pragma once

#include <gio/gio.h>

typedef struct PstFrameQueue PstFrameQueue;

/** Room for `count` frames of `size` bytes each. */
PstFrameQueue *pst_frame_queue_new(guint count, gsize size);

/** Once both threads are through with it. */
void pst_frame_queue_free(PstFrameQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFrameQueue, pst_frame_queue_free)

/** Of the thread that fills: waits for room and returns it, the queue's. NULL and G_IO_ERROR_CANCELLED when cancelled;
 *  NULL alone where no more is wanted. */
void *pst_frame_queue_room(PstFrameQueue *queue, GCancellable *cancellable, GError **error);
/** That room is filled, with the frame of that time. */
void pst_frame_queue_put(PstFrameQueue *queue, gint64 time);
/** Waits until all frames were taken and dropped, or no more are wanted. FALSE and G_IO_ERROR_CANCELLED when
 *  cancelled. */
gboolean pst_frame_queue_drain(PstFrameQueue *queue, GCancellable *cancellable, GError **error);
/** There will be no more, because of `error` (taken over) or, where it is NULL, because all are there. */
void pst_frame_queue_end(PstFrameQueue *queue, GError *error);

/** Of the thread that takes: waits for the next frame and returns it, the queue's. NULL with the error of
 *  pst_frame_queue_end() or G_IO_ERROR_CANCELLED, and NULL alone after the last frame. */
const void *pst_frame_queue_next(PstFrameQueue *queue, gint64 *time, GCancellable *cancellable, GError **error);
/** That frame is not needed any longer. */
void pst_frame_queue_drop(PstFrameQueue *queue);
/** No more frames are wanted. */
void pst_frame_queue_stop(PstFrameQueue *queue);
