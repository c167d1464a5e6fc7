/* Rows of a picture on their way through the painter: those of a PstPicture, or the latest of a stream. */
#pragma once

#include <glib.h>

typedef struct {
    int width, height; /* of the picture */
    int held;          /* rows: row y lies at y % held */
    float *rgb;        /* [held][width][3] */
    float *alpha;      /* [held][width], or NULL */
    int top, left;     /* where the picture begins in the whole that it is a part of, or 0 */
} PstFrame;

static inline float *pst_frame_rgb(const PstFrame *frame, int y)
{
    return frame->rgb + (gsize)(y % frame->held) * frame->width * 3;
}

/** NULL where the picture has no alpha. */
static inline float *pst_frame_alpha(const PstFrame *frame, int y)
{
    return frame->alpha ? frame->alpha + (gsize)(y % frame->held) * frame->width : NULL;
}
