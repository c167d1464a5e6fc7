/* A photograph on its way into a document: a picture's file, one frame of a video, or pixels that were pasted. */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/service/photo.h"
#include "engine/service/raster.h"
#include "engine/video/video_info.h"

/** What is to be opened. */
typedef struct {
    char *path;          /* absolute, or NULL: the pixels */
    gboolean salvage;    /* of a damaged picture, what is left of it */
    PstVideoInfo *video; /* of the video at the path, where it is known already; or NULL */
    double seconds;      /* of a video: the frame that is shown then */
    GBytes *pixels;      /* [height][stride] bytes of premultiplied ARGB32, as in PstRasterStrip; or NULL */
    int width, height;
    gsize stride;
    char *name; /* of the pixels, for people */
} PstPhotoOpening;

void pst_photo_opening_clear(PstPhotoOpening *opening);

typedef struct {
    PstPhoto *photo;     /* a frame has no path: its file is the video's */
    PstRaster *original; /* for the screen */
    PstVideoInfo *video; /* that the photograph is a frame of, or NULL */
} PstOpenedPhoto;

void pst_opened_photo_free(PstOpenedPhoto *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstOpenedPhoto, pst_opened_photo_free)

/** Reads it, in any thread. NULL with an error of PST_PICTURE_ERROR or PST_VIDEO_ERROR that names the file. */
PstOpenedPhoto *pst_photo_opening_run(const PstPhotoOpening *opening, PstThreadPool *pool, GCancellable *cancellable,
                                      GError **error);
