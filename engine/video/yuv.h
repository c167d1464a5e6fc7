/* Frames as decoders and encoders have them, planes of Y, U and V, and as painters have them.
 *
 * Of 4:2:0, samples of U and V lie at every second one of Y, and between two rows of Y, as H.264 has it by default.
 * They are interpolated linearly. From YUV to RGB and back by ITU-R BT.601, BT.709 and BT.2020, each to the nearest
 * value. RGB is encoded as the video is, which is taken for sRGB: what a screen shows of both is nearly the same.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "video_info.h"

typedef struct {
    int width, height;
    int depth;        /* bits of a sample: 8, a byte each, or 10, two bytes each, the low one first */
    gboolean quarter; /* 4:2:0: U and V have half the width and half the height, which are even; or 4:4:4 */
    PstYuvMatrix matrix;
    gboolean full_range;
} PstYuvFormat;

/** The format in which frames of the video are painted. */
PstYuvFormat pst_yuv_format(const PstVideoInfo *info);

/** Bytes of a frame. */
gsize pst_yuv_size(const PstYuvFormat *format);

/** `rgb` [height][width][3] in 0..1. */
void pst_yuv_to_rgb(const PstYuvFormat *format, const void *yuv, float *rgb, PstThreadPool *pool);
void pst_yuv_from_rgb(const PstYuvFormat *format, const float *rgb, void *yuv, PstThreadPool *pool);

/** Means of `step` x `step` samples of the frame, in 0..255, of each plane: `small` [3][height / step][width / step].
 *  `step` is even. What is left over at the right and at the bottom does not count. */
void pst_yuv_reduce(const PstYuvFormat *format, const void *yuv, int step, float *small, PstThreadPool *pool);
