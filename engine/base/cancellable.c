#include "cancellable.h"

static void forward(GCancellable *leader, gpointer follower)
{
    g_cancellable_cancel(follower);
}

gulong pst_cancellable_follow(GCancellable *follower, GCancellable *leader)
{
    return leader ? g_cancellable_connect(leader, G_CALLBACK(forward), follower, NULL) : 0;
}
