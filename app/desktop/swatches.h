/* The colours that a picture is made of. */
#pragma once

#include <gdk/gdk.h>

#define PST_SWATCHES 5

/** The most frequent colours that differ from one another, the most frequent first, as 1x1 textures, owned by the
 *  caller (GdkTexture); fewer where there are not so many, none for NULL. */
GPtrArray *pst_swatches_new(GdkTexture *texture);
