/* Whether a photograph is unlike anything that the painter was trained on (engine/space/familiarity.h). */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/network/model.h"
#include "engine/space/familiarity.h"

/** The line for people, translated. */
const char *pst_unlikeness_text(void);

/** TRUE if the picture file at `path` is unlike all photographs of the training. It is read small; a file that can't
 * be,
 *  or only at more than 4 megapixels, is taken for familiar: this is a hint and costs at most a tenth of a second. */
gboolean pst_photo_is_unlike(const PstFamiliarity *familiarity, const PstModel *model, PstThreadPool *pool,
                             const char *path, GCancellable *cancellable);

/** The same of statistics that are known: unlike photographs and paintings alike. */
gboolean pst_statistics_are_unlike(const PstFamiliarity *familiarity, const float *statistics);
