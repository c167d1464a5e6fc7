/* Paints a photograph as a masterpiece: what the generator makes of it at once is refined until its patches are those
 * that the painter would make (engine/refine).
 *
 * It is refined at the size that the strokes ask for, so that a picture is the same painting at any number of pixels;
 * where the photograph is larger, bristles, edges of ink and grain are added by tiles. Rows are read twice from top to
 * bottom and memory grows with the width alone. The same bytes come out on any number of threads.
 */
#pragma once

#include "engine/refine/tile_exchange.h"
#include "painter.h"

typedef struct {
    double likeness;                 /* 0 .. 1: how firmly the photograph's forms and colours are held */
    double stroke;                   /* strokes are so many times larger than the painting's, seen whole */
    gsize memory;                    /* of the generator, as in PstPainterOptions */
    const PstTileExchange *exchange; /* with other processes that paint the same; or NULL */

    /* Stops refining within a fifth of a second and goes on with what there is; or NULL. */
    GCancellable *stop;

    /* Called on the painting thread, now and then, with what there is so far, at the size it is refined at or less. It
     * may be read until the call returns. May be NULL. */
    void (*seen)(const PstPicture *picture, gpointer data);
} PstRefinedOptions;

/** Paints as pst_painter_paint() does; data is that of progress() and seen(). There is at least
 *  one layer, and all have palettes, without which there is nothing to refine to. */
gboolean pst_refined_paint(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                           const PstPaintLayers *layers, const PstRefinedOptions *options, const PstRowSink *sink,
                           PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error);

/** About how many seconds that takes, from a few steps on a small picture, which take some tenths of a second. */
double pst_refined_seconds(const PstModel *model, PstThreadPool *pool, int width, int height,
                           const PstPaintLayers *layers, const PstRefinedOptions *options);
