/* What the window can do, in a page for each part. */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_HELP_DIALOG pst_help_dialog_get_type()
G_DECLARE_FINAL_TYPE(PstHelpDialog, pst_help_dialog, PST, HELP_DIALOG, GtkWindow)

GtkWidget *pst_help_dialog_new(GtkWindow *parent);
