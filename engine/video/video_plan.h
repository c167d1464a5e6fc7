/* How a video is painted piece by piece: when each frame is shown, where shots begin, and how long shots are divided.
 *
 * A shot begins where histograms of brightness and colour, taken in nine parts of the picture, change by more than they
 * did in the frames before (Zhang, Kankanhalli and Smoliar, "Automatic partitioning of full-motion video", 1993).
 * Pieces are what is painted in one go, kept on its own, and shared out: a shot, or so many frames of a long one.
 */
#pragma once

#include "video_info.h"

#define PST_VIDEO_PIECE 240 /* frames, at most */

/** Frames first .. end - 1 of the shot of frames shot .. shot_end - 1. */
typedef struct {
    guint first, end, shot, shot_end;
} PstVideoPiece;

typedef struct {
    GArray *times;     /* gint64, ticks: when each frame is shown */
    GArray *pieces;    /* PstVideoPiece, in order */
    char *fingerprint; /* SHA-256 of times and of the frames as they are seen small */
} PstVideoPlan;

/** Called on the calling thread with the share done, 0 .. 1. */
typedef void (*PstVideoProgress)(double share, gpointer data);

/** Reads the whole video once, small. `progress` may be NULL. Errors of PST_VIDEO_ERROR. */
PstVideoPlan *pst_video_plan_new(const PstVideoInfo *info, PstVideoProgress progress, gpointer data,
                                 GCancellable *cancellable, GError **error);
void pst_video_plan_free(PstVideoPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstVideoPlan, pst_video_plan_free)

/** When a frame is shown, in ticks. */
gint64 pst_video_plan_time(const PstVideoPlan *plan, guint frame);
