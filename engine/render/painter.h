/* Paints a photograph in a style.
 *
 * Two passes: the first gathers the photograph's feature statistics, the second transfers and generates. Both work on
 * bands of rows with an overlap (halo) that covers the receptive field, so memory is bounded. The result does
 * not depend on the number of threads, and on the height of the bands only in the rounding of floats (far below 1/255).
 */
#pragma once

#include "engine/kernel/thread_pool.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"
#include "engine/transfer/style.h"

G_BEGIN_DECLS

typedef struct {
    double strength;      /* 0 .. 1: 0 gives back the photograph, 1 paints fully. Default 1 */
    double detail;        /* 0 .. 1: how much of the fine drawing is kept. Default 1 */
    gboolean keep_colours; /* keep the photograph's colours, paint only lightness. Default FALSE */
    gsize memory;         /* bytes of working memory to aim at; 0 (default) means a quarter of the machine's */
} PstPaintSettings;

#define PST_PAINT_SETTINGS_DEFAULT ((PstPaintSettings){ .strength = 1, .detail = 1 })

/** Called on the painting thread with the share done, 0 .. 1, never falling. */
typedef void (*PstPaintProgress)(double share, gpointer data);

/** Called on the painting thread when rows first .. first+rows-1 of the result are final: ranges follow one another from
 *  the top to the last row. The picture may be read up to there until the call returns, and is not to be kept. */
typedef void (*PstPaintRows)(const PstPicture *picture, int first, int rows, gpointer data);

/** Paints. The result has the photograph's size, alpha and info; colours are within 0..1. The same input at the
 *  same budget gives the same bytes, whatever the number of threads. NULL when cancelled (G_IO_ERROR_CANCELLED, within 200 ms) or where
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

G_END_DECLS
