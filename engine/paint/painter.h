/* Paints a photograph: in one style, or in several, each where a mask says.
 *
 * Two passes: the first gathers the photograph's feature statistics, the second transfers and generates. Memory is
 * bounded: both work on bands of rows, and features of the first pass are kept for the second only where the budget has
 * room for them. The same input gives the same bytes at every budget, on any number of threads, in memory and streamed.
 *
 * Layers are painted band by band above each other, so that a picture in several styles streams like any other. Styles
 * that want the same grain (engine/network/grain.h) share the photograph's features.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "paint_layers.h"
#include "range.h"
#include "rows.h"
#include "shot.h"

/** Bytes that keep 12 megapixels below 250 MB altogether. Below 5 megapixels features have room in it; above, computing
 *  them twice takes an eighth of the time more, which is little beside what they would take of the memory. */
#define PST_PAINT_MEMORY ((gsize)192 << 20)

/** The photograph is this part of a frame of a shot: it begins there, at multiples of 32. Height 0: it is all. */
typedef struct {
    int left, top;
    int width, height; /* of the frame */
} PstFramePart;

/** What the painting of a frame can take from the frame before. Where strokes are larger, most of the work is the
 *  photograph's own, which gives edges of ink and bristles. Where the picture only moved, they are there already. */
typedef struct {
    const PstPicture *painting; /* of the frame before, moved as the picture did */
    const PstRange *rows;       /* [count]: places where that does not hold, and the photograph is painted */
    const PstRange *columns;    /* [count] */
    int count;
} PstCarried;

typedef struct {
    /* Bytes of working memory to aim at; 0: PST_PAINT_MEMORY, or a quarter of the machine's if that is less. */
    gsize memory;
    /* Strokes are so many times larger than the networks' own, 1 or more; 0: 1. Above 1 the photograph is read once
     * more. */
    double stroke;
    gboolean keep; /* keep the photograph's features from one painting to the next, 28 bytes a pixel for each grain: for
                    * someone who moves sliders, who then waits for the generator's half of the work only */
    PstShot *shot; /* that the photograph is a frame of, borrowed; or NULL. Once it was sampled in the same layers,
                    * frames are encoded on the way of painting, not before */
    PstFramePart part;
    const PstCarried *carried; /* or NULL; of a shot, where strokes are larger and layers have no masks */
} PstPainterOptions;

/** Called on the painting thread with the share done, 0 .. 1, never falling. */
typedef void (*PstPaintProgress)(double share, gpointer data);

typedef struct PstPainter PstPainter;

/** A painter of one photograph. model, pool and what the source (copied) points at are borrowed and must outlive it;
 *  options may be NULL. NULL on errors of reading the photograph, which happen here only where strokes are larger. */
PstPainter *pst_painter_new(const PstModel *model, PstThreadPool *pool, const PstRowSource *source,
                            const PstPainterOptions *options, GCancellable *cancellable, GError **error);
void pst_painter_free(PstPainter *painter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPainter, pst_painter_free)

/** Paints; colours are within 0..1. A source of rows is read from its beginning once for each grain that the layers
 *  want and once more. FALSE when cancelled (G_IO_ERROR_CANCELLED, within 200 ms), where the machine has too little
 *  memory (PST_PICTURE_ERROR_MEMORY, before any is taken; the message names no file), or on an error of source or
 *  sink. progress may be NULL. One thread at a time. */
gboolean pst_painter_paint(PstPainter *painter, const PstPaintLayers *layers, const PstRowSink *sink,
                           PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error);

/** Adds the photograph to the samples of options->shot, for painting frames of its size in these layers. Errors as of
 *  pst_painter_paint(). */
gboolean pst_painter_sample(PstPainter *painter, const PstPaintLayers *layers, GCancellable *cancellable,
                            GError **error);

/** Bytes of working memory that painting `count` layers of a picture of this size takes from rows to rows at a
 *  budget (0: the usual one). keep_features (may be NULL) tells whether features will be kept or computed twice. */
gsize pst_painter_memory(int width, int height, gboolean alpha, int count, gsize budget, gboolean *keep_features);
