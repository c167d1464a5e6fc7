#define _GNU_SOURCE /* memfd_create() */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "video_error.h"

#define NOTES      3
#define FILE_THERE 4
#define SAID       8192      /* bytes of standard error that are looked at, the last ones */
#define NICE       5         /* steps of priority below this process */
#define PIPE_BYTES (1 << 20) /* that pipes of frames hold, where the system lets them: fewer turns of both sides */

struct PstChild {
    GSubprocess *process;
    int input, output, notes; /* this side of the pipes, or -1 */
    int said;                 /* a file in memory */
    GString *line;            /* of notes that were read, and not yet asked for */
};

G_DEFINE_QUARK(pst - video - error - quark, pst_video_error)

static void close_end(int *end)
{
    if (*end >= 0) {
        close(*end);
    }
    *end = -1;
}

void pst_child_kill(PstChild *child)
{
    g_subprocess_force_exit(child->process);
}

void pst_child_free(PstChild *child)
{
    if (!child) {
        return;
    }
    close_end(&child->input);
    close_end(&child->output);
    close_end(&child->notes);
    close_end(&child->said);
    if (child->process) {
        g_subprocess_force_exit(child->process);
        g_subprocess_wait(child->process, NULL, NULL);
        g_object_unref(child->process);
    }
    g_string_free(child->line, TRUE);
    g_free(child);
}

/* What paints waits for all its threads, so it goes first; children have what is left, and frames queue up. */
static void give_way(gpointer data)
{
    if (nice(NICE) < 0) {
        /* Then it does not. */
    }
}

/* `*ours` is the end that this process keeps; the other one is returned. */
static int open_pipe(gboolean child_reads, int *ours)
{
    int ends[2] = { -1, -1 };

    if (!g_unix_open_pipe(ends, FD_CLOEXEC, NULL)) {
        return -1;
    }
    *ours = ends[child_reads ? 1 : 0];
    return ends[child_reads ? 0 : 1];
}

PstChild *pst_child_new(const char *const *arguments, const PstChildPipes *pipes, GError **error)
{
    g_autofree char *program = g_find_program_in_path(arguments[0]);
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    g_autoptr(PstChild) child = g_new0(PstChild, 1);
    g_autoptr(GError) reason = NULL;

    child->input = child->output = child->notes = child->said = -1;
    child->line = g_string_new(NULL);
    if (!program) {
        g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_FFMPEG, _("%s: is not installed"), arguments[0]);
        return NULL;
    }
    if (pipes->folder) {
        g_subprocess_launcher_set_cwd(launcher, pipes->folder);
    }
    if (pipes->reads) {
        g_subprocess_launcher_take_stdin_fd(launcher, open_pipe(TRUE, &child->input));
        /* A pipe that is ready takes at least a page, but a larger write would wait for the rest. */
        g_unix_set_fd_nonblocking(child->input, TRUE, NULL);
        fcntl(child->input, F_SETPIPE_SZ, PIPE_BYTES);
    }
    if (pipes->writes) {
        g_subprocess_launcher_take_stdout_fd(launcher, open_pipe(FALSE, &child->output));
        fcntl(child->output, F_SETPIPE_SZ, PIPE_BYTES);
    }
    if (pipes->notes) {
        g_subprocess_launcher_take_fd(launcher, open_pipe(FALSE, &child->notes), NOTES);
    }
    if (pipes->file) {
        g_subprocess_launcher_take_fd(launcher, dup(pipes->file), FILE_THERE);
    }
    g_subprocess_launcher_set_child_setup(launcher, give_way, NULL, NULL);
    child->said = memfd_create("stderr", MFD_CLOEXEC);
    g_subprocess_launcher_take_stderr_fd(launcher, dup(child->said));
    child->process = g_subprocess_launcher_spawnv(launcher, arguments, &reason);
    if (!child->process) {
        g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_FFMPEG, _("%s: can't be started (%s)"), arguments[0],
                    reason->message);
        return NULL;
    }
    return g_steal_pointer(&child);
}

/* Waits until the descriptor is ready. */
static gboolean wait_for(int descriptor, short events, GCancellable *cancellable, GError **error)
{
    struct pollfd all[2] = { { .fd = descriptor, .events = events },
                             { .fd = g_cancellable_get_fd(cancellable), .events = POLLIN } };
    int ready;

    do {
        ready = poll(all, all[1].fd >= 0 ? 2 : 1, -1);
    } while (ready < 0 && errno == EINTR);
    if (all[1].fd >= 0) {
        g_cancellable_release_fd(cancellable);
    }
    return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

static gboolean fail(int code, GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(code), g_strerror(code));
    return FALSE;
}

/* What there is, at most `size` bytes; 0 at the end. */
static gssize read_some(int descriptor, void *data, gsize size, GCancellable *cancellable, GError **error)
{
    gssize count;

    do {
        if (!wait_for(descriptor, POLLIN, cancellable, error)) {
            return -1;
        }
        count = read(descriptor, data, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        fail(errno, error);
    }
    return count;
}

gssize pst_child_read(PstChild *child, void *data, gsize size, GCancellable *cancellable, GError **error)
{
    gsize done = 0;

    while (done < size) {
        gssize count = read_some(child->output, (char *)data + done, size - done, cancellable, error);

        if (count < 0) {
            return -1;
        }
        if (count == 0) {
            break;
        }
        done += (gsize)count;
    }
    return (gssize)done;
}

char *pst_child_read_line(PstChild *child, GCancellable *cancellable, GError **error)
{
    char piece[1024];
    const char *end;
    gssize count;
    char *line;

    while (!(end = strchr(child->line->str, '\n'))) {
        count = read_some(child->notes, piece, sizeof piece, cancellable, error);
        if (count <= 0) {
            return NULL;
        }
        g_string_append_len(child->line, piece, count);
    }
    line = g_strndup(child->line->str, (gsize)(end - child->line->str));
    g_string_erase(child->line, 0, end - child->line->str + 1);
    return line;
}

gboolean pst_child_write(PstChild *child, const void *data, gsize size, GCancellable *cancellable, GError **error)
{
    const char *next = data;

    while (size > 0) {
        gssize count;

        if (!wait_for(child->input, POLLOUT, cancellable, error)) {
            return FALSE;
        }
        count = write(child->input, next, size);
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            return fail(errno, error);
        }
        if (count > 0) {
            next += count;
            size -= (gsize)count;
        }
    }
    return TRUE;
}

/* The last line that it said; owned by the caller. */
static char *last_said(const PstChild *child)
{
    off_t size = lseek(child->said, 0, SEEK_END);
    g_autofree char *text = g_malloc0(SAID + 1);
    g_autofree char *valid = NULL;
    char *line;

    if (size <= 0 || pread(child->said, text, SAID, MAX(0, size - SAID)) <= 0) {
        return g_strdup(_("no reason given"));
    }
    valid = g_utf8_make_valid(text, -1);
    g_strstrip(valid);
    line = strrchr(valid, '\n');
    return g_strdup(line ? line + 1 : valid);
}

gboolean pst_child_finish(PstChild *child, const char *name, int code, GCancellable *cancellable, GError **error)
{
    g_autofree char *reason = NULL, *lead = g_strconcat("file:", name, ": ", NULL);

    close_end(&child->input);
    if (!g_subprocess_wait(child->process, cancellable, error)) {
        return FALSE;
    }
    if (g_subprocess_get_successful(child->process)) {
        return TRUE;
    }
    reason = last_said(child);
    /* ffmpeg may have named the file itself. */
    g_set_error(error, PST_VIDEO_ERROR, code, "%s: %s", name,
                g_str_has_prefix(reason, lead) ? reason + strlen(lead) : reason);
    return FALSE;
}
