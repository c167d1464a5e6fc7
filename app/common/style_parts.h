/* What styles of a look may lack: patches, and palettes where a masterpiece is asked for. A recipe says which picture a
 * style is of, and keeps neither. From any thread.
 */
#pragma once

#include "engine/network/model.h"
#include "engine/paint/look.h"

/** Gives styles of a look that is not shared what they lack: those of pictures from the picture, or from the cache
 *  where it is gone; palettes of others from the style library. (Patches of style files come with the recipe,
 *  pst_own_styles_complete().) What is nowhere is left out: without patches strokes are less like the painting's, and
 *  pst_look_is_refinable() tells of palettes. FALSE and G_IO_ERROR_CANCELLED when cancelled. */
gboolean pst_style_parts_complete(PstLook *look, const PstModel *model, PstThreadPool *pool, GCancellable *cancellable,
                                  GError **error);
