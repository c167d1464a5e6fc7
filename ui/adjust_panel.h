/* The settings of a look: strength, stroke size, detail, colours. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

G_BEGIN_DECLS

#define PST_TYPE_ADJUST_PANEL pst_adjust_panel_get_type()
G_DECLARE_FINAL_TYPE(PstAdjustPanel, pst_adjust_panel, PST, ADJUST_PANEL, GtkWidget)

void pst_adjust_panel_set_document(PstAdjustPanel *panel, PstDocument *document);

G_END_DECLS
