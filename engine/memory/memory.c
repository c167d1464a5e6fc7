#include "memory.h"

#include <malloc.h>
#include <stdlib.h>

#define BLOCKS 32
#define LEAST  ((gsize)4 << 20) /* bytes: smaller ones stay in the heap anyway */

static struct {
    GMutex mutex;
    gsize limit, bytes; /* that may be, and are kept */
    void *blocks[BLOCKS];
    int count;
} larder;

/* The caller holds the mutex. */
static void *remove_block(int i)
{
    void *block = larder.blocks[i];

    larder.bytes -= malloc_usable_size(block);
    larder.blocks[i] = larder.blocks[--larder.count];
    return block;
}

void pst_memory_keep(gsize bytes)
{
    g_mutex_lock(&larder.mutex);
    larder.limit = bytes;
    while (larder.count > 0 && larder.bytes > bytes) {
        free(remove_block(larder.count - 1));
    }
    g_mutex_unlock(&larder.mutex);
}

void pst_memory_return_large(void)
{
    mallopt(M_MMAP_THRESHOLD, LEAST);
}

/* The smallest that fits, or -1. What alignment made the heap add, up to a large page or two, counts as part of a block; so the
 * next of the same kind isn't to find it too large. */
static int find_block(gsize bytes, gsize alignment)
{
    gsize least = bytes + bytes / 2 + 1;
    int best = -1;

    for (int i = 0; i < larder.count; i++) {
        gsize size = malloc_usable_size(larder.blocks[i]);

        if (((guintptr)larder.blocks[i] & (alignment - 1)) == 0 && size >= bytes && size < least) {
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
    g_mutex_lock(&larder.mutex);
    int best = find_block(bytes, alignment);
    if (best >= 0) {
        block = remove_block(best);
    }
    g_mutex_unlock(&larder.mutex);
    return block;
}

/* FALSE where there is no room for it. */
static gboolean keep(void *block, gsize size)
{
    gboolean kept;

    g_mutex_lock(&larder.mutex);
    kept = larder.count < BLOCKS && size <= larder.limit && larder.bytes <= larder.limit - size;
    if (kept) {
        larder.blocks[larder.count++] = block;
        larder.bytes += size;
    }
    g_mutex_unlock(&larder.mutex);
    return kept;
}

void pst_memory_free(void *block)
{
    gsize size = block ? malloc_usable_size(block) : 0;

    if (size < LEAST || !keep(block, size)) {
        free(block);
    }
}
