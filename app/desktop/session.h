/* What a window would need to go on where it was: the path of the photograph, or of the video and when the frame is
 * shown, the look, results, dropped paintings, and the other photographs of the tray with their looks, in small files
 * that are written some moments after every change. One that is there at the start was left by a window that was
 * closed, or by a program that did not end well.
 */
#pragma once

#include "document.h"
#include "style_list.h"
#include "tray.h"

typedef struct PstSession PstSession;

/** Follows document and tray from now on. All are borrowed and have to outlive the session. */
PstSession *pst_session_new(PstDocument *document, PstTray *tray, PstStyleList *styles);

/** Ends following, and keeps what there is for the next start. */
void pst_session_free(PstSession *session);

/** The path of a session that was left behind, or NULL; the latest of several, the others are removed. Owned by the
 *  caller. */
char *pst_session_find(void);

/** The photograph that a session left behind was about, for people; owned by the caller. NULL where the file is no
 *  session, or the photograph is gone and there is none beside it. */
char *pst_session_name(const char *path);

/** Whether its window was closed, and did not just vanish. */
gboolean pst_session_was_closed(const char *path);

/** The look that a session holds, owned by the caller; NULL where the file is no session. */
PstLook *pst_session_look(const char *path);

/** Makes the document what the session says, fills the tray (or NULL), adds dropped paintings to the styles, and
 *  removes the session. "message" of the document tells which photographs are gone; where that is the open one, the
 *  first of the tray is opened. FALSE where it can't be read. */
gboolean pst_session_restore(const char *path, PstDocument *document, PstTray *tray, PstStyleList *styles);

/* ---- projects: a session in a file of its own, where the user wants it */

#define PST_PROJECT_SUFFIX ".pastiche"

/** Writes photograph's path, look, results and dropped paintings, in place of a file there. FALSE with
 *  PST_PICTURE_ERROR or G_IO_ERROR: a picture without a file can't be found again. */
gboolean pst_project_write(PstDocument *document, PstStyleList *styles, const char *path, GError **error);

/** Makes the document what the project says. A photograph that is not where it was is looked for beside the project.
 *  FALSE with G_IO_ERROR. */
gboolean pst_project_open(const char *path, PstDocument *document, PstStyleList *styles, GError **error);

/** Removes it. */
void pst_session_forget(const char *path);
