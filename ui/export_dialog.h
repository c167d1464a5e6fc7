/* Asks how and where the painting is to be saved. Signal "export" (PstExportOptions *options, borrowed): go. The dialog
 * closes itself then.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/export_item.h"

#define PST_TYPE_EXPORT_DIALOG pst_export_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstExportDialog, pst_export_dialog, PST, EXPORT_DIALOG, GtkWindow)

/** `options` (copied) are what it shows at first; photo and look are what is to be exported, for the name. */
GtkWidget *pst_export_dialog_new(GtkWindow *parent, const PstExportOptions *options, PstPhoto *photo, PstLook *look);
