/* What painting takes, in one place: the engine thread, its pools of threads, and the model, loaded when needed. */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/paint/look.h"
#include "engine/paint/painter.h"
#include "photo.h"
#include "raster.h"
#include "worker.h"

typedef struct PstEngineService PstEngineService;

/** Starts the engine thread; reports come in `context`, NULL being the default one. */
PstEngineService *pst_engine_service_new(GMainContext *context);

/** Cancels everything and waits for the engine thread to end. */
void pst_engine_service_free(PstEngineService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstEngineService, pst_engine_service_free)

PstWorker *pst_engine_service_worker(PstEngineService *service);

/* Only on the engine thread: */

/** The pool for a job: one for each priority, as a job may be let in between while another one's threads are busy. */
PstThreadPool *pst_engine_service_pool(PstEngineService *service, PstWorkerJob *job);

/** A painter of the photograph's smaller picture that keeps its features, for a job of PST_PRIORITY_PREVIEW; strokes
 *  are as large beside the picture as those of the look's result are, for which fine ones want a larger copy. Kept
 *  until another photograph or stroke is asked for. Owned by the engine service. Errors of pst_painter_new() and
 *  pst_engine_service_model(). */
PstPainter *pst_engine_service_preview(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo,
                                       const PstLook *look, GError **error);

/** The photograph's thumbnail in a style: pst_thumbnails_get(). Errors of it and of pst_engine_service_model(). */
PstRaster *pst_engine_service_thumbnail(PstEngineService *service, PstWorkerJob *job, PstPhoto *photo,
                                        const PstStyle *style, GError **error);

/** The model, or NULL and an error of pst_model_load_default(). Owned by the engine service. */
const PstModel *pst_engine_service_model(PstEngineService *service, GError **error);
