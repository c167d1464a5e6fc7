#include "memory.h"

#include "memory_guard.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#define BLOCKS 32
#define LEAST  ((gsize)4 << 20) /* bytes: smaller ones stay in the heap anyway */

static struct {
    GMutex mutex;
    gsize limit, bytes; /* that may be, and are kept */
    void *blocks[BLOCKS];
    int count;
} block_cache;

/* The caller holds the mutex. */
static void *remove_block(int i)
{
    void *block = block_cache.blocks[i];

    block_cache.bytes -= malloc_usable_size(block);
    block_cache.blocks[i] = block_cache.blocks[--block_cache.count];
    return block;
}

void pst_memory_keep(gsize bytes)
{
    g_mutex_lock(&block_cache.mutex);
    block_cache.limit = bytes;
    while (block_cache.count > 0 && block_cache.bytes > bytes) {
        free(remove_block(block_cache.count - 1));
    }
    g_mutex_unlock(&block_cache.mutex);
}

static gboolean can_map(gsize bytes)
{
    void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (room == MAP_FAILED) {
        return FALSE;
    }
    munmap(room, bytes);
    return TRUE;
}

gboolean pst_memory_is_there(guint64 bytes)
{
    if (bytes == 0 || (bytes <= G_MAXSSIZE && can_map(bytes))) {
        return TRUE;
    }
    g_mutex_lock(&block_cache.mutex);
    while (block_cache.count > 0) {
        free(remove_block(block_cache.count - 1));
    }
    g_mutex_unlock(&block_cache.mutex);
    return bytes <= G_MAXSSIZE && can_map(bytes);
}

void pst_memory_return_large(void)
{
    mallopt(M_MMAP_THRESHOLD, LEAST);
}

/* The smallest that fits, or -1. What alignment made the heap add, up to a large page or two, counts as part of a
 * block; so the next of the same kind isn't to find it too large. */
static int find_block(gsize bytes, gsize alignment)
{
    gsize least = bytes + bytes / 2 + 1;
    int best = -1;

    for (int i = 0; i < block_cache.count; i++) {
        gsize size = malloc_usable_size(block_cache.blocks[i]);

        if (((guintptr)block_cache.blocks[i] & (alignment - 1)) == 0 && size >= bytes && size < least) {
            best = i;
            least = size;
        }
    }
    return best;
}

void *pst_memory_take(gsize bytes, gsize alignment)
{
    void *block = NULL;

    if (bytes < LEAST) {
        return NULL;
    }
    g_mutex_lock(&block_cache.mutex);
    int best = find_block(bytes, alignment);
    if (best >= 0) {
        block = remove_block(best);
    }
    g_mutex_unlock(&block_cache.mutex);
    return block;
}

/* FALSE where there is no room for it. */
static gboolean keep(void *block, gsize size)
{
    gboolean kept;

    g_mutex_lock(&block_cache.mutex);
    kept = block_cache.count < BLOCKS && size <= block_cache.limit && block_cache.bytes <= block_cache.limit - size;
    if (kept) {
        block_cache.blocks[block_cache.count++] = block;
        block_cache.bytes += size;
    }
    g_mutex_unlock(&block_cache.mutex);
    return kept;
}

void pst_memory_free(void *block)
{
    if (!block || pst_memory_guard_take_back(block)) {
        return;
    }
    gsize size = malloc_usable_size(block);
    if (size < LEAST || !keep(block, size)) {
        free(block);
    }
}
