/* Ctrl-C: SIGINT, SIGTERM and SIGHUP as a GCancellable. */
#pragma once

#include <gio/gio.h>

/** From now on the first such signal cancels the result, so that work in hand is dropped cleanly; a second
 *  of its kind ends the process on the spot. Call it once. The caller owns the result. */
GCancellable *pst_interrupt_watch(void);

/** The signal that came, or 0. */
int pst_interrupt_signal(void);
