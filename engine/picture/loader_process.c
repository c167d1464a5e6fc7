#define _GNU_SOURCE /* prlimit(), F_SETPIPE_SZ */
#include "loader_process.h"

#include "error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "pastiche-loader"

enum {
    FILE_DESCRIPTOR = 3, /* of the picture, in the loader */
    PATIENCE = 300000,   /* milliseconds */
    PIPE_SIZE = 1 << 20,
    SECONDS = 30, /* of processor time for a picture besides those for its pixels */
    SECONDS_PER_MEGAPIXEL = 2,
    GRACE = 5, /* seconds between the signal that ends a process and the one that it can't hold up */
};

static char *beside_this_program(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
    return folder ? g_build_filename(folder, "..", PST_LOADER_FROM_PROGRAM, PROGRAM, NULL) : NULL;
}

static char *find_loader(void)
{
    g_autofree char *beside = beside_this_program();
    const char *given = g_getenv("PASTICHE_LOADER");
    const char *const places[] = { beside, PST_LOADER_INSTALLED, PST_LOADER_BUILT };
    if (given)
        return g_strdup(given);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        if (places[i] && g_file_test(places[i], G_FILE_TEST_IS_EXECUTABLE))
            return g_strdup(places[i]);
    return g_strdup(PST_LOADER_INSTALLED);
}

gboolean pst_loader_process_start(PstLoaderProcess *process, int file, PstFormat format, guint64 memory, int max_side,
                                  const char *name, GCancellable *cancellable, GError **error)
{
    g_autofree char *loader = find_loader();
    g_autofree char *memory_text = g_strdup_printf("%" G_GUINT64_FORMAT, memory);
    g_autofree char *side_text = g_strdup_printf("%d", max_side);
    const char *const argv[] = { loader, pst_format_suffix(format), memory_text, side_text, NULL };
    const int target = FILE_DESCRIPTOR;
    GError *cause = NULL;
    int answers = -1;
    *process = (PstLoaderProcess){ .requests = -1, .answers = { -1, cancellable, PATIENCE } };
    if (!g_spawn_async_with_pipes_and_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                                          NULL, NULL, -1, -1, -1, &file, &target, 1, &process->pid, &process->requests,
                                          &answers, NULL, &cause)) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_UNSUPPORTED, name, "can't be read, as %s can't be started",
                              loader);
        g_clear_error(&cause);
        process->pid = 0;
        return FALSE;
    }
    process->answers.fd = answers;
    fcntl(answers, F_SETPIPE_SZ, PIPE_SIZE); /* only a hint */
    return TRUE;
}

void pst_loader_process_request_rows(PstLoaderProcess *process, guint64 pixels)
{
    rlim_t seconds = SECONDS + SECONDS_PER_MEGAPIXEL * (rlim_t)(pixels / 1000000);
    const struct rlimit limit = { seconds, seconds + GRACE };
    prlimit(process->pid, RLIMIT_CPU, &limit, NULL);
    /* Closing it is the request: writing could raise SIGPIPE. */
    close(process->requests);
    process->requests = -1;
}

static void close_pipes(PstLoaderProcess *process)
{
    if (process->requests >= 0)
        close(process->requests);
    if (process->answers.fd >= 0)
        close(process->answers.fd);
    process->requests = process->answers.fd = -1;
}

int pst_loader_process_wait(PstLoaderProcess *process)
{
    int status = 0;
    close_pipes(process); /* where it is not at its end, its next word ends it */
    while (process->pid > 0 && waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    process->pid = 0;
    return status;
}

void pst_loader_process_end(PstLoaderProcess *process)
{
    if (process->pid > 0)
        kill(process->pid, SIGKILL);
    pst_loader_process_wait(process);
}
