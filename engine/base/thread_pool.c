#include "thread_pool.h"

#include "memory_guard.h"

/* Workers sleep until `round` changes, then draw task numbers from one counter until it is done. */
struct PstThreadPool {
    int threads;
    GThread **helpers; /* threads - 1 of them */
    GMutex mutex;
    GCond start;
    GCond finish;
    guint round; /* guarded by the mutex, like all that follows but `next` */
    int busy;    /* helpers still in this round */
    gboolean closing;

    PstTask run;
    gpointer data;
    int tasks;
    PstMemoryGuard *guard; /* of the work that the tasks are part of */
    gint next;             /* atomic */
};

typedef struct {
    PstThreadPool *pool;
    int worker;
} Helper;

static void draw_tasks(PstThreadPool *pool, int worker)
{
    int task;
    while ((task = g_atomic_int_add(&pool->next, 1)) < pool->tasks)
        pool->run(task, worker, pool->data);
}

static gpointer help(gpointer data)
{
    Helper helper = *(Helper *)data;
    PstThreadPool *pool = helper.pool;
    guint seen = 0;

    g_free(data);
    g_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->round == seen && !pool->closing)
            g_cond_wait(&pool->start, &pool->mutex);
        if (pool->closing)
            break;
        seen = pool->round;
        g_mutex_unlock(&pool->mutex);
        pst_memory_guard_adopt(pool->guard);
        draw_tasks(pool, helper.worker);
        pst_memory_guard_adopt(NULL);
        g_mutex_lock(&pool->mutex);
        if (--pool->busy == 0)
            g_cond_signal(&pool->finish);
    }
    g_mutex_unlock(&pool->mutex);
    return NULL;
}

PstThreadPool *pst_thread_pool_new(int threads)
{
    PstThreadPool *pool = g_new0(PstThreadPool, 1);
    pool->threads = threads > 0 ? threads : (int)g_get_num_processors();
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->start);
    g_cond_init(&pool->finish);
    pool->helpers = g_new(GThread *, pool->threads);
    for (int worker = 1; worker < pool->threads; worker++) {
        Helper *helper = g_new(Helper, 1);
        *helper = (Helper){ pool, worker };
        pool->helpers[worker - 1] = g_thread_try_new("pastiche-worker", help, helper, NULL);
        if (!pool->helpers[worker - 1]) { /* no memory for its stack: fewer will do */
            g_free(helper);
            pool->threads = worker;
        }
    }
    return pool;
}

void pst_thread_pool_free(PstThreadPool *pool)
{
    if (pool == NULL)
        return;
    g_mutex_lock(&pool->mutex);
    pool->closing = TRUE;
    g_cond_broadcast(&pool->start);
    g_mutex_unlock(&pool->mutex);
    for (int i = 0; i < pool->threads - 1; i++)
        g_thread_join(pool->helpers[i]);
    g_free(pool->helpers);
    g_mutex_clear(&pool->mutex);
    g_cond_clear(&pool->start);
    g_cond_clear(&pool->finish);
    g_free(pool);
}

int pst_thread_pool_threads(const PstThreadPool *pool)
{
    return pool->threads;
}

void pst_thread_pool_run(PstThreadPool *pool, int tasks, PstTask run, gpointer data)
{
    /* Waking a helper costs more than a lone task can gain. */
    if (pool->threads == 1 || tasks <= 1) {
        for (int task = 0; task < tasks; task++)
            run(task, 0, data);
        return;
    }
    g_mutex_lock(&pool->mutex);
    pool->run = run;
    pool->data = data;
    pool->tasks = tasks;
    pool->guard = pst_memory_guard_current();
    g_atomic_int_set(&pool->next, 0);
    pool->busy = pool->threads - 1;
    pool->round++;
    g_cond_broadcast(&pool->start);
    g_mutex_unlock(&pool->mutex);

    draw_tasks(pool, 0);

    g_mutex_lock(&pool->mutex);
    while (pool->busy > 0)
        g_cond_wait(&pool->finish, &pool->mutex);
    g_mutex_unlock(&pool->mutex);
}
