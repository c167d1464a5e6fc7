#include "video_still.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "video_error.h"
#include "video_reader.h"

#define FURTHER 8 /* times further back, in seconds: frames may lie far apart, and sound may go on after the last */

/* The frame to be shown. */
typedef struct {
    void *yuv;
    gsize size;
    gboolean found;
} Shown;

/* Reads on to the last frame that is shown by then. Where the first one comes later, none is found. */
static gboolean read_from(const PstVideoInfo *info, double from, double then, Shown *shown, GCancellable *cancellable,
                          GError **error)
{
    g_autoptr(PstVideoReader)
        reader = pst_video_reader_new(info, (gint64)floor(pst_video_info_ticks(info, from)), 0, 0, error);
    double ticks = pst_video_info_ticks(info, then);

    while (reader) {
        const void *read;
        gint64 time;

        if (!pst_video_reader_read(reader, &read, &time, cancellable, error)) {
            return FALSE;
        }
        if (!read || ((double)time > ticks + 0.5 && (shown->found || from > 0))) {
            return TRUE;
        }
        memcpy(shown->yuv, read, shown->size);
        shown->found = TRUE;
    }
    return FALSE;
}

static gboolean find(const PstVideoInfo *info, double seconds, Shown *shown, GCancellable *cancellable, GError **error)
{
    double from = seconds;

    for (double back = 1; !shown->found; back *= FURTHER) {
        if (!read_from(info, from, seconds, shown, cancellable, error)) {
            return FALSE;
        }
        if (!shown->found && from <= 0) {
            g_set_error(error, PST_VIDEO_ERROR, PST_VIDEO_ERROR_READ, _("%s: has no frame that can be shown"),
                        info->path);
            return FALSE;
        }
        from = MAX(0, seconds - back);
    }
    return TRUE;
}

/* Takes the picture over. */
static PstPicture *with_square_pixels(const PstVideoInfo *info, PstPicture *picture, GCancellable *cancellable,
                                      GError **error)
{
    double aspect = (double)info->aspect[0] / info->aspect[1];
    int width = (int)lround(picture->width * MAX(1, aspect)), height = (int)lround(picture->height / MIN(1, aspect));
    PstPicture *square;

    if (width == picture->width && height == picture->height) {
        return picture;
    }
    square = pst_picture_resize(picture, width, height, cancellable, error);
    if (square) {
        square->info.depth = picture->info.depth;
    }
    pst_picture_free(picture);
    return square;
}

PstPicture *pst_video_picture(const PstVideoInfo *info, const void *yuv, PstThreadPool *pool, GError **error)
{
    PstYuvFormat format = pst_yuv_format(info);
    PstPicture *picture = pst_picture_new(info->width, info->height, FALSE, error);

    if (picture) {
        pst_yuv_to_rgb(&format, yuv, picture->rgb, pool);
        picture->info.depth = info->depth;
    }
    return picture;
}

PstPicture *pst_video_still(const PstVideoInfo *info, double seconds, PstThreadPool *pool, GCancellable *cancellable,
                            GError **error)
{
    PstYuvFormat format = pst_yuv_format(info);
    g_autofree void *yuv = g_malloc(pst_yuv_size(&format));
    Shown shown = { yuv, pst_yuv_size(&format), FALSE };
    PstPicture *picture = find(info, MAX(0, seconds), &shown, cancellable, error)
                              ? pst_video_picture(info, yuv, pool, error)
                              : NULL;

    return picture ? with_square_pixels(info, picture, cancellable, error) : NULL;
}
