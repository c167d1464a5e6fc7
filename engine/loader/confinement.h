/* What a loader gives up before it looks at a stranger's file. Private. */
#pragma once

#include <glib.h>

/* From here on the process can open nothing, start nothing, send no signals to others, and take `memory` bytes more at
 * most. System calls that decoders don't need fail with EPERM (seccomp), where the build has libseccomp and the kernel
 * knows filters. FALSE where the kernel refuses a limit. */
gboolean pst_confine(guint64 memory);
