/* Palettes for looks that ask for a masterpiece; from any thread. */
#pragma once

#include "engine/network/model.h"
#include "engine/paint/look.h"

/** Gives styles of a look that is not shared the palettes they lack: those of pictures from the picture, or from the
 *  cache where it is gone; others from the style library. What is nowhere is left out, pst_look_is_refinable() tells.
 *  FALSE and G_IO_ERROR_CANCELLED when cancelled. */
gboolean pst_palettes_complete(PstLook *look, const PstModel *model, PstThreadPool *pool, GCancellable *cancellable,
                               GError **error);
