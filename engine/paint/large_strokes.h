/* Strokes larger than the networks' own: a smaller copy of the photograph is painted and enlarged, and the fine drawing
 * that was lost by shrinking is laid on it. All of it is in memory.
 */
#pragma once

#include "painter.h"

G_BEGIN_DECLS

typedef struct PstLargeStrokes PstLargeStrokes;

/** Reads the photograph whole, unless it is in memory (borrowed then), and makes the smaller copy. options->stroke
 *  is above 1. NULL with what reading says, when cancelled or without memory. */
PstLargeStrokes *pst_large_strokes_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                                       const PstPainterOptions *options, GCancellable *cancellable, GError **error);
void pst_large_strokes_free(PstLargeStrokes *strokes);

/** As pst_painter_paint(). */
gboolean pst_large_strokes_paint(PstLargeStrokes *strokes, const PstPaintLayers *layers, const PstRowSink *sink,
                                 PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
