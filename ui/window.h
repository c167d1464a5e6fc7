/* A window on one photograph.
 *
 * Signals: "export-started" (PstExportItem *item): a picture is being exported; the window may be closed before it is
 * done. "training-started" (PstTrainingRun *run): a style is being trained.
 *
 * It opens files with pst_window_open_files(); everything else is an action ("win.undo", ...).
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/style_list.h"

#define PST_TYPE_WINDOW pst_window_get_type()
G_DECLARE_FINAL_TYPE(PstWindow, pst_window, PST, WINDOW, GtkApplicationWindow)

/** The engine service is borrowed and has to outlive the window; the style list, which windows share, is referenced. */
PstWindow *pst_window_new(GtkApplication *application, PstEngineService *service, PstStyleList *style_list);

/** Opens a photo; a folder, or several files, go to the tray. `files` is NULL-terminated. */
void pst_window_open_files(PstWindow *window, GFile *const *files);

/** Offers to go on where a program that did not end well was, if there was one. */
void pst_window_offer_session(PstWindow *window);

/** Offers to go on with a training that is not finished, if there is one. */
void pst_window_offer_training(PstWindow *window);

/** What the window works on; owned by it. */
PstDocument *pst_window_document(PstWindow *window);

/** TRUE while there is something that the window waits for: reading, painting, thumbnails, an export. */
gboolean pst_window_is_busy(PstWindow *window);
