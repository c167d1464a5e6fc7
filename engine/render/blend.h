/* The last step of a painting: laid over the photograph it was made from. */
#pragma once

#include "engine/kernel/map.h"
#include "painter.h"

G_BEGIN_DECLS

/** Lays rows first .. first+rows-1 of the painting over those of `photo` and writes them to `result`, within 0..1.
 *  `painted` (3 channels, at least as wide as the photograph) begins with row `canvas_first` of the picture. Of the
 *  settings, strength and keep_colours count. photo and result may be the same picture. */
void pst_blend_rows(const PstPicture *photo, const PstMap *painted, int canvas_first,
                    const PstPaintSettings *settings, PstPicture *result, int first, int rows);

/** The statistics ([PST_STYLE_SIZE]) to move to: between the photograph's and the style's, by the strength. */
void pst_blend_statistics(const float *content, const float *style, double strength, float *target);

/** A picture to paint on: the size, alpha and info of the photograph, and its colours. NULL without memory. */
PstPicture *pst_blend_canvas(const PstPicture *photo, GError **error);

G_END_DECLS
