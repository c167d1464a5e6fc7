/* Work that ends well where memory runs out.
 *
 * Painting and training take large blocks deep in code that could do nothing without them. None of it can be refused
 * one: where the system has no block, a reserve gives it, and the work of the thread that asked is cancelled. Whatever
 * takes long looks out for that anyhow; it gives its blocks back, and the work ends with an error. Emergency pools of
 * this kind are how kernels and database servers finish what they have begun.
 */
#pragma once

#include <gio/gio.h>

#define PST_MEMORY_ERROR (pst_memory_error_quark())
GQuark pst_memory_error_quark(void);

typedef enum {
    PST_MEMORY_ERROR_SHORT, /* the machine, or what the process may have of it, has not enough */
} PstMemoryError;

typedef struct PstMemoryGuard PstMemoryGuard;

/** Guards the work that this thread does until the guard is freed, by the same thread, and that of pools
 *  (thread_pool.h) which run for it. Guards may stand within each other; the innermost work is cancelled. `cancellable`
 *  is what else cancels the work, or NULL. NULL and PST_MEMORY_ERROR_SHORT where there is no reserve to be had, before
 *  any work. */
PstMemoryGuard *pst_memory_guard_new(GCancellable *cancellable, GError **error);
void pst_memory_guard_free(PstMemoryGuard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMemoryGuard, pst_memory_guard_free)

/** For the work to look at: cancelled with that of the caller, or by a block that the system did not have. Owned by
 *  the guard. */
GCancellable *pst_memory_guard_cancellable(PstMemoryGuard *guard);

/** After work that failed: where it was cancelled because the system had no block, its error becomes
 *  PST_MEMORY_ERROR_SHORT. `guard` may be NULL, as pst_memory_guard_new() has said then why. */
void pst_memory_guard_explain(const PstMemoryGuard *guard, GError **error);

/** A large block at a multiple of `alignment` (a power of two), not cleared; to be freed with pst_memory_free().
 *  Without a guard, or where the reserve too is used up, a program that can't have it ends, as with g_malloc(). */
void *pst_memory_new(gsize bytes, gsize alignment);

/** For those that can go on without a block of so many bytes, but not to an end: cancels the work as if
 *  pst_memory_new() had needed the reserve for it. */
void pst_memory_refuse(gsize bytes);

/** Whether the innermost work of this thread was refused a block: it will end, and what it makes is thrown away. */
gboolean pst_memory_guard_is_short(void);

/** For pools: the innermost guard of this thread, or NULL; and another thread's, which this one works for. */
PstMemoryGuard *pst_memory_guard_current(void);
void pst_memory_guard_adopt(PstMemoryGuard *guard);

/** Whether the block is of the reserve, which has it back then. */
gboolean pst_memory_guard_take_back(void *block);
