/* The engine thread: a queue of jobs, done one after the other away from the thread that draws.
 *
 * Jobs of a higher priority go first. A running job that calls pst_worker_job_yield() lets those that have come in
 * meanwhile go between, so a preview need not wait for the end of an export. A job pushed to an occupied slot replaces
 * the older one there. All reports come back in the main context that the worker was made with, those of one job in
 * order. On Linux the thread, and those that jobs start, are nicer by 5 than the one that made the worker.
 */
#pragma once

#include <gio/gio.h>

typedef struct PstWorker PstWorker;
typedef struct PstWorkerJob PstWorkerJob;

typedef enum {
    PST_PRIORITY_PREVIEW,
    PST_PRIORITY_REFINE, /* the picture on the screen, at its full size */
    PST_PRIORITY_EXPORT,
    PST_PRIORITY_THUMBNAIL,
    PST_PRIORITY_MASTERPIECE, /* the picture on the screen, refined while there is nothing else to do */
    PST_PRIORITIES
} PstPriority;

/** What a job does. All but `run` may be NULL. */
typedef struct {
    /* On the engine thread. A result, or NULL and an error; where memory ran out, that is PST_MEMORY_ERROR_SHORT. */
    gpointer (*run)(gpointer data, PstWorkerJob *job, GError **error);
    /* In the main context, as often as it gets there; only the newest value counts. `seconds_left` is below 0 while
     * nothing can be said. Never after `done`. */
    void (*progress)(gpointer data, double share, double seconds_left);
    /* In the main context, once for every job, cancelled ones too (G_IO_ERROR_CANCELLED). Takes the result over;
     * `error` is lent. */
    void (*done)(gpointer data, gpointer result, const GError *error);
    void (*free_data)(gpointer data); /* in the main context, last */
} PstWorkerJobClass;

/** Starts the thread. `context` NULL means the default one. */
PstWorker *pst_worker_new(GMainContext *context);

/** Cancels everything, waits for the thread, and frees. `done` of the cancelled jobs still comes in the context. */
void pst_worker_free(PstWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstWorker, pst_worker_free)

/** Queues a job, which takes `data` over. With a `slot` (any text) an older job of that slot is cancelled. */
void pst_worker_push(PstWorker *worker, const PstWorkerJobClass *klass, PstPriority priority, const char *slot,
                     gpointer data);

/** Cancels what waits or runs in the slot; those whose slot begins with the text where `prefix` says so. */
void pst_worker_cancel(PstWorker *worker, const char *slot, gboolean prefix);

/* For `run`, on the engine thread: */

PstPriority pst_worker_job_priority(PstWorkerJob *job);

/** To be checked, or handed on to what checks it. Owned by the job. */
GCancellable *pst_worker_job_cancellable(PstWorkerJob *job);

/** Reports the share done, 0 .. 1, and yields. */
void pst_worker_job_progress(PstWorkerJob *job, double share);

/** Lets jobs of higher priority go between. */
void pst_worker_job_yield(PstWorkerJob *job);

/** Calls `deliver` with the job's data and `part` in the main context, in order, unless the job is cancelled by then;
 *  `free_part` (may be NULL) frees the part after it. */
typedef void (*PstWorkerDeliver)(gpointer data, gpointer part);
void pst_worker_job_post(PstWorkerJob *job, PstWorkerDeliver deliver, gpointer part, GDestroyNotify free_part);
