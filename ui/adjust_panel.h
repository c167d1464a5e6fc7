/* The settings of a look: finish, strength, stroke size and likeness with their presets; the rest folded away. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

#define PST_TYPE_ADJUST_PANEL pst_adjust_panel_get_type()
G_DECLARE_FINAL_TYPE(PstAdjustPanel, pst_adjust_panel, PST, ADJUST_PANEL, GtkWidget)

void pst_adjust_panel_set_document(PstAdjustPanel *panel, PstDocument *document);
