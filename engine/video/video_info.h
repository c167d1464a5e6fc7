/* What is known of a video before it is decoded, as ffprobe tells. */
#pragma once

#include <gio/gio.h>

/** From YUV to RGB: ITU-R BT.601, BT.709 or BT.2020 (non-constant luminance). */
typedef enum { PST_YUV_601, PST_YUV_709, PST_YUV_2020 } PstYuvMatrix;

/** Immutable and shared by reference. */
typedef struct {
    char *path;
    int stream;            /* its number in the file */
    int width, height;     /* of frames, upright and at the size that is painted */
    gboolean scaled;       /* that is not the file's */
    int aspect[2];         /* of a pixel: width, height */
    gint64 time_base[2];   /* seconds of a tick: numerator, denominator */
    double rate, duration; /* frames a second and seconds, about; 0 where it is not known */
    double start;          /* of the file, in seconds: the time that is 0 to players */
    int depth;             /* bits of a sample as it is painted: 8 or 10 */
    PstYuvMatrix matrix;   /* of what is painted */
    gboolean full_range;   /* samples use all values, not 16 .. 235 of 256 */
    gboolean wide;         /* PQ or HLG: it is painted as BT.709 */
    gboolean interlaced;
    const char *pixels;                 /* ffmpeg's name of the pixel format to encode in */
    char *space, *primaries, *transfer; /* ffmpeg's names of the colour tags of what is painted, or NULL */
    char *comment;                      /* what the file says of itself, or NULL */
    GStrv subtitles;                    /* codecs of its subtitle streams */
} PstVideoInfo;

/** Asks ffprobe; `size` is the long side to paint at, or 0: the file's. A still picture is no video. NULL and
 *  PST_VIDEO_ERROR FFMPEG or FORMAT. */
PstVideoInfo *pst_video_info_new(const char *path, int size, GCancellable *cancellable, GError **error);
PstVideoInfo *pst_video_info_ref(PstVideoInfo *info);
void pst_video_info_unref(PstVideoInfo *info); /* NULL is nothing */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstVideoInfo, pst_video_info_unref)

/** Ticks of the time base, `seconds` after the video's beginning. */
double pst_video_info_ticks(const PstVideoInfo *info, double seconds);
