/* Where one shot of a video ends and the next begins, frame by frame. */
#pragma once

#include <glib.h>

typedef struct PstShotBoundary PstShotBoundary;

/** For frames of that size, planes of Y, U and V in 8 bits. */
PstShotBoundary *pst_shot_boundary_new(int width, int height);
void pst_shot_boundary_free(PstShotBoundary *boundary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstShotBoundary, pst_shot_boundary_free)

/** TRUE if a shot begins with the next frame, `yuv` [3][height][width]; with the first one does. */
gboolean pst_shot_boundary_add(PstShotBoundary *boundary, const guint8 *yuv);
