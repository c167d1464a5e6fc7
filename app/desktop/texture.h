/* From rasters to what GTK draws. */
#pragma once

#include <gdk/gdk.h>

#include "engine/service/raster.h"

G_BEGIN_DECLS

/** The rows of a strip at one of its levels; shares the pixels. */
GdkTexture *pst_texture_from_strip(const PstRasterStrip *strip, int level);

/** A whole raster at full size; shares the pixels where it is a single strip, as thumbnails are. */
GdkTexture *pst_texture_from_raster(const PstRaster *raster);

G_END_DECLS
