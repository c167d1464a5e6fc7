/* OpenBLAS starts a thread for each processor while it is loaded. The program never uses them (engine/kernel/blas.h),
 * and where the process may have too little memory for their stacks, OpenBLAS raises SIGINT, or waits for them for ever
 * at exit. Under such a limit the program begins anew with OpenBLAS told not to start any. That has to be before
 * libraries are initialised, which is when entries of .preinit_array are called; only programs may have them. Where
 * there isn't even room for what libraries take for themselves, the program says so and ends. */
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEAST    (24u << 20) /* bytes: GLib ends a program without a word of sense where it has no memory */
#define VARIABLE "OPENBLAS_NUM_THREADS="

/* The C library is not initialised either: nothing that takes memory, and the environment as it was given. */
static void check_room(void)
{
    static const char message[] = "pastiche: there is not enough memory to begin; raise the limit (ulimit -v)\n";
    void *room = mmap(NULL, LEAST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (room == MAP_FAILED) {
        _exit(write(STDERR_FILENO, message, sizeof message - 1) < 0 ? 2 : 1);
    }
    munmap(room, LEAST);
}

static void prepare(int argc, char **argv, char **environment)
{
    struct rlimit limit;
    int count = 0;

    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return;
    }
    for (; environment[count]; count++) {
        if (strncmp(environment[count], VARIABLE, strlen(VARIABLE)) == 0) {
            check_room();
            return;
        }
    }
    char *extended[count + 2];
    memcpy(extended, environment, count * sizeof *extended);
    extended[count] = VARIABLE "1";
    extended[count + 1] = NULL;
    execve("/proc/self/exe", argv, extended);
    check_room();
}

__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **, char **) = prepare;
