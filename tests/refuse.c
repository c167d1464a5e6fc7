/* Refuses large blocks of memory. Loaded before the C library (LD_PRELOAD), or linked to a test.
 *
 * With REFUSE_FOLDER, the name of a folder, in the environment: at each large block the program is doubled. The double
 * is refused the block and goes on alone, and what it says and its exit status go to a file of the folder, named by the
 * number of the block; then the program has the block and goes on too. So one run tries them all. A double has but one
 * of the program's threads, so the program is told of one processor.
 */
#include "refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((size_t)1 << 20)

/* glibc's own. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static atomic_int blocks, chosen;
static int is_double;

int refuse(int block)
{
    int seen = atomic_exchange(&blocks, 0);

    atomic_store(&chosen, block);
    return seen;
}

static int open_record(const char *folder, int block, int flags)
{
    char name[4096];

    snprintf(name, sizeof name, "%s/%d", folder, block);
    return open(name, O_WRONLY | flags, 0666);
}

/* The double's answer is yes. */
static int double_program(const char *folder, int block)
{
    int status, record;
    pid_t child = fork();

    if (child == 0) {
        is_double = 1;
        record = open_record(folder, block, O_CREAT | O_TRUNC);
        dup2(record, STDERR_FILENO);
        dup2(record, STDOUT_FILENO);
        return 1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    record = open_record(folder, block, O_APPEND);
    dprintf(record, "status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
    close(record);
    return 0;
}

static int is_refused(size_t bytes)
{
    if (bytes < LARGE || is_double) {
        return 0;
    }
    int block = atomic_fetch_add(&blocks, 1) + 1;
    const char *folder = getenv("REFUSE_FOLDER");
    int refused = folder ? double_program(folder, block) : block == atomic_load(&chosen);

    if (refused) {
        errno = ENOMEM;
    }
    return refused;
}

/* For libraries too. */
#pragma GCC visibility push(default)

/* GLib's. */
unsigned g_get_num_processors(void);

unsigned g_get_num_processors(void)
{
    return getenv("REFUSE_FOLDER") ? 1 : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

void *malloc(size_t bytes)
{
    return is_refused(bytes) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return is_refused(count * bytes) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes)
{
    return is_refused(bytes) ? NULL : __libc_realloc(block, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return is_refused(bytes) ? NULL : __libc_memalign(alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes)
{
    if (is_refused(bytes) || !(*block = __libc_memalign(alignment, bytes))) {
        return ENOMEM;
    }
    return 0;
}

#pragma GCC visibility pop
