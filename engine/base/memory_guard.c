#include "memory_guard.h"

#include "cancellable.h"
#include "memory.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <sys/mman.h>

#define LARGE   ((gsize)1 << 20)  /* bytes */
#define RESERVE ((gsize)96 << 20) /* bytes: what is taken between two looks at a cancellable */
#define SMALL   ((gsize)8 << 20)  /* bytes that have to be left for small blocks, which GLib ends the program without */

struct PstMemoryGuard {
    GCancellable *cancellable, *callers;
    gulong follows;
    gint refused; /* atomic */
    PstMemoryGuard *outer;
};

G_DEFINE_QUARK(pst-memory-error-quark, pst_memory_error);

/* Address space that costs nothing until it is written. */
static struct {
    GMutex mutex;
    char *base;
    gsize used;
    int blocks; /* that are out */
} reserve;

static _Thread_local PstMemoryGuard *current;

static gboolean have_reserve(void)
{
    g_mutex_lock(&reserve.mutex);
    if (!reserve.base) {
        void *base = mmap(NULL, RESERVE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        reserve.base = base == MAP_FAILED ? NULL : base;
    }
    gboolean have = reserve.base != NULL;
    g_mutex_unlock(&reserve.mutex);
    return have;
}

static void *reserved_block(gsize bytes, gsize alignment)
{
    char *block = NULL;

    g_mutex_lock(&reserve.mutex);
    if (reserve.base) {
        guintptr base = (guintptr)reserve.base, begin = (base + reserve.used + alignment - 1) & ~(alignment - 1);

        if (begin - base <= RESERVE && bytes <= RESERVE - (begin - base)) {
            block = reserve.base + (begin - base);
            reserve.used = begin - base + bytes;
            reserve.blocks++;
        }
    }
    g_mutex_unlock(&reserve.mutex);
    return block;
}

gboolean pst_memory_guard_take_back(void *block)
{
    gsize offset = (guintptr)block - (guintptr)reserve.base;

    if (!reserve.base || offset >= RESERVE) {
        return FALSE;
    }
    g_mutex_lock(&reserve.mutex);
    if (--reserve.blocks == 0) {
        madvise(reserve.base, reserve.used, MADV_DONTNEED);
        reserve.used = 0;
    }
    g_mutex_unlock(&reserve.mutex);
    return TRUE;
}

/* ---- guards ----------------------------------------------------------------------------------- */

static void set_short(GError **error)
{
    g_set_error_literal(error, PST_MEMORY_ERROR, PST_MEMORY_ERROR_SHORT, _("there is not enough memory for it"));
}

PstMemoryGuard *pst_memory_guard_new(GCancellable *cancellable, GError **error)
{
    PstMemoryGuard *guard;

    if (!have_reserve()) {
        set_short(error);
        return NULL;
    }
    guard = g_new0(PstMemoryGuard, 1);
    guard->cancellable = g_cancellable_new();
    g_set_object(&guard->callers, cancellable);
    guard->follows = pst_cancellable_follow(guard->cancellable, cancellable);
    guard->outer = current;
    current = guard;
    return guard;
}

void pst_memory_guard_free(PstMemoryGuard *guard)
{
    if (!guard) {
        return;
    }
    current = guard->outer;
    g_cancellable_disconnect(guard->callers, guard->follows);
    g_clear_object(&guard->callers);
    g_object_unref(guard->cancellable);
    g_free(guard);
}

GCancellable *pst_memory_guard_cancellable(PstMemoryGuard *guard)
{
    return guard->cancellable;
}

void pst_memory_guard_explain(const PstMemoryGuard *guard, GError **error)
{
    if (guard && g_atomic_int_get(&guard->refused) && error &&
        g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_clear_error(error);
        set_short(error);
    }
}

gboolean pst_memory_guard_is_short(void)
{
    return current && g_atomic_int_get(&current->refused);
}

PstMemoryGuard *pst_memory_guard_current(void)
{
    return current;
}

void pst_memory_guard_adopt(PstMemoryGuard *guard)
{
    current = guard;
}

/* ---- blocks ----------------------------------------------------------------------------------- */

static void *system_block(gsize bytes, gsize alignment)
{
    bytes = (bytes + alignment - 1) & ~(alignment - 1);
    return bytes < LARGE || pst_memory_is_there(bytes + SMALL) ? aligned_alloc(alignment, bytes) : NULL;
}

static void end(gsize bytes)
{
    g_error("out of memory for %" G_GSIZE_FORMAT " bytes", bytes);
}

void pst_memory_refuse(gsize bytes)
{
    if (!current) {
        end(bytes);
        return;
    }
    g_atomic_int_set(&current->refused, 1);
    g_cancellable_cancel(current->cancellable);
}

void *pst_memory_new(gsize bytes, gsize alignment)
{
    void *block = system_block(bytes, alignment);

    if (!block) {
        pst_memory_refuse(bytes);
        block = reserved_block(bytes, alignment);
    }
    if (!block) {
        end(bytes);
    }
    return block;
}
