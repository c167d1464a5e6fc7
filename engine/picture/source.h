/* Bytes to decode, in order, from a file or from memory. Private. */
#pragma once

#include <gio/gio.h>

enum { PST_SOURCE_PEEK = 32 };

typedef struct {
    const char *name; /* for messages; borrowed */
    GInputStream *stream;
    GCancellable *cancellable; /* borrowed, may be NULL */
    GError *error;             /* the first failure to read; reads give 0 bytes from then on */
    gboolean ended;            /* more bytes were asked for than there are */
    guint8 head[PST_SOURCE_PEEK];
    gsize head_size, head_used;
} PstSource;

/* Opens `path` and reads its first bytes into `head`. `source` borrows `path`. */
gboolean pst_source_open(PstSource *source, const char *path, GCancellable *cancellable, GError **error);
gboolean pst_source_open_bytes(PstSource *source, GBytes *bytes, const char *name, GCancellable *cancellable,
                               GError **error);
void pst_source_close(PstSource *source);

/* Whether it can be read again from its beginning: files and memory, not pipes. */
gboolean pst_source_can_rewind(const PstSource *source);
/* Goes back to the beginning. FALSE on error. */
gboolean pst_source_rewind(PstSource *source, GError **error);

/* Up to `size` bytes; fewer only at the end or after source->error is set. */
gsize pst_source_read(PstSource *source, void *buffer, gsize size);

/* `size` bytes from `offset` of the file on; the position of pst_source_read() stays. FALSE where there are
 * no such bytes, or the stream can't seek (a pipe). */
gboolean pst_source_peek(PstSource *source, guint64 offset, void *buffer, gsize size);

/* A descriptor, owned by the caller, that another process may read or map the whole source by: of the file, or, where
 * the source is memory or a pipe, of a copy of it that has no name. A copy takes the source to its end and has at most
 * `most` bytes. The position in it is shared with this source. -1 on error: TOO_BIG, MEMORY, IO of PST_PICTURE_ERROR,
 * or G_IO_ERROR_CANCELLED. */
int pst_source_descriptor(PstSource *source, guint64 most, GError **error);

/* TRUE when the work should stop: cancelled, or reading failed. */
gboolean pst_source_stopped(PstSource *source);
