/* Painting one photograph of `stylize`: from file to file by rows, so that its size is no matter. */
#pragma once

#include "app/common/batch.h"
#include "report.h"
#include "stylize_request.h"

#include "engine/paint/look.h"

G_BEGIN_DECLS

/** What painting a photograph needs; all borrowed. */
typedef struct {
    const PstStylizeRequest *request;
    const PstModel *model;
    PstThreadPool *pool;
    const PstStyle *style;
    const PstLook *look; /* regions and larger strokes, or NULL: the style everywhere. Then all is in memory at once */
    const char *recipe; /* to be stored in the result, or NULL */
    PstReport *report;  /* is told of the plan, of progress and of oddities */
    GCancellable *cancellable;
} PstStylizePhoto;

/** Paints `item` and returns the path of the result, owned by the caller; `effort` gets what it took. NULL and an error
 *  that is ready to be shown otherwise. The folder of the result has to be there. */
char *pst_stylize_photo(const PstStylizePhoto *job, const PstBatchItem *item, PstEffort *effort, GError **error);

G_END_DECLS
