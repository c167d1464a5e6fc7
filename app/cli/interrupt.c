#include "interrupt.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

static int signal_seen; /* atomic */
static int bell[2];     /* a pipe from the handler to the waiting thread */

/* Blocking the signals and waiting for them would be simpler, but libraries start threads of their own
 * before main(), which would be given them. */
static void ring(int number)
{
    g_atomic_int_set(&signal_seen, number);
    /* There is room for the one byte, and nothing else to be done if there were not. */
    if (write(bell[1], "!", 1) < 0)
        return;
}

static gpointer wait_for_bell(gpointer data)
{
    g_autoptr(GCancellable) cancellable = data;
    char byte;

    while (read(bell[0], &byte, 1) < 0)
        ;
    g_cancellable_cancel(cancellable);
    return NULL;
}

GCancellable *pst_interrupt_watch(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    GCancellable *cancellable = g_cancellable_new();
    /* Once: the second signal meets the default action. */
    struct sigaction action = { .sa_handler = ring, .sa_flags = (int)SA_RESETHAND | SA_RESTART };
    struct sigaction before;

    if (!g_unix_open_pipe(bell, FD_CLOEXEC, NULL))
        return cancellable;
    g_thread_unref(g_thread_new("interrupt", wait_for_bell, g_object_ref(cancellable)));
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        /* nohup, and shells for jobs in the background, set signals to be ignored. */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    return cancellable;
}

int pst_interrupt_signal(void)
{
    return g_atomic_int_get(&signal_seen);
}
