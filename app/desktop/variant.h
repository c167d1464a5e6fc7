/* How a photograph would look otherwise: small paintings of it in other looks, and which looks are worth a try. */
#pragma once

#include "engine/paint/look.h"
#include "engine/service/engine_service.h"
#include "style_list.h"

#define PST_VARIANTS 9 /* in three rows of three */

/** Paints the photograph small, as its preview is; for pst_texture_finish(). What waits in that slot (a text) is not
 *  taken out: pst_variant_cancel() does that. */
void pst_variant_paint(PstEngineService *service, PstPhoto *photo, PstLook *look, const char *slot,
                       GAsyncReadyCallback callback, gpointer data);
void pst_variant_cancel(PstEngineService *service, const char *slot);

/** Only on the engine thread: the picture that pst_variant_paint() shows, owned by the caller. Errors of painting. */
PstPicture *pst_variant_picture(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo, const PstLook *look,
                                GError **error);

/** The looks around one, row by row, owned by the caller (PstLook): strength grows to the right, strokes grow
 *  downwards. */
GPtrArray *pst_variants_of_settings(PstLook *look);

/** The same of the region's style: the first styles of the list, the user's own before the program's best. Settings
 *  stay. */
GPtrArray *pst_variants_of_styles(PstLook *look, int region, PstStyleList *styles);
