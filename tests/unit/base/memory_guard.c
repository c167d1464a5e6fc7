/* Where memory runs out: the work is cancelled, what it was given is memory all the same, and it goes back. */
#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "engine/base/thread_pool.h"
#include "tests/refuse.h"

#include <string.h>

#define BYTES ((gsize)32 << 20)

/* Refused, but not without a block that can be written. */
static void take_refused(void)
{
    refuse(1);
    void *block = pst_memory_new(BYTES, 4096);
    refuse(0);

    g_assert_cmpuint((guintptr)block % 4096, ==, 0);
    memset(block, 1, BYTES);
    pst_memory_free(block);
}

static void test_cancelled(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, &error);

    g_assert_no_error(error);
    g_assert_false(g_cancellable_is_cancelled(pst_memory_guard_cancellable(guard)));
    /* Often: the reserve has its blocks back. */
    for (int i = 0; i < 20; i++) {
        take_refused();
    }
    g_assert_true(g_cancellable_set_error_if_cancelled(pst_memory_guard_cancellable(guard), &error));
    pst_memory_guard_explain(guard, &error);
    g_assert_error(error, PST_MEMORY_ERROR, PST_MEMORY_ERROR_SHORT);
    g_assert_false(g_cancellable_is_cancelled(cancellable));
}

static void test_by_caller(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(cancellable, NULL);

    g_cancellable_cancel(cancellable);
    g_assert_true(g_cancellable_set_error_if_cancelled(pst_memory_guard_cancellable(guard), &error));
    pst_memory_guard_explain(guard, &error);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_within(void)
{
    g_autoptr(PstMemoryGuard) outer = pst_memory_guard_new(NULL, NULL);
    PstMemoryGuard *inner = pst_memory_guard_new(pst_memory_guard_cancellable(outer), NULL);

    take_refused();
    g_assert_true(g_cancellable_is_cancelled(pst_memory_guard_cancellable(inner)));
    pst_memory_guard_free(inner);
    g_assert_false(g_cancellable_is_cancelled(pst_memory_guard_cancellable(outer)));
    take_refused();
    g_assert_true(g_cancellable_is_cancelled(pst_memory_guard_cancellable(outer)));
}

static void take_in_task(int task, int worker, gpointer data)
{
    if (task == 3) {
        take_refused();
    }
}

static void test_pool(void)
{
    for (int threads = 1; threads <= 4; threads++) {
        g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
        g_autoptr(PstMemoryGuard) guard = pst_memory_guard_new(NULL, NULL);

        pst_thread_pool_run(pool, 8, take_in_task, NULL);
        g_assert_true(g_cancellable_is_cancelled(pst_memory_guard_cancellable(guard)));
    }
}

static void test_no_guard(void)
{
    if (g_test_subprocess()) {
        take_refused();
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*out of memory for 33554432 bytes*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory-guard/cancelled", test_cancelled);
    g_test_add_func("/memory-guard/by-caller", test_by_caller);
    g_test_add_func("/memory-guard/within", test_within);
    g_test_add_func("/memory-guard/pool", test_pool);
    g_test_add_func("/memory-guard/no-guard", test_no_guard);
    return g_test_run();
}
