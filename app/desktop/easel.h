/* Keeps the picture on the screen up to date: paints the photograph in the look of the moment, first small and at once,
 * then at full size, and tells what comes.
 *
 * Signals, all in the main thread:
 *   "preview" (PstRaster *raster, PstRaster *small): a small painting of the whole picture, and one for a list
 *   "begin" (): a painting at full size will come in strips
 *   "strip" (PstStrip *strip): rows of it; borrowed
 *   "finished" (PstPainting *painting, PstRaster *small): all of it has come; `small` is NULL if a preview had it
 *   "progress" (double share, double seconds_left): of the full size; seconds below 0 are not known
 *   "failed" (const char *message)
 */
#pragma once

#include <glib-object.h>

#include "engine/studio/painting.h"
#include "engine/studio/raster.h"
#include "engine/studio/studio.h"

G_BEGIN_DECLS

#define PST_TYPE_EASEL pst_easel_get_type()
G_DECLARE_FINAL_TYPE(PstEasel, pst_easel, PST, EASEL, GObject)

/** The studio is borrowed and has to outlive the easel. */
PstEasel *pst_easel_new(PstStudio *studio);

/** What to paint from now on; a plain look or no photograph (NULL) stops. */
void pst_easel_set(PstEasel *easel, PstPhoto *photo, PstLook *look);

/** Stops painting at full size; the small painting stays. pst_easel_resume() begins it again. */
void pst_easel_stop(PstEasel *easel);
void pst_easel_resume(PstEasel *easel);

/** TRUE (property "busy") while the full size is being painted or about to be. */
gboolean pst_easel_is_busy(PstEasel *easel);

/** The finished painting of this photograph and look if it is the one at hand, or NULL; owned by the easel. */
PstPainting *pst_easel_painting(PstEasel *easel, PstPhoto *photo, PstLook *look);

G_END_DECLS
