#include "progress.h"

#include "console.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR            24 /* characters */
#define DRAW_INTERVAL  (G_USEC_PER_SEC / 10)
#define FIRST_ESTIMATE 1.0 /* seconds to watch before guessing at the rest */

struct PstProgress {
    double total, done;
    gboolean visible;
    gboolean drawn;
    gint64 begun; /* monotonic microseconds */
    gint64 last_draw;
};

PstProgress *pst_progress_new(double total, gboolean visible)
{
    PstProgress *progress = g_new0(PstProgress, 1);

    progress->total = total;
    progress->visible = visible;
    progress->begun = g_get_monotonic_time();
    return progress;
}

void pst_progress_free(PstProgress *progress)
{
    if (!progress)
        return;
    pst_progress_clear(progress);
    g_free(progress);
}

gboolean pst_progress_terminal(void)
{
    const char *kind = g_getenv("TERM");

    return isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

static int terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static double share_done(const PstProgress *progress)
{
    return progress->total > 0 ? CLAMP(progress->done / progress->total, 0, 1) : 0;
}

double pst_progress_seconds_left(const PstProgress *progress)
{
    double share = share_done(progress);
    double seconds = (double)(g_get_monotonic_time() - progress->begun) / G_USEC_PER_SEC;

    if (share <= 0.01 || seconds < FIRST_ESTIMATE)
        return -1;
    return seconds * (1 - share) / share;
}

char *pst_progress_format_seconds(double seconds)
{
    gint64 whole = (gint64)ceil(seconds);

    if (whole >= 3600)
        return g_strdup_printf("%d:%02d:%02d", (int)(whole / 3600), (int)(whole / 60 % 60), (int)(whole % 60));
    return g_strdup_printf("%d:%02d", (int)(whole / 60), (int)(whole % 60));
}

static void draw(PstProgress *progress, const char *label)
{
    double share = share_done(progress), left = pst_progress_seconds_left(progress);
    g_autofree char *time = left < 0 ? NULL : pst_progress_format_seconds(left);
    g_autofree char *clean = pst_console_clean(label);
    g_autofree char *rest = NULL, *tail = NULL, *shown = NULL;
    char bar[BAR + 1];
    int filled = (int)(share * BAR), room;

    memset(bar, '#', (gsize)filled);
    memset(bar + filled, '.', (gsize)(BAR - filled));
    bar[BAR] = '\0';
    rest = time ? g_strdup_printf(_("%s left"), time) : g_strdup("");
    tail = g_strdup_printf("  [%s] %3d%%  %s", bar, (int)(share * 100), rest);
    room = terminal_width() - 1 - (int)g_utf8_strlen(tail, -1);
    shown = g_utf8_substring(clean, 0, CLAMP(g_utf8_strlen(clean, -1), 0, MAX(room, 0)));
    fprintf(stderr, "\r%s%s\033[K", shown, tail);
    fflush(stderr);
    progress->drawn = TRUE;
}

void pst_progress_update(PstProgress *progress, double done, const char *label)
{
    gint64 now = g_get_monotonic_time();

    progress->done = MAX(progress->done, done);
    if (!progress->visible || (progress->drawn && now - progress->last_draw < DRAW_INTERVAL))
        return;
    progress->last_draw = now;
    draw(progress, label);
}

void pst_progress_drop(PstProgress *progress, double units)
{
    progress->total = MAX(progress->total - units, 0);
}

void pst_progress_clear(PstProgress *progress)
{
    if (!progress->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->drawn = FALSE;
}
