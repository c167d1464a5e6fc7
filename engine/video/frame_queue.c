#include "frame_queue.h"

#define LOOK (20 * G_TIME_SPAN_MILLISECOND) /* from one look at the cancellable to the next */

typedef struct {
    void *data;
    gint64 time;
} Frame;

struct PstFrameQueue {
    Frame *frames;
    guint count;
    GMutex mutex;
    GCond changed;
    /* All guarded by the mutex. */
    guint first, filled; /* of the frames: a ring */
    gboolean ended, stopped;
    GError *error;
};

PstFrameQueue *pst_frame_queue_new(guint count, gsize size)
{
    PstFrameQueue *queue = g_new0(PstFrameQueue, 1);

    queue->frames = g_new(Frame, count);
    queue->count = count;
    for (guint i = 0; i < count; i++) {
        queue->frames[i].data = g_malloc(size);
    }
    g_mutex_init(&queue->mutex);
    g_cond_init(&queue->changed);
    return queue;
}

void pst_frame_queue_free(PstFrameQueue *queue)
{
    if (!queue) {
        return;
    }
    for (guint i = 0; i < queue->count; i++) {
        g_free(queue->frames[i].data);
    }
    g_free(queue->frames);
    g_clear_error(&queue->error);
    g_mutex_clear(&queue->mutex);
    g_cond_clear(&queue->changed);
    g_free(queue);
}

/* Waits, the mutex held, for a change. FALSE when cancelled. */
static gboolean wait_for_change(PstFrameQueue *queue, GCancellable *cancellable, GError **error)
{
    g_cond_wait_until(&queue->changed, &queue->mutex, g_get_monotonic_time() + LOOK);
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

void *pst_frame_queue_room(PstFrameQueue *queue, GCancellable *cancellable, GError **error)
{
    void *room = NULL;

    g_mutex_lock(&queue->mutex);
    while (queue->filled == queue->count && !queue->stopped && wait_for_change(queue, cancellable, error)) {
    }
    if (queue->filled < queue->count && !queue->stopped) {
        room = queue->frames[(queue->first + queue->filled) % queue->count].data;
    }
    g_mutex_unlock(&queue->mutex);
    return room;
}

void pst_frame_queue_put(PstFrameQueue *queue, gint64 time)
{
    g_mutex_lock(&queue->mutex);
    queue->frames[(queue->first + queue->filled) % queue->count].time = time;
    queue->filled++;
    g_cond_broadcast(&queue->changed);
    g_mutex_unlock(&queue->mutex);
}

gboolean pst_frame_queue_drain(PstFrameQueue *queue, GCancellable *cancellable, GError **error)
{
    gboolean done;

    g_mutex_lock(&queue->mutex);
    while (queue->filled > 0 && !queue->stopped && wait_for_change(queue, cancellable, error)) {
    }
    done = queue->filled == 0 || queue->stopped;
    g_mutex_unlock(&queue->mutex);
    return done;
}

void pst_frame_queue_end(PstFrameQueue *queue, GError *error)
{
    g_mutex_lock(&queue->mutex);
    queue->ended = TRUE;
    queue->error = error;
    g_cond_broadcast(&queue->changed);
    g_mutex_unlock(&queue->mutex);
}

const void *pst_frame_queue_next(PstFrameQueue *queue, gint64 *time, GCancellable *cancellable, GError **error)
{
    const Frame *frame = NULL;

    g_mutex_lock(&queue->mutex);
    while (queue->filled == 0 && !queue->ended && wait_for_change(queue, cancellable, error)) {
    }
    if (queue->filled > 0) {
        frame = &queue->frames[queue->first];
        *time = frame->time;
    } else if (queue->ended && queue->error) {
        g_propagate_error(error, g_error_copy(queue->error));
    }
    g_mutex_unlock(&queue->mutex);
    return frame ? frame->data : NULL;
}

void pst_frame_queue_drop(PstFrameQueue *queue)
{
    g_mutex_lock(&queue->mutex);
    queue->first = (queue->first + 1) % queue->count;
    queue->filled--;
    g_cond_broadcast(&queue->changed);
    g_mutex_unlock(&queue->mutex);
}

void pst_frame_queue_stop(PstFrameQueue *queue)
{
    g_mutex_lock(&queue->mutex);
    queue->stopped = TRUE;
    g_cond_broadcast(&queue->changed);
    g_mutex_unlock(&queue->mutex);
}
