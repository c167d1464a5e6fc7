/* A video painted piece by piece, so that a stopped job goes on and several machines share one.
 *
 * Each piece is encoded to a file of its own in the folder RESULT.parts; with the last one they are joined, and the
 * folder goes. A piece's name holds a hash of the video, the recipe and the settings, so pieces of another job are
 * never taken for its own.
 */
#pragma once

#include "shard.h"

#include "engine/picture/inputs.h"
#include "engine/picture/output.h"
#include "engine/video/video_painting.h"

/** All is borrowed. */
typedef struct {
    const char *input, *output;
    const PstLook *look;
    const char *recipe; /* its text */
    const char *mark;   /* what the video says of how it was made */
    const PstModel *model;
    PstThreadPool *pool;
    int size;          /* long side to paint at, or 0: the video's */
    double steadiness; /* 0 .. 1 */
    int crf;           /* of the encoder, 0 .. 51 */
    PstConflict conflict;
    const PstInputs *inputs; /* what is never replaced, besides the video; or NULL */
    PstShard shard;          /* its count is 0: all */
    PstVideoProgress progress;
    gpointer data;
} PstVideoJob;

/** Paints what is missing and joins all. A shard's own pieces are painted only, and joined by a job without one
 *  later. Returns the path of the result, or of the folder of pieces for a shard; owned by the caller. Errors of
 *  PST_VIDEO_ERROR and PST_PICTURE_ERROR, each naming its file; what was painted is kept. */
char *pst_video_job_run(const PstVideoJob *job, GCancellable *cancellable, GError **error);
