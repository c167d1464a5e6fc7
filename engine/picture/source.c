#define _GNU_SOURCE /* memfd_create() */
#include "source.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean read_head(PstSource *source, GError **error)
{
    GError *cause = NULL;
    source->head_used = 0;
    if (!g_input_stream_read_all(source->stream, source->head, PST_SOURCE_PEEK, &source->head_size, source->cancellable,
                                 &cause)) {
        pst_picture_set_read_error(error, source->name, cause);
        return FALSE;
    }
    if (source->head_size == 0) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_EMPTY, source->name, "is empty");
        return FALSE;
    }
    return TRUE;
}

static gboolean open_stream(PstSource *source, const char *name, GCancellable *cancellable, GError **error)
{
    source->name = name;
    source->cancellable = cancellable;
    if (!read_head(source, error)) {
        pst_source_close(source);
        return FALSE;
    }
    return TRUE;
}

/* A pipe or a terminal: a plain read() could wait forever, and no cancel would end it. */
static GInputStream *open_pipe(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0)
        return g_unix_input_stream_new(fd, TRUE);
    int failure = errno;
    g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(failure), g_strerror(failure));
    return NULL;
}

static GInputStream *open_file(const char *path, GCancellable *cancellable, GError **error)
{
    struct stat info;
    if (stat(path, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode)))
        return open_pipe(path, error);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    return (GInputStream *)g_file_read(file, cancellable, error);
}

gboolean pst_source_open(PstSource *source, const char *path, GCancellable *cancellable, GError **error)
{
    *source = (PstSource){ 0 };
    GError *cause = NULL;
    source->stream = open_file(path, cancellable, &cause);
    if (!source->stream) {
        pst_picture_set_read_error(error, path, cause);
        return FALSE;
    }
    return open_stream(source, path, cancellable, error);
}

gboolean pst_source_open_bytes(PstSource *source, GBytes *bytes, const char *name, GCancellable *cancellable,
                               GError **error)
{
    *source = (PstSource){ 0 };
    source->stream = g_memory_input_stream_new_from_bytes(bytes);
    return open_stream(source, name, cancellable, error);
}

void pst_source_close(PstSource *source)
{
    g_clear_object(&source->stream);
    g_clear_error(&source->error);
}

gboolean pst_source_can_rewind(const PstSource *source)
{
    return G_IS_SEEKABLE(source->stream) && g_seekable_can_seek(G_SEEKABLE(source->stream));
}

gboolean pst_source_rewind(PstSource *source, GError **error)
{
    GError *cause = NULL;
    g_clear_error(&source->error);
    source->ended = FALSE;
    if (!g_seekable_seek(G_SEEKABLE(source->stream), 0, G_SEEK_SET, source->cancellable, &cause)) {
        pst_picture_set_read_error(error, source->name, cause);
        return FALSE;
    }
    return read_head(source, error);
}

gsize pst_source_read(PstSource *source, void *buffer, gsize size)
{
    gsize from_head = MIN(size, source->head_size - source->head_used);
    memcpy(buffer, source->head + source->head_used, from_head);
    source->head_used += from_head;
    gsize from_stream = 0;
    if (from_head < size && !source->error)
        g_input_stream_read_all(source->stream, (guint8 *)buffer + from_head, size - from_head, &from_stream,
                                source->cancellable, &source->error);
    if (source->error)
        return 0;
    if (from_head + from_stream < size)
        source->ended = TRUE;
    return from_head + from_stream;
}

gboolean pst_source_peek(PstSource *source, guint64 offset, void *buffer, gsize size)
{
    if (!pst_source_can_rewind(source) || offset > G_MAXINT64)
        return FALSE;
    GSeekable *seekable = G_SEEKABLE(source->stream);
    goffset place = g_seekable_tell(seekable);
    gsize got = 0;
    gboolean found = g_seekable_seek(seekable, (goffset)offset, G_SEEK_SET, NULL, NULL) &&
                     g_input_stream_read_all(source->stream, buffer, size, &got, NULL, NULL) && got == size;
    if (!g_seekable_seek(seekable, place, G_SEEK_SET, NULL, NULL) && !source->error)
        g_set_error_literal(&source->error, G_IO_ERROR, G_IO_ERROR_FAILED, _("seeking failed"));
    return found;
}

static gboolean write_all_bytes(int fd, const guint8 *data, gsize size)
{
    for (gssize written; size > 0; data += written, size -= (gsize)written) {
        written = write(fd, data, size);
        if (written < 0 && errno == EINTR)
            written = 0;
        if (written < 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean copy_to(PstSource *source, int fd, guint64 most, GError **error)
{
    enum { PIECE = 1 << 20 };
    g_autofree guint8 *piece = g_malloc(PIECE);
    guint64 sum = 0;
    gsize got;
    while ((got = pst_source_read(source, piece, PIECE)) > 0) {
        if ((sum += got) > most) {
            pst_picture_set_error(error, PST_PICTURE_ERROR_TOO_BIG, source->name,
                                  "takes more than the %.1f GB of memory that are allowed", (double)most / 1e9);
            return FALSE;
        }
        if (!write_all_bytes(fd, piece, got)) {
            pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, source->name, "not enough memory");
            return FALSE;
        }
    }
    if (source->error) {
        pst_picture_set_read_error(error, source->name, g_steal_pointer(&source->error));
        return FALSE;
    }
    return TRUE;
}

int pst_source_descriptor(PstSource *source, guint64 most, GError **error)
{
    gboolean is_file = pst_source_can_rewind(source) && G_IS_FILE_DESCRIPTOR_BASED(source->stream);
    int fd = is_file
                 ? fcntl(g_file_descriptor_based_get_fd(G_FILE_DESCRIPTOR_BASED(source->stream)), F_DUPFD_CLOEXEC, 3)
                 : memfd_create("picture", MFD_CLOEXEC);
    if (fd < 0) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_IO, source->name, "can't be read (%s)", g_strerror(errno));
        return -1;
    }
    if (is_file || copy_to(source, fd, most, error))
        return fd;
    close(fd);
    return -1;
}

gboolean pst_source_stopped(PstSource *source)
{
    return source->error || g_cancellable_is_cancelled(source->cancellable);
}
