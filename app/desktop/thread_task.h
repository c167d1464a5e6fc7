/* Work of an object of the main thread in a thread of its own. */
#pragma once

#include <gio/gio.h>

/** Runs `work`, which gets `raw` as its task data and no source, in another thread, and then `callback` in the main
 *  context with `object` as its source. free_raw may be called in either thread.
 *
 *  The object is held until then, and let go of in the main thread: of a GTask that had it as its source, the other
 *  thread may be the last to let go, and end it there while the main thread uses what is bound to it. */
void pst_thread_task_run(gpointer object, GCancellable *cancellable, GTaskThreadFunc work, gpointer raw,
                         GDestroyNotify free_raw, GAsyncReadyCallback callback, gpointer data);

/** The last thing that `work` does: its result, or where that is NULL its error. Takes over whichever there is. */
void pst_thread_task_return(GTask *task, gpointer result, GDestroyNotify free_result, GError *error);
