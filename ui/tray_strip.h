/* The photos at hand in a row: a click opens one, and the look of the open one can be given to all. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/tray.h"

#define PST_TYPE_TRAY_STRIP pst_tray_strip_get_type()
G_DECLARE_FINAL_TYPE(PstTrayStrip, pst_tray_strip, PST, TRAY_STRIP, GtkWidget)

/** Both are borrowed and have to outlive the strip. */
void pst_tray_strip_set_tray(PstTrayStrip *strip, PstTray *tray, PstEngineService *service);
