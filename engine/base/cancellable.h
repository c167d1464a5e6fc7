/* Work that several may cancel. */
#pragma once

#include <gio/gio.h>

/** Cancels `follower` as soon as `leader`, which may be NULL, is cancelled: at once where it is. For
 *  g_cancellable_disconnect() of the leader. */
gulong pst_cancellable_follow(GCancellable *follower, GCancellable *leader);
