#include "memory.h"

#include <malloc.h>

void pst_memory_keep(gsize bytes)
{
    /* A block that was mapped by itself is unmapped when it is freed, so none is to be; what lies at the top of the heap
     * stays up to the threshold. */
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, (int)MIN(bytes, (gsize)G_MAXINT));
}
