#include "worker.h"

#include "engine/base/memory_guard.h"

#include <string.h>
#ifdef __linux__
#include <sys/resource.h>
#endif

#define NICE 5 /* so much does the engine give way */

struct PstWorkerJob {
    gatomicrefcount references;
    const PstWorkerJobClass *klass;
    PstPriority priority;
    char *slot;
    gpointer data;
    GCancellable *cancellable;
    PstWorker *worker;     /* only while it runs, */
    PstMemoryGuard *guard; /* and this */
    GMainContext *context;
    gint64 started;
    gint64 lent; /* microseconds that others took while this one yielded */
    /* Of the latest progress; `pending` while a report is under way. */
    GMutex lock;
    gboolean pending;
    double share, seconds_left;
    /* Set on the engine thread before `done` is sent. */
    gpointer result;
    GError *error;
    gboolean finished; /* in the main context */
};

struct PstWorker {
    GMainContext *context;
    GThread *thread;
    GMutex lock;
    GCond changed;
    GQueue waiting; /* of PstWorkerJob, by priority, then by age */
    GQueue running; /* of PstWorkerJob, the innermost first: more than one where a job yields */
    gboolean ending;
};

static PstWorkerJob *job_ref(PstWorkerJob *job)
{
    g_atomic_ref_count_inc(&job->references);
    return job;
}

/* The data is freed with `done`, in the main context; what is left may be freed anywhere. */
static void job_unref(gpointer data)
{
    PstWorkerJob *job = data;

    if (!g_atomic_ref_count_dec(&job->references)) {
        return;
    }
    g_object_unref(job->cancellable);
    g_main_context_unref(job->context);
    g_mutex_clear(&job->lock);
    g_clear_error(&job->error);
    g_free(job->slot);
    g_free(job);
}

static void invoke(PstWorkerJob *job, GSourceFunc function, gpointer data, GDestroyNotify notify, int priority)
{
    g_autoptr(GSource) source = g_idle_source_new();

    g_source_set_priority(source, priority);
    g_source_set_callback(source, function, data, notify);
    g_source_attach(source, job->context);
}

static gboolean send_done(gpointer data)
{
    PstWorkerJob *job = data;

    job->finished = TRUE;
    if (job->klass->done) {
        job->klass->done(job->data, g_steal_pointer(&job->result), job->error);
    }
    if (job->klass->free_data) {
        job->klass->free_data(job->data);
    }
    job->data = NULL;
    return G_SOURCE_REMOVE;
}

static void finish(PstWorkerJob *job)
{
    invoke(job, send_done, job_ref(job), job_unref, G_PRIORITY_DEFAULT);
}

static void run_job(PstWorker *worker, PstWorkerJob *job)
{
    job->worker = worker;
    job->started = g_get_monotonic_time();
    job->guard = pst_memory_guard_new(job->cancellable, &job->error);
    if (job->guard && !g_cancellable_set_error_if_cancelled(job->cancellable, &job->error)) {
        job->result = job->klass->run(job->data, job, &job->error);
        pst_memory_guard_explain(job->guard, &job->error);
    }
    g_clear_pointer(&job->guard, pst_memory_guard_free);
    job->worker = NULL;
}

/* The first waiting job that goes before `limit`, moved to the running ones. Call it locked. */
static PstWorkerJob *take(PstWorker *worker, int limit)
{
    PstWorkerJob *job = g_queue_peek_head(&worker->waiting);

    if (!job || (int)job->priority >= limit) {
        return NULL;
    }
    g_queue_pop_head(&worker->waiting);
    g_queue_push_head(&worker->running, job);
    return job;
}

/* Runs jobs that go before `limit` until there is none. Called and returns locked. */
static void run_before(PstWorker *worker, int limit)
{
    PstWorkerJob *job;

    while ((job = take(worker, limit))) {
        g_mutex_unlock(&worker->lock);
        run_job(worker, job);
        g_mutex_lock(&worker->lock);
        g_queue_remove(&worker->running, job);
        finish(job);
        job_unref(job);
    }
}

/* Painting keeps every processor busy; a window that has a frame to draw does not wait for one of them. Linux knows
 * this for each thread, and those that the engine starts are as nice as it is; elsewhere the window would give way
 * too. */
static void give_way(void)
{
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
#endif
}

static gpointer work(gpointer data)
{
    PstWorker *worker = data;

    give_way();
    g_mutex_lock(&worker->lock);
    while (!worker->ending) {
        run_before(worker, G_MAXINT);
        if (!worker->ending) {
            g_cond_wait(&worker->changed, &worker->lock);
        }
    }
    run_before(worker, G_MAXINT); /* all are cancelled by now */
    g_mutex_unlock(&worker->lock);
    return NULL;
}

PstWorker *pst_worker_new(GMainContext *context)
{
    PstWorker *worker = g_new0(PstWorker, 1);

    worker->context = g_main_context_ref(context ? context : g_main_context_default());
    g_mutex_init(&worker->lock);
    g_cond_init(&worker->changed);
    worker->thread = g_thread_new("engine", work, worker);
    return worker;
}

static gboolean slot_matches(const PstWorkerJob *job, const char *slot, gboolean prefix)
{
    return !slot || (job->slot && (prefix ? g_str_has_prefix(job->slot, slot) : strcmp(job->slot, slot) == 0));
}

/* Cancels by slot, all where it is NULL. Waiting jobs leave the queue; `done` tells their owners. Call it locked. */
static void cancel(PstWorker *worker, const char *slot, gboolean prefix)
{
    for (GList *link = worker->running.head; link; link = link->next) {
        if (slot_matches(link->data, slot, prefix)) {
            g_cancellable_cancel(((PstWorkerJob *)link->data)->cancellable);
        }
    }
    for (GList *link = worker->waiting.head, *next; link; link = next) {
        PstWorkerJob *job = link->data;

        next = link->next;
        if (slot_matches(job, slot, prefix)) {
            g_queue_delete_link(&worker->waiting, link);
            g_cancellable_cancel(job->cancellable);
            g_cancellable_set_error_if_cancelled(job->cancellable, &job->error);
            finish(job);
            job_unref(job);
        }
    }
}

void pst_worker_free(PstWorker *worker)
{
    if (!worker) {
        return;
    }
    g_mutex_lock(&worker->lock);
    cancel(worker, NULL, FALSE);
    worker->ending = TRUE;
    g_cond_signal(&worker->changed);
    g_mutex_unlock(&worker->lock);
    g_thread_join(worker->thread);
    g_mutex_clear(&worker->lock);
    g_cond_clear(&worker->changed);
    g_main_context_unref(worker->context);
    g_free(worker);
}

static int compare_priority(gconstpointer a, gconstpointer b, gpointer data)
{
    const PstWorkerJob *waiting = a, *pushed = b;

    /* Never equal, so that the new job goes behind its equals. */
    return waiting->priority <= pushed->priority ? -1 : 1;
}

void pst_worker_push(PstWorker *worker, const PstWorkerJobClass *klass, PstPriority priority, const char *slot,
                     gpointer data)
{
    PstWorkerJob *job = g_new0(PstWorkerJob, 1);

    g_atomic_ref_count_init(&job->references);
    g_mutex_init(&job->lock);
    job->klass = klass;
    job->priority = priority;
    job->slot = g_strdup(slot);
    job->data = data;
    job->cancellable = g_cancellable_new();
    job->context = g_main_context_ref(worker->context);

    g_mutex_lock(&worker->lock);
    if (slot) {
        cancel(worker, slot, FALSE);
    }
    g_queue_insert_sorted(&worker->waiting, job, compare_priority, NULL);
    g_cond_signal(&worker->changed);
    g_mutex_unlock(&worker->lock);
}

void pst_worker_cancel(PstWorker *worker, const char *slot, gboolean prefix)
{
    g_mutex_lock(&worker->lock);
    cancel(worker, slot, prefix);
    g_mutex_unlock(&worker->lock);
}

PstPriority pst_worker_job_priority(PstWorkerJob *job)
{
    return job->priority;
}

GCancellable *pst_worker_job_cancellable(PstWorkerJob *job)
{
    return pst_memory_guard_cancellable(job->guard);
}

static gboolean send_progress(gpointer data)
{
    PstWorkerJob *job = data;
    double share, seconds_left;

    g_mutex_lock(&job->lock);
    job->pending = FALSE;
    share = job->share;
    seconds_left = job->seconds_left;
    g_mutex_unlock(&job->lock);
    if (!job->finished && !g_cancellable_is_cancelled(job->cancellable)) {
        job->klass->progress(job->data, share, seconds_left);
    }
    return G_SOURCE_REMOVE;
}

void pst_worker_job_progress(PstWorkerJob *job, double share)
{
    double elapsed = (double)(g_get_monotonic_time() - job->started - job->lent) / G_USEC_PER_SEC;
    gboolean send;

    if (job->klass->progress) {
        g_mutex_lock(&job->lock);
        job->share = share;
        job->seconds_left = share > 0.02 && elapsed > 0.3 ? elapsed * (1 - share) / share : -1;
        send = !job->pending;
        job->pending = TRUE;
        g_mutex_unlock(&job->lock);
        if (send) {
            invoke(job, send_progress, job_ref(job), job_unref, G_PRIORITY_DEFAULT_IDLE);
        }
    }
    pst_worker_job_yield(job);
}

void pst_worker_job_yield(PstWorkerJob *job)
{
    gint64 since = g_get_monotonic_time();

    g_mutex_lock(&job->worker->lock);
    run_before(job->worker, (int)job->priority);
    g_mutex_unlock(&job->worker->lock);
    job->lent += g_get_monotonic_time() - since;
}

typedef struct {
    PstWorkerJob *job;
    PstWorkerDeliver deliver;
    gpointer part;
    GDestroyNotify free_part;
} Post;

static gboolean send_post(gpointer data)
{
    Post *post = data;

    if (!g_cancellable_is_cancelled(post->job->cancellable)) {
        post->deliver(post->job->data, post->part);
    }
    return G_SOURCE_REMOVE;
}

static void post_free(gpointer data)
{
    Post *post = data;

    if (post->free_part) {
        post->free_part(post->part);
    }
    job_unref(post->job);
    g_free(post);
}

void pst_worker_job_post(PstWorkerJob *job, PstWorkerDeliver deliver, gpointer part, GDestroyNotify free_part)
{
    Post *post = g_new(Post, 1);

    *post = (Post){ job_ref(job), deliver, part, free_part };
    /* The same priority as `done`, so that they stay in order. */
    invoke(job, send_post, post, post_free, G_PRIORITY_DEFAULT);
}
