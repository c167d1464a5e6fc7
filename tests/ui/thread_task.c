/* An object that waits for a thread is held, not by that thread, until the answer; then it ends in the main thread. */
#include "app/desktop/thread_task.h"

#define TASKS 20

static void on_end(gpointer thread, GObject *object)
{
    *(GThread **)thread = g_thread_self();
}

static void work(GTask *task, gpointer source, gpointer raw, GCancellable *cancellable)
{
    /* What a task has as its source, its thread may be the last to let go. */
    g_assert_null(source);
    g_assert_null(g_task_get_source_object(task));
    g_task_return_pointer(task, raw, NULL);
}

static void on_answer(GObject *object, GAsyncResult *result, gpointer answer)
{
    g_assert_cmpuint(object->ref_count, ==, 1);
    *(gpointer *)answer = g_task_propagate_pointer(G_TASK(result), NULL);
}

static void test_end(void)
{
    for (int i = 0; i < TASKS; i++) {
        GObject *object = g_object_new(G_TYPE_OBJECT, NULL);
        GThread *ended_in = NULL;
        char raw = 0;
        gpointer answer = NULL;

        g_object_weak_ref(object, on_end, &ended_in);
        pst_thread_task_run(object, NULL, work, &raw, NULL, on_answer, &answer);
        g_object_unref(object);
        g_assert_null(ended_in);
        while (!answer) {
            g_main_context_iteration(NULL, TRUE);
        }
        g_assert_true(answer == &raw);
        g_assert_true(ended_in == g_thread_self());
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/thread_task/end", test_end);
    return g_test_run();
}
