/* Earlier results of this session, the newest first; a click goes back to one. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

#define PST_TYPE_HISTORY_STRIP pst_history_strip_get_type()
G_DECLARE_FINAL_TYPE(PstHistoryStrip, pst_history_strip, PST, HISTORY_STRIP, GtkWidget)

void pst_history_strip_set_document(PstHistoryStrip *strip, PstDocument *document);
