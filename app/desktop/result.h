/* An earlier result of this session: how it looked, in small, and how it was made. */
#pragma once

#include <gdk/gdk.h>

#include "engine/paint/look.h"

G_BEGIN_DECLS

#define PST_TYPE_RESULT pst_result_get_type()
G_DECLARE_FINAL_TYPE(PstResult, pst_result, PST, RESULT, GObject)

PstResult *pst_result_new(PstLook *look, GdkTexture *texture);
PstLook *pst_result_look(PstResult *result);
GdkTexture *pst_result_texture(PstResult *result);

G_END_DECLS
