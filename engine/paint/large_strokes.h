/* Strokes larger than the networks' own. The photograph is painted twice, as it is and as a smaller copy, on which
 * strokes are larger beside everything else. The copy's painting gives what is seen of the picture from afar, the other
 * one what the copy is too small for: edges of ink and bristles. As with Laplacian pyramids (Burt and Adelson, "A
 * Multiresolution Spline with Application to Image Mosaics", 1983) the sum has no seam between both:
 *
 *   painting = painting of the photograph + enlarged (painting of the copy - reduced (painting of the photograph))
 *
 * Rows stream: the copy is in memory, and of the photograph as many rows as two of the copy's stand for.
 */
#pragma once

#include "painter.h"

typedef struct PstLargeStrokes PstLargeStrokes;

/** Reads the photograph once and makes the smaller copy. options->stroke is above 1. NULL with what reading says, when
 *  cancelled or without memory. */
PstLargeStrokes *pst_large_strokes_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                                       const PstPainterOptions *options, GCancellable *cancellable, GError **error);
void pst_large_strokes_free(PstLargeStrokes *strokes);

/** As pst_painter_sample(). */
gboolean pst_large_strokes_sample(PstLargeStrokes *strokes, const PstPaintLayers *layers, GCancellable *cancellable,
                                  GError **error);

/** As pst_painter_paint(). */
gboolean pst_large_strokes_paint(PstLargeStrokes *strokes, const PstPaintLayers *layers, const PstRowSink *sink,
                                 PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error);
