#include "thread_pool.h"

#include "memory_guard.h"

/* Microseconds that a thread looks for what it waits for before it sleeps. To be woken takes about as long, and
 * refinement hands out thousands of rounds a second. */
#define PATIENCE 100

/* A number whose change others wait for, and how many of them sleep. Whoever changes it takes the mutex only then. */
typedef struct {
    gint value;    /* atomic */
    gint sleeping; /* atomic */
    GMutex mutex;
    GCond changed;
} Event;

/* Helpers wait until `round` changes, then draw task numbers from one counter until it is done. */
struct PstThreadPool {
    int threads;
    GThread **helpers; /* threads - 1 of them */
    Event round;
    Event busy; /* helpers still in this round */
    gint next;  /* atomic */

    PstTask run; /* of this round; NULL: helpers end */
    gpointer data;
    int tasks;
    PstMemoryGuard *guard; /* of the work that the tasks are part of */
};

typedef struct {
    PstThreadPool *pool;
    int worker;
} Helper;

static gboolean is_still(const Event *event, guint value)
{
    return (guint)g_atomic_int_get(&event->value) == value;
}

static void wait_for_change(Event *event, guint value)
{
    gint64 end = g_get_monotonic_time() + PATIENCE;

    while (is_still(event, value) && g_get_monotonic_time() < end) {
    }
    if (!is_still(event, value)) {
        return;
    }
    g_mutex_lock(&event->mutex);
    g_atomic_int_inc(&event->sleeping);
    while (is_still(event, value)) {
        g_cond_wait(&event->changed, &event->mutex);
    }
    g_atomic_int_add(&event->sleeping, -1);
    g_mutex_unlock(&event->mutex);
}

static void change(Event *event, gint by)
{
    g_atomic_int_add(&event->value, by);
    if (g_atomic_int_get(&event->sleeping) > 0) {
        g_mutex_lock(&event->mutex);
        g_cond_broadcast(&event->changed);
        g_mutex_unlock(&event->mutex);
    }
}

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
    guint round = 0;

    g_free(data);
    for (;;) {
        wait_for_change(&pool->round, round++);
        if (!pool->run) {
            return NULL;
        }
        pst_memory_guard_adopt(pool->guard);
        draw_tasks(pool, helper.worker);
        pst_memory_guard_adopt(NULL);
        change(&pool->busy, -1);
    }
}

static void init_event(Event *event)
{
    g_mutex_init(&event->mutex);
    g_cond_init(&event->changed);
}

static void clear_event(Event *event)
{
    g_mutex_clear(&event->mutex);
    g_cond_clear(&event->changed);
}

PstThreadPool *pst_thread_pool_new(int threads)
{
    PstThreadPool *pool = g_new0(PstThreadPool, 1);
    pool->threads = threads > 0 ? threads : (int)g_get_num_processors();
    init_event(&pool->round);
    init_event(&pool->busy);
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
    pool->run = NULL;
    change(&pool->round, 1);
    for (int i = 0; i < pool->threads - 1; i++)
        g_thread_join(pool->helpers[i]);
    g_free(pool->helpers);
    clear_event(&pool->round);
    clear_event(&pool->busy);
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
    pool->run = run;
    pool->data = data;
    pool->tasks = tasks;
    pool->guard = pst_memory_guard_current();
    g_atomic_int_set(&pool->next, 0);
    g_atomic_int_set(&pool->busy.value, pool->threads - 1);
    change(&pool->round, 1);

    draw_tasks(pool, 0);

    for (guint busy; (busy = g_atomic_int_get(&pool->busy.value)) > 0;) {
        wait_for_change(&pool->busy, busy);
    }
}
