/* From rasters to what GTK draws. */
#pragma once

#include <gdk/gdk.h>

#include "engine/service/engine_service.h"
#include "engine/service/painting.h"

/** The rows of a strip at one of its levels; shares the pixels. */
GdkTexture *pst_texture_from_strip(const PstRasterStrip *strip, int level);

/** A whole raster at full size; shares the pixels where it is a single strip, as thumbnails are. */
GdkTexture *pst_texture_from_raster(const PstRaster *raster);

/** Makes a texture of what `make` makes on the engine thread out of `raw`, which `free_raw` frees. Priority and slot
 *  are those of pst_worker_push(). */
typedef PstRaster *(*PstTextureMake)(gpointer raw, PstWorkerJob *job, GError **error);
void pst_texture_make(PstEngineService *service, PstPriority priority, const char *slot, PstTextureMake make,
                      gpointer raw, GDestroyNotify free_raw, GAsyncReadyCallback callback, gpointer data);

/** The same of a painting. */
void pst_texture_make_of_painting(PstEngineService *service, PstPainting *painting, GAsyncReadyCallback callback,
                                  gpointer data);

/** The same of a picture file, its longer side reduced to that many pixels, when there is nothing more urgent. */
void pst_texture_make_of_file(PstEngineService *service, const char *path, int side, GAsyncReadyCallback callback,
                              gpointer data);

/** The texture, owned by the caller. NULL with what making it says. */
GdkTexture *pst_texture_finish(GAsyncResult *result, GError **error);
