/* Pixels that were pasted or dropped, as a picture. */
#pragma once

#include <glib.h>

#include "engine/picture/picture.h"

/** Of [height][stride] bytes of premultiplied ARGB32 as in PstRasterStrip; without alpha where all of it is opaque.
 *  Owned by the caller. NULL without memory. */
PstPicture *pst_pasted_picture(GBytes *pixels, int width, int height, gsize stride, GError **error);
