/* Large blocks that maps and pictures no longer need: given back to the system, or kept for the next ones. */
#pragma once

#include <glib.h>

/** From now on up to `bytes` of freed maps (map.h) and pictures stay with the program, for the next picture; 0, as
 *  it is at first: none. Otherwise the large maps of a painting go back to the system with it, and the next painting
 *  fetches all its pages anew, which takes up to a third of the time that it takes to paint 2048x2048 pixels. For
 *  programs that paint one picture after another. From any thread. */
void pst_memory_keep(gsize bytes);

/** From now on large blocks that are freed to the heap go back to the system at once. glibc keeps what it has seen
 *  freed before; the maps of a training, which come and go in many sizes, are in pieces by then and cost a third of
 *  the memory. For programs that train. */
void pst_memory_return_large(void);

/** Whether there is room for so many bytes, under the limits of the process too; kept blocks make way. For those who
 *  are about to need many blocks. Another thread may take the room meanwhile; memory_guard.h is for that. */
gboolean pst_memory_is_there(guint64 bytes);

/** A kept block of at least `bytes` and not much more, at a multiple of `alignment` (a power of two), which is the
 *  caller's from now on, with whatever was in it; or NULL. */
void *pst_memory_take(gsize bytes, gsize alignment);

/** Frees a block of the heap's or of pst_memory_new(), or keeps it where it is large enough to be worth it; NULL is
 *  fine. */
void pst_memory_free(void *block);
