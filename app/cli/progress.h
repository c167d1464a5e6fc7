/* How far a long work has come: on a terminal, one line that is drawn over and over. */
#pragma once

#include <glib.h>

typedef struct PstProgress PstProgress;

/** A work of `total` units (pixels, say; only proportions matter). `visible` says whether to draw;
 *  time left is reckoned anyway. */
PstProgress *pst_progress_new(double total, gboolean visible);
void pst_progress_free(PstProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstProgress, pst_progress_free)

/** TRUE if standard error is a terminal that can redraw a line. */
gboolean pst_progress_terminal(void);

/** `done` units of the work, in all, are done; `label` says what is being worked on. Draws at most ten
 *  times a second. */
void pst_progress_update(PstProgress *progress, double done, const char *label);

/** Takes `units` out of the work that was planned: it turned out not to be needed. */
void pst_progress_drop(PstProgress *progress, double units);

/** Removes the line, so that something else can be printed. */
void pst_progress_clear(PstProgress *progress);

/** Seconds left, or a negative number while it is too early to tell. */
double pst_progress_seconds_left(const PstProgress *progress);

/** "9:05" or "1:02:30"; owned by the caller. */
char *pst_progress_format_seconds(double seconds);
