/* A queue of frames: in order, whoever is faster; both sides end, are stopped and are cancelled. */
#include "engine/video/frame_queue.h"

#define COUNT 200
#define SIZE  4096

/* What the thread that fills does. */
typedef struct {
    PstFrameQueue *queue;
    gulong pause; /* microseconds before each frame */
    GError *error;
    int filled;
} Filling;

static gpointer fill(gpointer data)
{
    Filling *filling = data;
    guint8 *room;

    while (filling->filled < COUNT && (room = pst_frame_queue_room(filling->queue, NULL, NULL))) {
        g_usleep(filling->pause);
        for (int i = 0; i < SIZE; i++) {
            room[i] = (guint8)filling->filled;
        }
        pst_frame_queue_put(filling->queue, 1000 + filling->filled);
        filling->filled++;
    }
    pst_frame_queue_end(filling->queue, filling->error);
    return NULL;
}

/* Takes frame `number`. */
static void take(PstFrameQueue *queue, int number)
{
    gint64 time = 0;
    const guint8 *frame = pst_frame_queue_next(queue, &time, NULL, NULL);

    g_assert_nonnull(frame);
    g_assert_cmpint(time, ==, 1000 + number);
    g_assert_cmpint(frame[0], ==, (guint8)number);
    g_assert_cmpint(frame[SIZE - 1], ==, (guint8)number);
}

static void check_order(gulong fill_pause, gulong take_pause)
{
    g_autoptr(PstFrameQueue) queue = pst_frame_queue_new(2, SIZE);
    Filling filling = { .queue = queue, .pause = fill_pause };
    GThread *thread = g_thread_new("fill", fill, &filling);
    g_autoptr(GError) error = NULL;
    gint64 time;

    for (int i = 0; i < COUNT; i++) {
        take(queue, i);
        g_usleep(take_pause);
        pst_frame_queue_drop(queue);
    }
    g_assert_null(pst_frame_queue_next(queue, &time, NULL, &error));
    g_assert_no_error(error);
    g_thread_join(thread);
}

static void test_order(void)
{
    check_order(0, 200);
    check_order(200, 0);
}

/* Frames before an error come first. */
static void test_error(void)
{
    g_autoptr(PstFrameQueue) queue = pst_frame_queue_new(COUNT, SIZE);
    Filling filling = { .queue = queue, .error = g_error_new(G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "broken") };
    g_autoptr(GError) error = NULL;
    gint64 time;

    fill(&filling);
    for (int i = 0; i < COUNT; i++) {
        take(queue, i);
        pst_frame_queue_drop(queue);
    }
    g_assert_null(pst_frame_queue_next(queue, &time, NULL, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
}

static void test_stopped(void)
{
    g_autoptr(PstFrameQueue) queue = pst_frame_queue_new(2, SIZE);
    Filling filling = { .queue = queue };
    GThread *thread = g_thread_new("fill", fill, &filling);

    take(queue, 0);
    pst_frame_queue_drop(queue);
    pst_frame_queue_stop(queue);
    g_thread_join(thread);
    g_assert_cmpint(filling.filled, <, COUNT);
}

static gpointer cancel(gpointer cancellable)
{
    g_usleep(100000);
    g_cancellable_cancel(cancellable);
    return NULL;
}

static void test_cancelled(void)
{
    g_autoptr(PstFrameQueue) queue = pst_frame_queue_new(1, SIZE);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    GThread *thread = g_thread_new("cancel", cancel, cancellable);
    g_autoptr(GError) of_next = NULL, of_room = NULL, of_drain = NULL;
    gint64 time;

    g_assert_null(pst_frame_queue_next(queue, &time, cancellable, &of_next));
    g_assert_error(of_next, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    pst_frame_queue_room(queue, NULL, NULL);
    pst_frame_queue_put(queue, 0);
    g_assert_null(pst_frame_queue_room(queue, cancellable, &of_room));
    g_assert_error(of_room, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(pst_frame_queue_drain(queue, cancellable, &of_drain));
    g_assert_error(of_drain, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_thread_join(thread);
}

/* Drained once the last frame is dropped, not when it is taken. */
static void test_drained(void)
{
    g_autoptr(PstFrameQueue) queue = pst_frame_queue_new(2, SIZE);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    gint64 time;

    pst_frame_queue_room(queue, NULL, NULL);
    pst_frame_queue_put(queue, 7);
    g_assert_nonnull(pst_frame_queue_next(queue, &time, NULL, NULL));
    g_cancellable_cancel(cancellable);
    g_assert_false(pst_frame_queue_drain(queue, cancellable, NULL));
    pst_frame_queue_drop(queue);
    g_assert_true(pst_frame_queue_drain(queue, NULL, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frame_queue/order", test_order);
    g_test_add_func("/frame_queue/error", test_error);
    g_test_add_func("/frame_queue/stopped", test_stopped);
    g_test_add_func("/frame_queue/cancelled", test_cancelled);
    g_test_add_func("/frame_queue/drained", test_drained);
    return g_test_run();
}
