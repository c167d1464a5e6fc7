/* A window on one photograph.
 *
 * Signals: "export-started" (PstExportItem *item): a picture is being exported; the window may be closed before it is
 * done. "training-started" (PstTrainingRun *run): a style is being trained. It opens files with pst_window_open_file(); everything else is an action ("win.undo", ...).
 */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"
#include "app/desktop/export_item.h"
#include "canvas.h"

G_BEGIN_DECLS

#define PST_TYPE_WINDOW pst_window_get_type()
G_DECLARE_FINAL_TYPE(PstWindow, pst_window, PST, WINDOW, GtkApplicationWindow)

/** The engine service is borrowed and has to outlive the window. */
PstWindow *pst_window_new(GtkApplication *application, PstEngineService *service);

/** Opens a photo; a folder, or several files, become a batch. `files` is NULL-terminated. */
void pst_window_open_files(PstWindow *window, GFile *const *files);

/** Offers to go on where a program that did not end well was, if there was one. */
void pst_window_offer_session(PstWindow *window);

/** Offers to go on with a training that is not finished, if there is one. */
void pst_window_offer_training(PstWindow *window);

PstDocument *pst_window_document(PstWindow *window);
PstCanvas *pst_window_canvas(PstWindow *window);

/** Tells one sentence, with a button at will, as pst_message_bar_show(). */
void pst_window_tell(PstWindow *window, const char *text, const char *button, const char *detailed_action);

/** The sentence that is shown, or NULL. */
const char *pst_window_told(PstWindow *window);

/** TRUE while there is something that the window waits for: reading, painting, thumbnails, an export. */
gboolean pst_window_is_busy(PstWindow *window);

G_END_DECLS
