/* What to do about errors of the engine, which themselves carry a code and the facts. */
#pragma once

#include <glib.h>

/** The advice for an error, in the user's language, or NULL: there is none, or the message holds it. */
const char *pst_advice(const GError *error);

/** TRUE if the same work may well succeed another time or on another machine: memory, disk space or a disk failed, not
 *  what was asked for. */
gboolean pst_error_may_pass(const GError *error);

/** "MESSAGE; ADVICE", or the message alone; the caller's. */
char *pst_error_text(const GError *error);

/** The same without the folder of the file that it is about, where it begins with `path` (may be NULL): in a window the
 *  file's name says enough. The caller's. */
char *pst_error_text_in_window(const GError *error, const char *path);
