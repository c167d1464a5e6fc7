/* A painting under way: its passes over the photograph (passes.h), for painter.c, which plans it.
 *
 * The first pass gathers the photograph's statistics with each grain that is wanted, and keeps its features where they
 * have room. Where a style has patches, the next one swaps them in and gathers the statistics of what comes of it. The
 * last one paints from the features, which are encoded and swapped again where they had no room.
 */
#pragma once

#include "large_strokes.h"
#include "passes.h"
#include "plan.h"

struct PstPainter {
    const PstModel *model;
    PstThreadPool *pool;
    PstRowSource source;
    gsize memory;
    gboolean keep;
    PstShot *shot;            /* or NULL */
    PstFramePart part;        /* the whole where there is no other */
    PstLargeStrokes *strokes; /* does all the work where strokes are larger; or NULL */
    PstFlow *flow;            /* of the photograph, once a style wanted grain; or NULL */
    GPtrArray *features;      /* of PstFeatures: one for each grain, kept from the last painting */
};

typedef struct {
    PstPainter *painter;
    const PstPaintLayers *wanted;
    PstPaintLayer *layers; /* those that show */
    int count;
    gboolean of_shot;       /* statistics and flow are those of the painter's shot */
    PstFeatures **features; /* of each; the painter's */
    const PstRowSink *sink;
    PstPlan plan;
    PstFrame photo, result;
    PstPicture *picture;       /* that the result is, or NULL: it goes by rows */
    PstPaintProgress progress; /* or NULL */
    gpointer data;
    double work, told; /* in all; the share that progress was last told of */
    double before;     /* work of the passes before this one */
    GCancellable *cancellable;
} PstPaintingRun;

/** Makes all features of the painter known. FALSE where reading the photograph fails, or when cancelled. */
gboolean pst_painting_run_encode(PstPaintingRun *run, GError **error);

/** Paints from known features. FALSE where the photograph can't be read or the result not be written, or when
 *  cancelled. */
gboolean pst_painting_run_generate(PstPaintingRun *run, GError **error);
