/* What of a batch is done: by its manifest, and by the results that are there (--manifest, --on-conflict resume). */
#pragma once

#include "app/common/batch.h"
#include "app/common/manifest.h"
#include "stylize_request.h"

typedef struct PstStylizeJob PstStylizeJob;

/** Begins a run of the batch, which is borrowed as the request is: opens the manifest, if one is asked for, and writes
 *  what is planned. `recipe` is the text of the look's recipe, `model` the hash of the generator. Errors of
 *  PST_JOB_MANIFEST_ERROR. */
PstStylizeJob *pst_stylize_job_new(const PstStylizeRequest *request, const PstBatch *batch, const char *recipe,
                                   const char *model, GError **error);
void pst_stylize_job_free(PstStylizeJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStylizeJob, pst_stylize_job_free)

/** TRUE if the result is there and needs no painting: with --on-conflict resume, if it has this recipe. FALSE and
 *  PST_PICTURE_ERROR_EXISTS if what is there is something else. */
gboolean pst_stylize_job_is_done(const PstStylizeJob *job, const PstBatchItem *item, GError **error);

/** Notes in the manifest how a photograph ended: its result lies at `written`, or that is NULL and `failure` says
 *  why. */
gboolean pst_stylize_job_note(PstStylizeJob *job, const PstBatchItem *item, const char *written, const GError *failure,
                              GError **error);
