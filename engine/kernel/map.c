#include "map.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"

#include <stdlib.h>
#include <sys/mman.h>

#define CACHE_LINE ((gsize)64)
#define HUGE_PAGE  ((gsize)2 << 20)

float *pst_floats_new(gsize n)
{
    if (n > (G_MAXSIZE - HUGE_PAGE) / sizeof(float))
        g_error("pst_floats_new: %" G_GSIZE_FORMAT " floats do not fit in memory", n);
    /* A map is written once and read once or twice. With small pages much of that time goes into page faults. */
    gsize alignment = n * sizeof(float) >= 2 * HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
    gsize bytes = MAX(1, (n * sizeof(float) + alignment - 1) / alignment) * alignment;
    float *floats = pst_memory_take(bytes, alignment);
    if (floats)
        return floats;
    floats = pst_memory_new(bytes, alignment);
    if (alignment == HUGE_PAGE)
        madvise(floats, bytes, MADV_HUGEPAGE);
    return floats;
}

void pst_floats_advise(float *floats, gsize n)
{
    guintptr begin = ((guintptr)floats + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    guintptr end = (guintptr)(floats + n) & ~(HUGE_PAGE - 1);

    if (begin < end)
        madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

void pst_floats_free(float *floats)
{
    pst_memory_free(floats);
}

PstMap pst_map_new(int height, int width, int channels)
{
    PstMap map = { NULL, height, width, channels };
    map.data = pst_floats_new(pst_map_size(&map));
    return map;
}

void pst_map_clear(PstMap *map)
{
    pst_floats_free(map->data);
    *map = (PstMap){ 0 };
}
