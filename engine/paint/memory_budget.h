/* How much of the machine's memory painting may take. */
#pragma once

#include <glib.h>

/** Bytes of working memory to aim at where `asked` are asked for; 0: PST_PAINT_MEMORY, or a quarter of the machine's if
 *  that is less. */
gsize pst_memory_budget(gsize asked);

/** FALSE and PST_PICTURE_ERROR_MEMORY where the machine has not as much as painting takes: `pictures` bytes of pictures
 *  in memory and `working` bytes besides. Even the smallest bands of a very wide picture may be more than there is. */
gboolean pst_memory_budget_check(int width, int height, gsize pictures, gsize working, GError **error);
