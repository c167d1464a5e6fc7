#include "time_left.h"

#include <glib/gi18n.h>
#include <math.h>

char *pst_time_left(double seconds)
{
    if (seconds < 0) {
        return g_strdup("");
    }
    if (seconds < 60) {
        int whole = MAX(1, (int)ceil(seconds));

        return g_strdup_printf(ngettext(" · %d second left", " · %d seconds left", (gulong)whole), whole);
    }
    int minutes = (int)ceil(seconds / 60);

    return g_strdup_printf(ngettext(" · %d minute left", " · %d minutes left", (gulong)minutes), minutes);
}
