/* A file that appears whole or not at all.
 *
 * Bytes go to a temporary file in the target's folder and are synchronised to the disk. Only then does the
 * file take the target's name. What was there before survives every failure. The temporary file has no name
 * (O_TMPFILE), so that nothing is left of it even by a killed process. Where the file system knows no such files it
 * is called .pastiche-XXXXXX; those that killed processes left are removed by the next output to their folder.
 */
#pragma once

#include <gio/gio.h>

/* What to do when the target exists. */
typedef enum {
    PST_CONFLICT_UNIQUE,    /* write beside it: name-2.png, name-3.png, ... */
    PST_CONFLICT_OVERWRITE, /* replace it, keeping its permissions; a link's target, not the link */
    PST_CONFLICT_SKIP,      /* leave it: PST_PICTURE_ERROR_EXISTS */
} PstConflict;

/* The path that writing to `path` would take now, owned by the caller: to tell the user, or to skip
 * a long computation. pst_output_commit() decides, as the folder may change meanwhile.
 * NULL on error: EXISTS (PST_CONFLICT_SKIP), NOT_A_FILE, MISSING (the folder), PERMISSION, IO of
 * PST_PICTURE_ERROR. */
char *pst_output_resolve(const char *path, PstConflict conflict, GError **error);

typedef struct _PstOutput PstOutput;

#define PST_OUTPUT_STANDARD "-" /* the path that stands for standard output, which gets all at the end or nothing */

/* Opens a temporary file beside `path`. The same errors as pst_output_resolve(), and NO_SPACE. */
PstOutput *pst_output_open(const char *path, PstConflict conflict, GError **error);

/* Appends `size` bytes. FALSE on error: NO_SPACE, IO. */
gboolean pst_output_write(PstOutput *output, const void *data, gsize size, GError **error);

/* The open file, for what is written by other means than pst_output_write(), by another process say; the output's. */
int pst_output_descriptor(const PstOutput *output);

/* The same in the middle of what was written, and reading there: all of it lies before the end. */
gboolean pst_output_write_at(PstOutput *output, guint64 at, const void *data, gsize size, GError **error);
gboolean pst_output_read_at(PstOutput *output, guint64 at, void *data, gsize size, GError **error);

/* Flushes to the disk what was written so far, piece by piece. On a slow disk pst_output_commit() would otherwise
 * wait for all of a large file, where nothing can cancel it. FALSE when cancelled; `cancellable` may be NULL. */
gboolean pst_output_flush(PstOutput *output, GCancellable *cancellable, GError **error);

/* Synchronises and names the file. Returns the path it got, owned by the caller, or NULL on error.
 * Free of races: with PST_CONFLICT_UNIQUE and _SKIP a file that another program made meanwhile is
 * never replaced. Call it once. */
char *pst_output_commit(PstOutput *output, GError **error);

/* Frees `output`; what was not committed is removed. NULL is allowed. */
void pst_output_free(PstOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstOutput, pst_output_free)
