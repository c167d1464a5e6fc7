/* Keeps the picture on the screen up to date: paints the photograph in the look of the moment, first small and at once,
 * then at full size, and tells what comes.
 *
 * Signals, all in the main thread:
 *   "preview" (PstRaster *raster, PstRaster *small): a small painting of the whole picture, and one for a list
 *   "begin" (): a painting at full size will come in strips
 *   "strip" (PstRasterStrip *strip): rows of it; borrowed
 *   "finished" (PstPainting *painting, PstRaster *small): all of it has come; `small` is NULL if a preview had it
 *   "progress" (double share, double seconds_left): of the full size; seconds below 0 are not known
 *   "failed" (const char *message)
 */
#pragma once

#include <glib-object.h>

#include "engine/service/painting.h"
#include "engine/service/raster.h"
#include "engine/service/engine_service.h"

G_BEGIN_DECLS

#define PST_TYPE_RENDERER pst_renderer_get_type()
G_DECLARE_FINAL_TYPE(PstRenderer, pst_renderer, PST, RENDERER, GObject)

/** The engine service is borrowed and has to outlive the renderer. */
PstRenderer *pst_renderer_new(PstEngineService *service);

/** What to paint from now on; a plain look or no photograph (NULL) stops. */
void pst_renderer_set(PstRenderer *renderer, PstPhoto *photo, PstLook *look);

/** Stops painting at full size; the small painting stays. pst_renderer_resume() begins it again. */
void pst_renderer_stop(PstRenderer *renderer);
void pst_renderer_resume(PstRenderer *renderer);

/** TRUE (property "busy") while the full size is being painted or about to be. */
gboolean pst_renderer_is_busy(PstRenderer *renderer);

/** The finished painting of this photograph and look if it is the one at hand, or NULL; owned by the renderer. */
PstPainting *pst_renderer_painting(PstRenderer *renderer, PstPhoto *photo, PstLook *look);

G_END_DECLS
