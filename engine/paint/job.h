/* One painting from its first pass to its last, for the engine's own use. */
#pragma once

#include "engine/network/model.h"
#include "painter.h"
#include "passes.h"
#include "plan.h"

G_BEGIN_DECLS

typedef struct {
    const PstModel *model;
    PstThreadPool *pool;
    PstPaintSettings settings;
    PstPlan plan;
    PstFrame photo;
    gboolean alpha;       /* the photograph has */
    PstPipelineRows read; /* fills the photograph's frame; NULL: it holds all rows */
    PstFrame result;
    PstPipelineRows finished; /* rows of the canvas; or NULL */
    gpointer data;            /* of both */
    PstPaintProgress progress; /* or NULL */
    gpointer progress_data;
    double work, told; /* in all; the share that progress was last told of */
    double before;     /* work of the passes before this one */
    GCancellable *cancellable;
} PstJob;

/** The frame of a picture in memory. */
PstFrame pst_job_frame(const PstPicture *picture);

/** The first pass: gathers the statistics of the photograph with the grain that suits the style into features->content, and
 *  keeps its features where they have room. FALSE on error. */
gboolean pst_job_encode(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error);

/** The second: paints from the features, which are encoded again where they have no room. */
gboolean pst_job_paint(PstJob *job, PstFeatures *features, const PstStyle *style, GError **error);

G_END_DECLS
