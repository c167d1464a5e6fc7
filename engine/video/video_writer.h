/* Frames that were painted, encoded by ffmpeg to a file. */
#pragma once

#include "yuv.h"

typedef struct PstVideoWriter PstVideoWriter;

/** The containers that a result can have. */
typedef struct {
    const char *suffix;
    const char *format;    /* ffmpeg's name */
    const char *codec;     /* of the video */
    const char *subtitles; /* codec that it holds texts in */
} PstVideoHolder;

/** That which the suffix of a file's name says, or NULL. */
const PstVideoHolder *pst_video_holder(const char *path);

/** Begins to encode, in a thread of its own, a part of a video to an open file, in the file format NUT. `crf` is the
 *  encoder's constant rate factor, lower is better. Times will be relative to the first frame's. `info` is borrowed. */
PstVideoWriter *pst_video_writer_new(const PstVideoInfo *info, const PstVideoHolder *holder, int crf, int file,
                                     GError **error);
void pst_video_writer_free(PstVideoWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstVideoWriter, pst_video_writer_free)

/** Hands over a frame (copied) that is shown at `time`, in ticks. An error may be that of an earlier one. */
gboolean pst_video_writer_write(PstVideoWriter *writer, const void *yuv, gint64 time, GCancellable *cancellable,
                                GError **error);

/** Ends the part, once all its frames are written. */
gboolean pst_video_writer_finish(PstVideoWriter *writer, GCancellable *cancellable, GError **error);

/** Checks, by a try, that the container can hold the sound and the subtitles of the video. */
gboolean pst_video_holder_suits(const PstVideoInfo *info, const PstVideoHolder *holder, GCancellable *cancellable,
                                GError **error);

/** Joins parts to an open file, with sound, subtitles, chapters and texts of the video. `parts` are names of files in
 *  `folder`, `times` when each begins, in ticks. `mark` is put below the video's own comment. */
gboolean pst_video_join(const PstVideoInfo *info, const PstVideoHolder *holder, const char *folder,
                        const GPtrArray *parts, const gint64 *times, const char *mark, int file,
                        GCancellable *cancellable, GError **error);
