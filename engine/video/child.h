/* A child process that is talked to by pipes. What it says on standard error is kept for messages. */
#pragma once

#include <gio/gio.h>

typedef struct PstChild PstChild;

/** What its descriptors are. */
typedef struct {
    gboolean reads;     /* standard input is a pipe, pst_child_write(); otherwise it is empty */
    gboolean writes;    /* standard output is a pipe, pst_child_read() */
    gboolean notes;     /* descriptor 3 is another pipe, pst_child_read_line() */
    int file;           /* an open file that becomes descriptor 4, PST_CHILD_FILE to the child; 0: none */
    const char *folder; /* to start it in, or NULL: here */
} PstChildPipes;

#define PST_CHILD_FILE "/proc/self/fd/4"

/** Starts a program of the PATH. `arguments` ends with NULL; the first is the program's name. NULL and
 *  PST_VIDEO_ERROR_FFMPEG where there is no such program. */
PstChild *pst_child_new(const char *const *arguments, const PstChildPipes *pipes, GError **error);

/** Ends it if it runs, so that another thread that reads or writes does not wait any longer. */
void pst_child_kill(PstChild *child);

/** Ends it if it runs. */
void pst_child_free(PstChild *child);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstChild, pst_child_free)

/** Reads up to `size` bytes, fewer only where there are no more; -1 when cancelled (G_IO_ERROR_CANCELLED) or on an
 *  error of reading. */
gssize pst_child_read(PstChild *child, void *data, gsize size, GCancellable *cancellable, GError **error);

/** The next line of its notes without the newline, owned by the caller; NULL where there are no more, and with an error
 *  when cancelled. */
char *pst_child_read_line(PstChild *child, GCancellable *cancellable, GError **error);

/** Writes all. FALSE when cancelled, or where it does not read any more: pst_child_finish() says why. */
gboolean pst_child_write(PstChild *child, const void *data, gsize size, GCancellable *cancellable, GError **error);

/** Tells it that there is no more to read, and waits for its end. FALSE and an error, of PST_VIDEO_ERROR and `code`,
 *  whose message is "`name`: " and the last line that it said, if it did not succeed. */
gboolean pst_child_finish(PstChild *child, const char *name, int code, GCancellable *cancellable, GError **error);
