/* The pool runs every task once, on workers it names rightly. */
#include "engine/base/thread_pool.h"

enum {
    TASKS = 1000,
    THREADS = 4,
};

typedef struct {
    gint runs[TASKS];
    gint busy[THREADS];
} Tally;

static void count(int task, int worker, gpointer data)
{
    Tally *tally = data;
    g_assert_cmpint(worker, <, THREADS);
    /* Nobody else may be at this worker's scratch. */
    g_assert_true(g_atomic_int_compare_and_exchange(&tally->busy[worker], 0, 1));
    g_atomic_int_inc(&tally->runs[task]);
    g_atomic_int_set(&tally->busy[worker], 0);
}

static void test_every_task_once(void)
{
    for (int threads = 1; threads <= THREADS; threads++) {
        g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
        g_assert_cmpint(pst_thread_pool_threads(pool), ==, threads);
        for (int tasks = 0; tasks <= TASKS; tasks = tasks * 2 + 1) {
            g_autofree Tally *tally = g_new0(Tally, 1);
            pst_thread_pool_run(pool, tasks, count, tally);
            for (int task = 0; task < TASKS; task++)
                g_assert_cmpint(tally->runs[task], ==, task < tasks);
        }
    }
}

static void test_many_rounds(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(THREADS);
    g_autofree Tally *tally = g_new0(Tally, 1);

    for (int round = 1; round <= 2000; round++)
        pst_thread_pool_run(pool, 5, count, tally);
    for (int task = 0; task < 5; task++)
        g_assert_cmpint(tally->runs[task], ==, 2000);
}

static void test_processors(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(0);
    g_assert_cmpint(pst_thread_pool_threads(pool), ==, (int)g_get_num_processors());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kernel/thread-pool/every-task-once", test_every_task_once);
    g_test_add_func("/kernel/thread-pool/many-rounds", test_many_rounds);
    g_test_add_func("/kernel/thread-pool/processors", test_processors);
    return g_test_run();
}
