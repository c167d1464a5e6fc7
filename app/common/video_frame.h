/* One frame of a video as a picture, painted as the video has it. */
#pragma once

#include "video_job.h"

/** Paints the frame that is shown `seconds` after the video's beginning to `job->output`, a picture file of any format
 *  that is written, before an encoder changes it. What its steadiness depends on is painted, too, so that the last
 *  frames of a piece take the longest. `job->shard`, `crf` and `mark` don't matter. Returns the path that it got; owned
 *  by the caller. Errors of PST_VIDEO_ERROR and PST_PICTURE_ERROR, each naming its file. */
char *pst_video_frame(const PstVideoJob *job, double seconds, GCancellable *cancellable, GError **error);
