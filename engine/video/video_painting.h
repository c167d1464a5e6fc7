/* Paints a piece of a video. */
#pragma once

#include "engine/paint/look.h"
#include "steadiness.h"
#include "video_plan.h"
#include "video_writer.h"

/** How a video is painted; all is borrowed. */
typedef struct {
    const PstVideoInfo *info;
    const PstVideoPlan *plan;
    const PstLook *look;
    const PstModel *model;
    PstThreadPool *pool;
    double steadiness;         /* 0 .. 1, PST_STEADINESS */
    PstVideoProgress progress; /* of a piece; may be NULL */
    gpointer data;
} PstVideoPainting;

/** Takes a frame of that number. */
typedef gboolean (*PstVideoTake)(guint frame, const void *yuv, gpointer data, GError **error);

/** Paints the piece's frames and hands each to `take`, as planes of YUV in the format in which the video is painted.
 *  The frames before it that its steadiness depends on are painted, too. FALSE when cancelled
 *  (G_IO_ERROR_CANCELLED), or on errors of PST_VIDEO_ERROR, PST_PICTURE_ERROR and take(). */
gboolean pst_video_paint_piece(const PstVideoPainting *painting, const PstVideoPiece *piece, PstVideoTake take,
                               gpointer data, GCancellable *cancellable, GError **error);

/** The same to an open file (video_writer.h). */
gboolean pst_video_write_piece(const PstVideoPainting *painting, const PstVideoPiece *piece,
                               const PstVideoHolder *holder, int crf, int file, GCancellable *cancellable,
                               GError **error);
