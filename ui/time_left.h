/* How long something will still take, in words. */
#pragma once

#include <glib.h>

/** " · 2 minutes left", to be put after what is being done; nothing for negative seconds. Owned by the caller. */
char *pst_time_left(double seconds);
