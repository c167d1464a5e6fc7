/* Keeps the picture on the screen up to date: paints the photograph in the look of the moment, first small and at once,
 * then at full size, then refined where the look asks for a masterpiece, and hands on what is painted.
 *
 * Signals, all in the main thread:
 *   "preview" (PstRaster *raster, PstRaster *small): a painting of the whole picture, small or as it is refined so far,
 *       and one for a list or NULL
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

#define PST_TYPE_RENDERER pst_renderer_get_type()
G_DECLARE_FINAL_TYPE(PstRenderer, pst_renderer, PST, RENDERER, GObject)

/** The engine service is borrowed and has to outlive the renderer. */
PstRenderer *pst_renderer_new(PstEngineService *service);

/** What to paint from now on; a plain look or no photograph (NULL) stops. */
void pst_renderer_set(PstRenderer *renderer, PstPhoto *photo, PstLook *look);

/** Stops painting at full size; the small painting stays. Where a masterpiece is being refined, it is finished as far
 *  as it is. pst_renderer_resume() begins it again. */
void pst_renderer_stop(PstRenderer *renderer);
void pst_renderer_resume(PstRenderer *renderer);

/** TRUE (property "busy") while the full size is being painted or refined or about to be. */
gboolean pst_renderer_is_busy(PstRenderer *renderer);

/** TRUE while a masterpiece is being refined: the painting at once is all there. */
gboolean pst_renderer_is_refining(PstRenderer *renderer);

/** The finished painting of this photograph and look if it is the one at hand, or NULL; owned by the renderer. */
PstPainting *pst_renderer_painting(PstRenderer *renderer, PstPhoto *photo, PstLook *look);
