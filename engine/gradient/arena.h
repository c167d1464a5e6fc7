/* Memory for maps that live and die together.
 *
 * It is taken in large blocks that the system can back with huge pages: a training step walks over
 * hundreds of megabytes, and looking up small pages costs it a twentieth of its time.
 */
#pragma once

#include "engine/kernel/map.h"

typedef struct PstArena PstArena;

PstArena *pst_arena_new(void);

/** Frees all that was taken from it. */
void pst_arena_free(PstArena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstArena, pst_arena_free)

/** Takes n floats, 64-byte aligned, not cleared. Where memory runs out it is as pst_memory_new()
 * (engine/base/memory_guard.h) says, but that blocks are handed out again once it has: a training's arenas are many
 * times the reserve. What lies in them makes no sense then, so nothing is computed in them
 * (pst_memory_guard_is_short()): an index would point anywhere. */
float *pst_arena_floats(PstArena *arena, gsize n);

/** Takes a map; pst_map_clear() is not for it. */
PstMap pst_arena_map(PstArena *arena, int height, int width, int channels);
