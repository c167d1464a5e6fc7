/* The weights of the styles that are mixed, a slider for each; shown while there are two or more. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

#define PST_TYPE_MIX_BOX pst_mix_box_get_type()
G_DECLARE_FINAL_TYPE(PstMixBox, pst_mix_box, PST, MIX_BOX, GtkWidget)

void pst_mix_box_set_document(PstMixBox *box, PstDocument *document);
