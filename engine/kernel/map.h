/* A feature map: a dense, channels-last array of floats. */
#pragma once

#include <glib.h>

typedef struct {
    float *data; /* [height][width][channels], 64-byte aligned */
    int height;
    int width;
    int channels;
} PstMap;

/** Makes a map with room for height * width * channels floats, not cleared. Free with
 * pst_map_clear(). Where memory runs out it is as pst_memory_new() says. */
PstMap pst_map_new(int height, int width, int channels);

/** Frees the floats of a map made by pst_map_new() and zeroes the struct, which may be zeroed. */
void pst_map_clear(PstMap *map);

/** Number of floats in a map. */
static inline gsize pst_map_size(const PstMap *map)
{
    return (gsize)map->height * map->width * map->channels;
}

/** The channels of one pixel. */
static inline float *pst_map_at(const PstMap *map, int y, int x)
{
    return map->data + ((gsize)y * map->width + x) * map->channels;
}

/** Allocates n floats, 64-byte aligned, not cleared; free with pst_floats_free(). Where memory runs
 * out it is as pst_memory_new() (engine/base/memory_guard.h) says. */
float *pst_floats_new(gsize n);
void pst_floats_free(float *floats);

/** Floats of pst_floats_new(), for g_autoptr(). */
typedef float PstFloats;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFloats, pst_floats_free)

/** Tells the system that all of these n floats will be written soon. It then maps fresh memory in large
 *  pages. The floats may come from anywhere; no value changes. */
void pst_floats_advise(float *floats, gsize n);
