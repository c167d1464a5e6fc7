#define _GNU_SOURCE /* CLONE_THREAD */
#include "confinement.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if PST_HAVE_SECCOMP
#include <seccomp.h>
#endif

#define OVERHEAD ((guint64)512 << 20) /* bytes of address space: libraries, stacks of threads */

enum { CPU_SECONDS = 30 }; /* for the header; whoever asks for rows gives more */

static gboolean set_limit(int resource, rlim_t soft, rlim_t hard)
{
    const struct rlimit limit = { soft, hard };
    return setrlimit(resource, &limit) == 0;
}

static gboolean set_limits(guint64 memory)
{
    gboolean set = set_limit(RLIMIT_CORE, 0, 0) && set_limit(RLIMIT_FSIZE, 0, 0) &&
                   set_limit(RLIMIT_CPU, CPU_SECONDS, RLIM_INFINITY);
    /* No new descriptors: neither files nor sockets, even without a filter of system calls. */
    set = set && set_limit(RLIMIT_NOFILE, 0, 0);
#if PST_LIMIT_ADDRESSES
    guint64 most = memory < G_MAXINT64 - OVERHEAD ? memory + OVERHEAD : G_MAXINT64;
    set = set && set_limit(RLIMIT_AS, most, most);
#endif
    return set;
}

#if PST_HAVE_SECCOMP
static gboolean allow(scmp_filter_ctx filter)
{
    static const int calls[] = {
        SCMP_SYS(brk),
        SCMP_SYS(clock_gettime),
        SCMP_SYS(clock_nanosleep),
        SCMP_SYS(close),
        SCMP_SYS(exit),
        SCMP_SYS(exit_group),
        SCMP_SYS(futex),
        SCMP_SYS(getpid),
        SCMP_SYS(getrandom),
        SCMP_SYS(gettid),
        SCMP_SYS(gettimeofday),
        SCMP_SYS(lseek),
        SCMP_SYS(madvise),
        SCMP_SYS(mremap),
        SCMP_SYS(munmap),
        SCMP_SYS(nanosleep),
        SCMP_SYS(pread64),
        SCMP_SYS(read),
        SCMP_SYS(restart_syscall),
        SCMP_SYS(rseq),
        SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn),
        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(sched_yield),
        SCMP_SYS(set_robust_list),
        SCMP_SYS(write),
        SCMP_SYS(writev),
    };
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp a_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    const struct scmp_arg_cmp itself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
    gboolean done = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
        done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    done = done && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, a_thread) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, itself) == 0;
    /* Its arguments are behind a pointer; the C library takes clone() where it is missing. */
    return done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

static gboolean filter_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int failure = filter && allow(filter) ? seccomp_load(filter) : -EFAULT;
    if (filter)
        seccomp_release(filter);
    /* A kernel without filters (QEMU's user mode): the limits stay. */
    return failure == 0 || failure == -EINVAL || failure == -ENOSYS || failure == -ECANCELED;
}
#else
static gboolean filter_calls(void)
{
    return TRUE;
}
#endif

gboolean pst_confine(guint64 memory)
{
    /* Each arena of the allocator would take 64 MB of address space. */
    mallopt(M_ARENA_MAX, 1);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           set_limits(memory) && filter_calls();
}
