/* What painting takes, in one place: the engine thread, its pools of threads, and the model, loaded when needed. */
#pragma once

#include "engine/kernel/thread_pool.h"
#include "engine/network/model.h"
#include "engine/render/preview.h"
#include "photo.h"
#include "raster.h"
#include "worker.h"

G_BEGIN_DECLS

typedef struct PstStudio PstStudio;

/** Starts the engine thread; reports come in `context`, NULL being the default one. */
PstStudio *pst_studio_new(GMainContext *context);

/** Cancels everything and waits for the engine thread to end. */
void pst_studio_free(PstStudio *studio);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStudio, pst_studio_free)

PstWorker *pst_studio_worker(PstStudio *studio);

/* Only on the engine thread: */

/** The pool for a job: one for each priority, as a job may be let in between while another one's threads are busy. */
PstThreadPool *pst_studio_pool(PstStudio *studio, PstWorkerJob *job);

/** A preview of the photograph's smaller picture for a job of PST_PRIORITY_PREVIEW; kept until another photograph is
 *  asked for. Owned by the studio. Errors of pst_preview_new() and pst_studio_model(). */
PstPreview *pst_studio_preview(PstStudio *studio, PstWorkerJob *job, PstPhoto *photo, GError **error);

/** The photograph's thumbnail in a style: pst_thumbnails_get(). Errors of it and of pst_studio_model(). */
PstRaster *pst_studio_thumbnail(PstStudio *studio, PstWorkerJob *job, PstPhoto *photo, const PstStyle *style,
                                GError **error);

/** The model, or NULL and an error of pst_model_load_default(). Owned by the studio. */
const PstModel *pst_studio_model(PstStudio *studio, GError **error);

G_END_DECLS
