/* Standard output and standard error.
 *
 * Text is UTF-8 whatever the locale. Names from files may hold anything; on their way to a terminal
 * control characters become question marks, so that no file can move the cursor.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/** `text` as valid UTF-8 without control characters, on one line; owned by the caller. */
char *pst_console_clean(const char *text);

/** Prints to standard output, as is. */
void pst_console_print(const char *format, ...) G_GNUC_PRINTF(1, 2);

/** Prints a path and a newline to standard output: its bytes as they are, for the next program. */
void pst_console_path(const char *path);

/** Prints a JSON object as one line of standard output, at once, and takes it over. */
void pst_console_json(json_t *object);

/** A JSON string of text or of a file name, which may be no UTF-8; null for NULL. */
json_t *pst_json_text(const char *text);

/** Prints "pastiche: ..." on standard error, cleaned. */
void pst_console_error(const char *format, ...) G_GNUC_PRINTF(1, 2);

/** The same of an error, with what to do about it. */
void pst_console_failure(const GError *error);

/** The same for those that warn by a callback. `data` may be anything. */
void pst_console_warn(const GError *error, gpointer data);

/** FALSE as soon as standard output can't be written any more. */
gboolean pst_console_writable(void);

/** The last thing a command does: flushes standard output. PST_EXIT_DONE, or PST_EXIT_FAILED and an
 *  error line when something didn't get out. */
int pst_console_finish(void);
