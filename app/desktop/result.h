/* An earlier result: how it looked, in small, and how it was made.
 *
 * Properties: "current" (boolean: it is of the look of the moment), "starred" (boolean: it is kept for the next start).
 */
#pragma once

#include <gdk/gdk.h>

#include "engine/paint/look.h"

#define PST_TYPE_RESULT pst_result_get_type()
G_DECLARE_FINAL_TYPE(PstResult, pst_result, PST, RESULT, GObject)

PstResult *pst_result_new(PstLook *look, GdkTexture *texture);
PstLook *pst_result_look(PstResult *result);
GdkTexture *pst_result_texture(PstResult *result);

gboolean pst_result_current(PstResult *result);
void pst_result_set_current(PstResult *result, gboolean current);

gboolean pst_result_starred(PstResult *result);
void pst_result_set_starred(PstResult *result, gboolean starred);

/** The looks of the results (PstResult) to be compared, owned by the caller (PstLook): those with a star, or where
 *  there are not two of them the first; at most four. */
GPtrArray *pst_results_compared(GListModel *results);

/** The texture as a PNG, which is made once; owned by the result. */
GBytes *pst_result_png(PstResult *result);
