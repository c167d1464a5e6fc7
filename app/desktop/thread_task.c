#include "thread_task.h"

typedef struct {
    GObject *object;
    GAsyncReadyCallback callback;
    gpointer data;
} Caller;

static void on_done(GObject *none, GAsyncResult *result, gpointer data)
{
    g_autofree Caller *caller = data;
    g_autoptr(GObject) object = caller->object;

    caller->callback(object, result, caller->data);
}

void pst_thread_task_run(gpointer object, GCancellable *cancellable, GTaskThreadFunc work, gpointer raw,
                         GDestroyNotify free_raw, GAsyncReadyCallback callback, gpointer data)
{
    Caller *caller = g_new(Caller, 1);
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_done, caller);

    *caller = (Caller){ g_object_ref(object), callback, data };
    g_task_set_task_data(task, raw, free_raw);
    g_task_run_in_thread(task, work);
}

void pst_thread_task_return(GTask *task, gpointer result, GDestroyNotify free_result, GError *error)
{
    if (result) {
        g_task_return_pointer(task, result, free_result);
    } else {
        g_task_return_error(task, error);
    }
}
