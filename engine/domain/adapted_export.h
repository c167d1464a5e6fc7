/* From a photograph's file to the file of its adaptation, by rows: memory does not grow with the picture's height. */
#pragma once

#include "adaptation.h"
#include "structure.h"

#include "engine/paint/export.h"

/** What photographs are adapted to and how; borrowed. */
typedef struct {
    const PstDomain *source; /* or NULL: each photograph's own */
    const PstDomain *target;
    PstAdaptationOptions options; /* its seed is mixed with the photograph's name, so that order does not matter */
    const PstModel *model;        /* for PST_ADAPTATION_NETWORK, or NULL */
    PstThreadPool *pool;
} PstAdaptationTask;

/** The adaptation that a task makes of a photograph called `name`, given its small copy. */
PstAdaptation *pst_adaptation_task_run(const PstAdaptationTask *task, const PstPicture *small, const char *name,
                                       GCancellable *cancellable, GError **error);

/** Reads the photograph at `path`, which is read twice and so has to be a file, and writes its adaptation to `output`
 *  under the rules of pst_export(): settings, errors and the path that is returned are as there. `structure` (may be
 *  NULL) tells how much of the photograph's structure was kept. */
char *pst_adapted_export(const PstAdaptationTask *task, const char *path, const char *output,
                         const PstExportSettings *settings, PstStructure *structure, PstExportEffort *effort,
                         GCancellable *cancellable, GError **error);
