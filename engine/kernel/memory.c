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

static gsize size_of(void *block)
{
    return malloc_usable_size(block);
}

/* The caller holds the mutex. */
static void *remove_block(int i)
{
    void *block = larder.blocks[i];

    larder.bytes -= size_of(block);
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

void *pst_memory_take(gsize bytes)
{
    void *block = NULL;

    if (bytes < LEAST) {
        return NULL;
    }
    g_mutex_lock(&larder.mutex);
    for (int i = 0; i < larder.count && !block; i++) {
        gsize size = size_of(larder.blocks[i]);

        if (size >= bytes && size - bytes <= bytes / 8) {
            block = remove_block(i);
        }
    }
    g_mutex_unlock(&larder.mutex);
    return block;
}

gboolean pst_memory_put(void *block)
{
    gsize size = block ? size_of(block) : 0;
    gboolean kept;

    if (size < LEAST) {
        return FALSE;
    }
    g_mutex_lock(&larder.mutex);
    kept = larder.count < BLOCKS && size <= larder.limit && larder.bytes <= larder.limit - size;
    if (kept) {
        larder.blocks[larder.count++] = block;
        larder.bytes += size;
    }
    g_mutex_unlock(&larder.mutex);
    return kept;
}
