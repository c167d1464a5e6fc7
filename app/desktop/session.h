/* What a window would need to go on where it was: the photograph's path and the look as a recipe, in a small file that
 * is written some moments after every change and removed when the window is closed. One that is there at the start was
 * left by a program that did not end well.
 */
#pragma once

#include "document.h"

G_BEGIN_DECLS

typedef struct PstSession PstSession;

/** Follows the document (borrowed, to be freed later) from now on. */
PstSession *pst_session_new(PstDocument *document);

/** Ends following; removes the file. */
void pst_session_free(PstSession *session);

/** The path of a session that was left behind, or NULL; the latest of several, the others are removed. Owned by the
 *  caller. */
char *pst_session_find(void);

/** The photograph that a session left behind was about, for people; owned by the caller. NULL where the file is no
 *  session, or the photograph is gone. */
char *pst_session_name(const char *path);

/** Makes the document what the session says, and removes the session. FALSE where it can't be read. */
gboolean pst_session_restore(const char *path, PstDocument *document);

/** Removes it. */
void pst_session_forget(const char *path);

G_END_DECLS
