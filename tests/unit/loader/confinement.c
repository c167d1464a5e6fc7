/* What a loader can't do any more, tried by a process that is confined as one. */
#include "engine/loader/confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

enum { MEMORY = 64 << 20, SKIPPED = 77 };

/* The exit status of a child that is confined and then does it: 0 where that was possible. */
static int try(int (*act)(void))
{
    pid_t child = fork();
    int status = 0;
    if (child == 0)
        _exit(pst_confine(MEMORY) ? act() : SKIPPED);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), !=, SKIPPED);
    return WEXITSTATUS(status);
}

static int open_file(void)
{
    return open("/etc/passwd", O_RDONLY) < 0;
}

static int make_file(void)
{
    return open("confined", O_WRONLY | O_CREAT, 0600) < 0;
}

static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int take_much(void)
{
    return mmap(NULL, (size_t)4 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int make_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child < 0;
}

static int run_program(void)
{
    char *const argv[] = { (char *)"true", NULL };
    execv("/bin/true", argv);
    return 1;
}

static int signal_parent(void)
{
    return kill(getppid(), 0) != 0;
}

static int make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int raise_limit(void)
{
    const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
    return setrlimit(RLIMIT_CPU, &limit) != 0;
}

static int remove_file(void)
{
    return unlink("confined") != 0 && errno == EPERM;
}

static void *answer(void *data)
{
    *(int *)data = 42;
    return NULL;
}

/* Decoders have threads, take memory and read what they have. */
static int work(void)
{
    pthread_t thread;
    int answered = 0;
    char *memory = malloc(MEMORY / 2);
    if (!memory || pthread_create(&thread, NULL, answer, &answered) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    memory[MEMORY / 2 - 1] = 1;
    int fine = memory[MEMORY / 2 - 1] == 1 && answered == 42;
    free(memory);
    return !fine;
}

static void test_limits(void)
{
    g_assert_cmpint(try(open_file), ==, 1);
    g_assert_cmpint(try(make_file), ==, 1);
    g_assert_cmpint(try(open_socket), ==, 1);
    if (PST_LIMITS_TESTED)
        g_assert_cmpint(try(take_much), ==, 1);
    else
        g_test_skip("built with a sanitizer, which needs address space");
    g_assert_cmpint(try(work), ==, 0);
}

static void test_system_calls(void)
{
    if (!PST_FILTER_TESTED) {
        g_test_skip("built without libseccomp");
        return;
    }
    g_assert_cmpint(try(make_process), ==, 1);
    g_assert_cmpint(try(run_program), ==, 1);
    g_assert_cmpint(try(signal_parent), ==, 1);
    g_assert_cmpint(try(make_code), ==, 1);
    g_assert_cmpint(try(raise_limit), ==, 1);
    g_assert_cmpint(try(remove_file), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loader/limits", test_limits);
    g_test_add_func("/loader/system-calls", test_system_calls);
    return g_test_run();
}
