#include "arena.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"

#include <sys/mman.h>

#define HUGE_PAGE ((gsize)2 << 20)
#define BLOCK     (8 * HUGE_PAGE)

struct PstArena {
    GPtrArray *blocks;
    gsize last; /* bytes of the last block */
    char *free; /* of it */
    gsize left; /* bytes */
};

PstArena *pst_arena_new(void)
{
    PstArena *arena = g_new0(PstArena, 1);

    arena->blocks = g_ptr_array_new_with_free_func(pst_memory_free);
    return arena;
}

void pst_arena_free(PstArena *arena)
{
    if (arena) {
        g_ptr_array_unref(arena->blocks);
        g_free(arena);
    }
}

static void add_block(PstArena *arena, gsize bytes)
{
    gsize size = (MAX(bytes, BLOCK) + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *block;

    if (size <= arena->last && pst_memory_guard_is_short()) {
        arena->free = arena->blocks->pdata[arena->blocks->len - 1];
        arena->left = arena->last;
        return;
    }
    block = pst_memory_new(size, HUGE_PAGE);
    /* a wish: without huge pages everything works as well, only slower */
    (void)madvise(block, size, MADV_HUGEPAGE);
    g_ptr_array_add(arena->blocks, block);
    arena->free = block;
    arena->left = arena->last = size;
}

float *pst_arena_floats(PstArena *arena, gsize n)
{
    gsize bytes = (n * sizeof(float) + 63) & ~(gsize)63;
    float *floats;

    if (bytes > arena->left) {
        add_block(arena, bytes);
    }
    floats = (float *)arena->free;
    arena->free += bytes;
    arena->left -= bytes;
    return floats;
}

PstMap pst_arena_map(PstArena *arena, int height, int width, int channels)
{
    PstMap map = { NULL, height, width, channels };

    map.data = pst_arena_floats(arena, pst_map_size(&map));
    return map;
}
