/* How a picture is cut into bands of rows, so that painting it fits into a budget of memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    int width, height;      /* of the canvas, multiples of 8 */
    int band;               /* rows that a stage works on at a time, a multiple of PST_BAND_STEP */
    gboolean keep_features; /* of the whole picture, between the passes; otherwise they are computed twice */
    gsize memory;           /* bytes that painting takes: features, strips, and the rows of a streamed picture */
} PstPlan;

/** Plans a painting on `threads` threads within `budget` bytes; where the budget is too small for any, with the smallest
 *  bands. `streamed` pictures come and go by rows (with alpha or not), others are in memory and don't count. */
PstPlan pst_plan(int picture_width, int picture_height, int threads, gsize budget, gboolean streamed, gboolean alpha);

/** Multiply-accumulates of the whole painting. */
double pst_plan_work(const PstPlan *plan);

G_END_DECLS
