#include "arena.h"

#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((gsize)2 << 20)
#define BLOCK     (8 * HUGE_PAGE)

struct PstArena {
    GPtrArray *blocks;
    char *free; /* of the last block */
    gsize left; /* bytes */
};

PstArena *pst_arena_new(void)
{
    PstArena *arena = g_new0(PstArena, 1);

    arena->blocks = g_ptr_array_new_with_free_func(free);
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
    void *block = aligned_alloc(HUGE_PAGE, size);

    if (!block) {
        g_error("pst_arena: out of memory for %" G_GSIZE_FORMAT " bytes", size);
    }
    /* a wish: without huge pages everything works as well, only slower */
    (void)madvise(block, size, MADV_HUGEPAGE);
    g_ptr_array_add(arena->blocks, block);
    arena->free = block;
    arena->left = size;
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
