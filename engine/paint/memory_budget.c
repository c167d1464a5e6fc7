#include "memory_budget.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "engine/base/memory.h"
#include "painter.h"

static gsize machine_memory(void)
{
    return (gsize)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
}

gsize pst_memory_budget(gsize asked)
{
    return asked ? asked : MIN(PST_PAINT_MEMORY, machine_memory() / 4);
}

gboolean pst_memory_budget_check(int width, int height, gsize pictures, gsize working, GError **error)
{
    if (working <= machine_memory() && pictures <= machine_memory() - working) {
        if (pst_memory_is_there(working)) {
            return TRUE;
        }
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                    _("painting it takes about %d MB of memory, more than there is"), (int)(working >> 20));
        return FALSE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                _("painting %d x %d pixels takes %.1f GB of memory, and this machine has %.1f"), width, height,
                (pictures + working) / 1e9, machine_memory() / 1e9);
    return FALSE;
}
