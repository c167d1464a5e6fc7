#include "interrupt.h"

#include <signal.h>

static int signal_seen; /* atomic */

/* Waiting in a thread, instead of a handler, may call anything. */
static gpointer wait_for_signals(gpointer data)
{
    g_autoptr(GCancellable) cancellable = data;
    sigset_t set;
    int number;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    while (sigwait(&set, &number) != 0)
        ;
    g_atomic_int_set(&signal_seen, number);
    g_cancellable_cancel(cancellable);

    while (sigwait(&set, &number) != 0)
        ;
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    return NULL;
}

GCancellable *pst_interrupt_watch(void)
{
    GCancellable *cancellable = g_cancellable_new();
    sigset_t set;

    /* Threads inherit the mask, so that only the waiting one is ever given these signals. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    g_thread_unref(g_thread_new("signals", wait_for_signals, g_object_ref(cancellable)));
    return cancellable;
}

int pst_interrupt_signal(void)
{
    return g_atomic_int_get(&signal_seen);
}
