/* A small pool of threads that share out numbered tasks. */
#pragma once

#include <glib.h>

typedef struct PstThreadPool PstThreadPool;

/** One task. `task` is its number, `worker` (0 .. threads-1) names the scratch it may use. */
typedef void (*PstTask)(int task, int worker, gpointer data);

/** A pool that runs on `threads` threads, the calling one among them; 0 means one per processor. */
PstThreadPool *pst_thread_pool_new(int threads);
void pst_thread_pool_free(PstThreadPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstThreadPool, pst_thread_pool_free)

int pst_thread_pool_threads(const PstThreadPool *pool);

/** Runs tasks 0 .. tasks-1, each once, in any order, and returns when all are done. Tasks must not
 * share outputs, so that results do not depend on the number of threads. Not re-entrant; one caller
 * at a time. */
void pst_thread_pool_run(PstThreadPool *pool, int tasks, PstTask run, gpointer data);
