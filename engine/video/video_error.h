/* Errors of videos. Each message is one line that begins with the file's name. */
#pragma once

#include <glib.h>

#define PST_VIDEO_ERROR pst_video_error_quark()
GQuark pst_video_error_quark(void);

typedef enum {
    PST_VIDEO_ERROR_FFMPEG, /* ffmpeg or ffprobe is not installed */
    PST_VIDEO_ERROR_FORMAT, /* not a video, or one that ffmpeg can't read */
    PST_VIDEO_ERROR_READ,   /* decoding failed on the way */
    PST_VIDEO_ERROR_WRITE,  /* encoding or writing failed */
    PST_VIDEO_ERROR_HOLDER, /* the container can't hold the video's sound or subtitles */
    PST_VIDEO_ERROR_TIME,   /* it does not last until then */
    PST_VIDEO_ERROR_SUFFIX, /* the name of the result says no container that is known */
} PstVideoError;
