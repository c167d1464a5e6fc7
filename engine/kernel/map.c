#include "map.h"

#include <stdlib.h>

float *pst_floats_new(gsize n)
{
    if (n > (G_MAXSIZE - 64) / sizeof(float))
        g_error("pst_floats_new: %" G_GSIZE_FORMAT " floats do not fit in memory", n);
    gsize bytes = (n * sizeof(float) + 63) & ~(gsize)63;
    float *floats = aligned_alloc(64, MAX(bytes, 64));
    if (floats == NULL)
        g_error("pst_floats_new: out of memory for %" G_GSIZE_FORMAT " bytes", bytes);
    return floats;
}

void pst_floats_free(float *floats)
{
    free(floats);
}

PstMap pst_map_new(int height, int width, int channels)
{
    PstMap map = {NULL, height, width, channels};
    map.data = pst_floats_new(pst_map_size(&map));
    return map;
}

void pst_map_clear(PstMap *map)
{
    pst_floats_free(map->data);
    *map = (PstMap){0};
}
