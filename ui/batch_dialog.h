/* Many photos in one look, in the background: what is done, skipped and failed.
 * Closing the window stops what is left. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/export_item.h"

G_BEGIN_DECLS

#define PST_TYPE_BATCH_DIALOG pst_batch_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstBatchDialog, pst_batch_dialog, PST, BATCH_DIALOG, GtkWindow)

/** `paths` (NULL-terminated) are files and folders; of a folder, the pictures in it. The engine service has to
 *  outlive it. */
GtkWidget *pst_batch_dialog_new(GtkWindow *parent, PstEngineService *service, const char *const *paths, PstLook *look,
                                const PstExportOptions *options);

G_END_DECLS
