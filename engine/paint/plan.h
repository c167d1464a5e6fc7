/* How a picture is cut into bands of rows, so that painting it fits into a budget of memory. */
#pragma once

#include <glib.h>

/** What is to be painted. */
typedef struct {
    int width, height; /* of the picture */
    gboolean alpha;
    gboolean read, written; /* it comes, or goes, by rows; otherwise it is in memory and does not count */
    int layers;             /* at least 1 */
    int encodings;          /* at least 1: the photograph is encoded so many times, with other grain or patches */
    gboolean swapped;       /* some of them have patches */
    gboolean once;          /* its statistics are known, so that no features are kept */
    int threads;
} PstPlanTask;

typedef struct {
    int width, height;      /* of the padded picture, multiples of 8 */
    int band;               /* rows that a stage works on at a time, a multiple of PST_BAND_STEP */
    gboolean keep_features; /* of the whole picture, between the passes; otherwise they are computed twice */
    gsize memory;           /* bytes that painting takes: features, strips, masks, and the rows that come and go */
} PstPlan;

/** Plans a painting within `budget` bytes; where the budget is too small for any, with the smallest bands. */
PstPlan pst_plan(const PstPlanTask *task, gsize budget);
