/* Many photographs to be exported in one look. */
#pragma once

#include "export_item.h"

G_BEGIN_DECLS

/** A GListStore of PstExportItem, one for each picture among the files and in the folders of `paths` (NULL-terminated);
 *  empty where there is none. Owned by the caller. */
GListStore *pst_export_batch_new(const char *const *paths, PstLook *look, const PstExportOptions *options);

G_END_DECLS
