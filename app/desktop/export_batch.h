/* Many photographs to be exported. */
#pragma once

#include "app/common/batch.h"
#include "export_item.h"
#include "tray.h"

/** A GListStore of PstExportItem, one for each picture of the tray in its look; without those of folders within folders
 *  unless `recursive`. `note` (overwritten, owned by the caller) is pst_export_batch_note(). Owned by the caller. */
GListStore *pst_export_batch_new(PstTray *tray, const PstExportOptions *options, gboolean recursive, char **note);

/** What was left out, folders that can't be read and files that are no pictures, or NULL. Owned by the caller. */
char *pst_export_batch_note(const PstBatch *batch);
