/* The photos of the tray, painted to files in the background: what is done, skipped and failed.
 * Closing the window stops what is left. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/export_item.h"
#include "app/desktop/tray.h"

#define PST_TYPE_BATCH_DIALOG pst_batch_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstBatchDialog, pst_batch_dialog, PST, BATCH_DIALOG, GtkWindow)

/** `style` is the one of all photos, or NULL where they differ. The engine service has to outlive it. */
GtkWidget *pst_batch_dialog_new(GtkWindow *parent, PstEngineService *service, PstTray *tray, const char *style,
                                const PstExportOptions *options);
