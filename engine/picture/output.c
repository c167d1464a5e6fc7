#define _GNU_SOURCE /* O_TMPFILE, renameat2(), sync_file_range() */
#include "output.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define TEMPORARY ".pastiche-"

enum {
    MAX_NUMBER = 9999,
    ABANDONED = 60, /* seconds: a temporary file may be older than its lock, but not by so much */
    WRITE_BEHIND = 16 << 20,
    FLUSHED = 2 << 20, /* at a time */
};

struct _PstOutput {
    char *path;      /* as asked for, for messages and for numbering */
    char *target;    /* where it goes when overwriting: `path`, or what it links to */
    char *temporary; /* or NULL: it has no name yet */
    PstConflict conflict;
    int fd;
    gint64 written, sent; /* bytes; on their way to the disk */
};

/* "a/b.png", 3 -> "a/b-3.png"; 1 -> as it is. */
static char *numbered(const char *path, int number)
{
    if (number == 1)
        return g_strdup(path);
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    if (!dot || dot == base) /* none, or a hidden file's */
        dot = base + strlen(base);
    return g_strdup_printf("%.*s-%d%s", (int)(dot - path), path, number, dot);
}

/* A dangling link exists, too: nothing must be written through it. */
static gboolean exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

static void set_exists_error(const char *path, GError **error)
{
    pst_picture_set_error(error, PST_PICTURE_ERROR_EXISTS, path, "exists already and was kept");
}

static gboolean check_target(const char *path, PstConflict conflict, GError **error)
{
    struct stat info;
    if (g_str_has_suffix(path, "/") || (stat(path, &info) == 0 && S_ISDIR(info.st_mode))) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_NOT_A_FILE, path, "is a folder");
        return FALSE;
    }
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_NOT_A_FILE, path, "is a device, not a file");
        return FALSE;
    }
    /* Renaming over it would work, but a file made read-only is meant to stay. */
    if (conflict == PST_CONFLICT_OVERWRITE && g_access(path, F_OK) == 0 && g_access(path, W_OK) != 0) {
        pst_picture_set_write_error(error, path, errno);
        return FALSE;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        pst_picture_set_write_error(error, path, ENOENT);
        return FALSE;
    }
    if (g_access(folder, W_OK | X_OK) != 0) {
        pst_picture_set_write_error(error, path, errno);
        return FALSE;
    }
    return TRUE;
}

char *pst_output_resolve(const char *path, PstConflict conflict, GError **error)
{
    if (!check_target(path, conflict, error))
        return NULL;
    if (conflict == PST_CONFLICT_OVERWRITE || !exists(path))
        return g_strdup(path);
    for (int number = 2; conflict == PST_CONFLICT_UNIQUE && number <= MAX_NUMBER; number++) {
        g_autofree char *candidate = numbered(path, number);
        if (!exists(candidate))
            return g_steal_pointer(&candidate);
    }
    set_exists_error(path, error);
    return NULL;
}

/* Removes what killed processes left in `folder`. Who writes a temporary file holds its lock. */
static void remove_abandoned(const char *folder)
{
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory))) {
        if (!g_str_has_prefix(name, TEMPORARY))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        struct stat info;
        if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
            info.st_mtime < g_get_real_time() / G_USEC_PER_SEC - ABANDONED && flock(fd, LOCK_EX | LOCK_NB) == 0)
            unlink(path);
        if (fd >= 0)
            close(fd);
    }
}

/* A name for the temporary file, not made from the target's, which may have the largest length that names can have. */
static char *temporary_name(const char *folder)
{
    return g_build_filename(folder, TEMPORARY "XXXXXX", NULL);
}

static gboolean open_temporary(PstOutput *output, const char *folder)
{
    /* It gets its name by way of /proc, and may be read again. */
    errno = EOPNOTSUPP;
    if (g_access("/proc/self/fd", X_OK) == 0)
        output->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666); /* less the umask */
    if (output->fd >= 0)
        return TRUE;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT)
        return FALSE;
    output->temporary = temporary_name(folder);
    output->fd = g_mkstemp_full(output->temporary, O_RDWR | O_CLOEXEC, 0666);
    if (output->fd < 0)
        g_clear_pointer(&output->temporary, g_free);
    else
        flock(output->fd, LOCK_EX | LOCK_NB);
    return output->fd >= 0;
}

static gboolean is_standard(const PstOutput *output)
{
    return strcmp(output->path, PST_OUTPUT_STANDARD) == 0;
}

static PstOutput *open_standard(GError **error)
{
    g_autoptr(PstOutput) output = g_new0(PstOutput, 1);
    output->fd = -1;
    output->path = g_strdup(PST_OUTPUT_STANDARD);
    if (open_temporary(output, g_get_tmp_dir()))
        return g_steal_pointer(&output);
    pst_picture_set_write_error(error, g_get_tmp_dir(), errno);
    return NULL;
}

PstOutput *pst_output_open(const char *path, PstConflict conflict, GError **error)
{
    if (strcmp(path, PST_OUTPUT_STANDARD) == 0)
        return open_standard(error);
    g_autofree char *now = pst_output_resolve(path, conflict, error);
    if (!now)
        return NULL;
    g_autoptr(PstOutput) output = g_new0(PstOutput, 1);
    output->fd = -1;
    output->path = g_strdup(path);
    output->conflict = conflict;
    char *linked = conflict == PST_CONFLICT_OVERWRITE ? realpath(path, NULL) : NULL;
    output->target = g_strdup(linked ? linked : path);
    free(linked);

    g_autofree char *folder = g_path_get_dirname(output->target);
    remove_abandoned(folder);
    if (!open_temporary(output, folder)) {
        pst_picture_set_write_error(error, path, errno);
        return NULL;
    }
    struct stat old;
    if (conflict == PST_CONFLICT_OVERWRITE && stat(output->target, &old) == 0 &&
        fchmod(output->fd, old.st_mode & 0777) != 0) {
        pst_picture_set_write_error(error, path, errno);
        return NULL;
    }
    return g_steal_pointer(&output);
}

gboolean pst_output_write(PstOutput *output, const void *data, gsize size, GError **error)
{
    const char *next = data;
    while (size > 0) {
        ssize_t written = write(output->fd, next, MIN(size, (gsize)1 << 30));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            pst_picture_set_write_error(error, output->path, written < 0 ? errno : EIO);
            return FALSE;
        }
        next += written;
        size -= (gsize)written;
        output->written += written;
    }
    /* Starts to write out what there is, so that the commit of a large file needn't wait for all of it. Only a hint:
     * where it fails, the commit does the work. */
    if (output->written - output->sent >= WRITE_BEHIND) {
        sync_file_range(output->fd, output->sent, output->written - output->sent, SYNC_FILE_RANGE_WRITE);
        output->sent = output->written;
    }
    return TRUE;
}

int pst_output_descriptor(const PstOutput *output)
{
    return output->fd;
}

gboolean pst_output_write_at(PstOutput *output, guint64 at, const void *data, gsize size, GError **error)
{
    const char *next = data;
    for (gssize written; size > 0; next += written, at += (guint64)written, size -= (gsize)written) {
        written = pwrite(output->fd, next, size, (off_t)at);
        if (written < 0 && errno == EINTR)
            written = 0;
        if (written < 0) {
            pst_picture_set_write_error(error, output->path, errno);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_output_read_at(PstOutput *output, guint64 at, void *data, gsize size, GError **error)
{
    char *next = data;
    for (gssize got; size > 0; next += got, at += (guint64)got, size -= (gsize)got) {
        got = pread(output->fd, next, size, (off_t)at);
        if (got < 0 && errno == EINTR)
            got = 0;
        else if (got <= 0) {
            pst_picture_set_write_error(error, output->path, got < 0 ? errno : EIO);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_output_flush(PstOutput *output, GCancellable *cancellable, GError **error)
{
    sync_file_range(output->fd, output->sent, 0, SYNC_FILE_RANGE_WRITE);
    output->sent = output->written;
    for (gint64 at = 0; at < output->written; at += FLUSHED) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        /* fsync() reports any failure again. */
        sync_file_range(output->fd, at, FLUSHED,
                        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    }
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

/* Gives the file without a name one, unless that exists (EEXIST). */
static int link_nameless(int fd, const char *to)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, path, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
}

/* A name of its own beside the target, from which it can be renamed over that: links replace nothing. */
static gboolean name_temporary(PstOutput *output)
{
    g_autofree char *folder = g_path_get_dirname(output->target);
    for (int i = 0; i < MAX_NUMBER; i++) {
        g_autofree char *name = g_strdup_printf(TEMPORARY "%08x", g_random_int());
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (link_nameless(output->fd, path) == 0) {
            output->temporary = g_steal_pointer(&path);
            return TRUE;
        }
        if (errno != EEXIST)
            return FALSE;
    }
    return FALSE;
}

/* Renames unless `to` exists (EEXIST), in the best way that the file system knows. */
static int rename_to_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return -1;
    if (link(from, to) == 0) {
        unlink(from);
        return 0;
    }
    if (errno != EPERM && errno != ENOSYS && errno != ENOTSUP && errno != EMLINK)
        return -1;
    /* No hard links either (FAT): take the name with an empty file, then replace that. */
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    close(fd);
    if (rename(from, to) == 0)
        return 0;
    int saved = errno;
    unlink(to);
    errno = saved;
    return -1;
}

/* Makes the new name durable. The file exists in any case, and not every file system can do this, so failures are
 * not reported. */
static void synchronise_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static char *take_name(PstOutput *output, GError **error)
{
    if (output->conflict == PST_CONFLICT_OVERWRITE) {
        if ((output->temporary || name_temporary(output)) && rename(output->temporary, output->target) == 0)
            return g_strdup(output->path);
        pst_picture_set_write_error(error, output->path, errno);
        return NULL;
    }
    int last = output->conflict == PST_CONFLICT_UNIQUE ? MAX_NUMBER : 1;
    for (int number = 1; number <= last; number++) {
        g_autofree char *candidate = numbered(output->path, number);
        if ((output->temporary ? rename_to_new(output->temporary, candidate) : link_nameless(output->fd, candidate)) ==
            0)
            return g_steal_pointer(&candidate);
        if (errno != EEXIST) {
            pst_picture_set_write_error(error, candidate, errno);
            return NULL;
        }
    }
    set_exists_error(output->path, error);
    return NULL;
}

static gboolean write_all(int fd, const char *data, gssize size)
{
    while (size > 0) {
        gssize written = write(fd, data, (gsize)size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return FALSE;
        data += written;
        size -= written;
    }
    return TRUE;
}

static char *copy_to_standard(PstOutput *output, GError **error)
{
    g_autofree char *buffer = g_malloc(FLUSHED);
    gssize got;
    for (off_t at = 0; (got = pread(output->fd, buffer, FLUSHED, at)) > 0; at += got)
        if (!write_all(STDOUT_FILENO, buffer, got)) {
            got = -1;
            break;
        }
    if (got == 0)
        return g_strdup(output->path);
    pst_picture_set_write_error(error, output->path, errno);
    return NULL;
}

char *pst_output_commit(PstOutput *output, GError **error)
{
    g_return_val_if_fail(output->fd >= 0, NULL);
    if (is_standard(output))
        return copy_to_standard(output, error);
    if (fsync(output->fd) != 0) {
        pst_picture_set_write_error(error, output->path, errno);
        return NULL;
    }
    char *written = take_name(output, error);
    if (!written)
        return NULL;
    g_clear_pointer(&output->temporary, g_free);
    synchronise_folder(output->target);
    return written;
}

void pst_output_free(PstOutput *output)
{
    if (!output)
        return;
    if (output->fd >= 0)
        close(output->fd);
    if (output->temporary)
        unlink(output->temporary);
    g_free(output->temporary);
    g_free(output->target);
    g_free(output->path);
    g_free(output);
}
