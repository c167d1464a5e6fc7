/* What becomes of memory that maps no longer need. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** From now on up to `bytes` (below 2 GiB) of freed memory stay with the program, for the next picture. Otherwise the large maps
 *  of a painting go back to the system with it, and the next painting fetches all its pages anew, which takes a tenth to a third of
 *  the time that it takes to paint 2048x2048 pixels. For programs that paint one picture after another. */
void pst_memory_keep(gsize bytes);

G_END_DECLS
