/* Paints a photograph in a style.
 *
 * Two passes: the first gathers the photograph's feature statistics, the second transfers and generates. Memory is
 * bounded: both work on bands of rows, and features of the first pass are kept for the second only where the budget has
 * room for them. The same input gives the same bytes at every budget, on any number of threads, in memory and streamed.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"
#include "engine/style/style.h"
#include "rows.h"

G_BEGIN_DECLS

typedef struct {
    double strength;      /* 0 .. 1: 0 gives back the photograph, 1 paints fully. Default 1 */
    double detail;        /* 0 .. 1: how much of the fine drawing is kept. Default 1 */
    gboolean keep_colours; /* keep the photograph's colours, paint only lightness. Default FALSE */
    gsize memory;         /* bytes of working memory to aim at; 0 (default) means PST_PAINT_MEMORY, or a quarter of the
                             machine's if that is less */
} PstPaintSettings;

/** Bytes that keep 12 megapixels below 250 MB altogether. Below 5 megapixels features have room in it; above, computing
 *  them twice takes an eighth of the time more, which is little beside what they would take of the memory. */
#define PST_PAINT_MEMORY ((gsize)192 << 20)

#define PST_PAINT_SETTINGS_DEFAULT ((PstPaintSettings){ .strength = 1, .detail = 1 })

/** Called on the painting thread with the share done, 0 .. 1, never falling. */
typedef void (*PstPaintProgress)(double share, gpointer data);

/** Called on the painting thread when rows first .. first+rows-1 of the result are final: ranges follow one another from
 *  the top to the last row. The picture may be read up to there until the call returns, and is not to be kept. */
typedef void (*PstPaintRows)(const PstPicture *picture, int first, int rows, gpointer data);

/** Paints. The result has the photograph's size, alpha and info; colours are within 0..1. NULL when
 *  cancelled (G_IO_ERROR_CANCELLED, within 200 ms) or where
 *  the machine has too little memory (PST_PICTURE_ERROR_MEMORY, before any is taken; the message names no file).
 *  settings and progress may be NULL. */
PstPicture *pst_paint(const PstModel *model, PstThreadPool *pool, const PstPicture *photo, const PstStyle *style,
                      const PstPaintSettings *settings, PstPaintProgress progress, gpointer data,
                      GCancellable *cancellable, GError **error);

/** The same, and tells of rows as they are finished, for a display that shows the painting grow. progress and rows may
 *  be NULL; both get `data`. */
PstPicture *pst_paint_progressively(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                                    const PstStyle *style, const PstPaintSettings *settings, PstPaintProgress progress,
                                    PstPaintRows rows, gpointer data, GCancellable *cancellable, GError **error);

/** Bytes of working memory that painting a photograph of this size takes at the settings' budget, the photograph and
 *  the result not counted. */
gsize pst_paint_memory(int width, int height, const PstPaintSettings *settings);

/** Paints a picture of any size that is read and written by rows: a gigapixel takes no more memory than its width asks
 *  for. The source is read from its beginning twice (with rewind() before each). FALSE when cancelled, without
 *  memory, or on an error of source or sink. progress may be NULL. */
gboolean pst_paint_stream(const PstModel *model, PstThreadPool *pool, const PstRowSource *source, const PstRowSink *sink,
                          const PstStyle *style, const PstPaintSettings *settings, PstPaintProgress progress,
                          gpointer data, GCancellable *cancellable, GError **error);

/** Bytes of working memory that this takes, rows of the photograph and the painting included; keep_features (may be
 *  NULL) tells whether features will be kept or computed twice. */
gsize pst_paint_stream_memory(int width, int height, gboolean alpha, const PstPaintSettings *settings,
                              gboolean *keep_features);

G_END_DECLS
