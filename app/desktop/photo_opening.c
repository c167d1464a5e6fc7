#include "photo_opening.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"
#include "engine/video/video_error.h"
#include "engine/video/video_still.h"
#include "pasted_picture.h"

void pst_photo_opening_clear(PstPhotoOpening *opening)
{
    g_clear_pointer(&opening->path, g_free);
    g_clear_pointer(&opening->video, pst_video_info_unref);
    g_clear_pointer(&opening->pixels, g_bytes_unref);
    g_clear_pointer(&opening->name, g_free);
}

void pst_opened_photo_free(PstOpenedPhoto *opened)
{
    if (opened) {
        pst_photo_unref(opened->photo);
        pst_raster_free(opened->original);
        pst_video_info_unref(opened->video);
        g_free(opened);
    }
}

/* "clip at 0-12": of the video, and fit for a file. */
static char *frame_name(const char *path, double seconds)
{
    g_autofree char *stem = pst_file_stem(path), *name = g_filename_display_name(stem);
    int whole = (int)seconds, hours = whole / 3600, minutes = whole / 60 % 60;
    g_autofree char *time = hours > 0 ? g_strdup_printf("%d-%02d-%02d", hours, minutes, whole % 60)
                                      : g_strdup_printf("%d-%02d", minutes, whole % 60);

    /* The first is a file's name, the second a time: "clip at 0-12". */
    return g_strdup_printf(_("%s at %s"), name, time);
}

static PstPhoto *read_frame(const PstPhotoOpening *opening, const PstVideoInfo *video, PstThreadPool *pool,
                            GCancellable *cancellable, GError **error)
{
    g_autofree char *name = frame_name(opening->path, opening->seconds);
    PstPicture *frame = pst_video_still(video, opening->seconds, pool, cancellable, error);

    return frame ? pst_photo_new(frame, NULL, name, cancellable, error) : NULL;
}

static PstPhoto *take_pixels(const PstPhotoOpening *opening, GCancellable *cancellable, GError **error)
{
    PstPicture *picture = pst_pasted_picture(opening->pixels, opening->width, opening->height, opening->stride, error);

    return picture ? pst_photo_new(picture, NULL, opening->name, cancellable, error) : NULL;
}

static PstPhoto *read_photo(const PstPhotoOpening *opening, PstOpenedPhoto *opened, PstThreadPool *pool,
                            GCancellable *cancellable, GError **error)
{
    if (!opening->path) {
        return take_pixels(opening, cancellable, error);
    }
    if (opening->salvage || (!opening->video && pst_file_kind(opening->path) != PST_FILE_VIDEO)) {
        return pst_photo_read(opening->path, opening->salvage, cancellable, error);
    }
    opened->video = opening->video ? pst_video_info_ref(opening->video)
                                   : pst_video_info_new(opening->path, 0, cancellable, error);
    return opened->video ? read_frame(opening, opened->video, pool, cancellable, error) : NULL;
}

PstOpenedPhoto *pst_photo_opening_run(const PstPhotoOpening *opening, PstThreadPool *pool, GCancellable *cancellable,
                                      GError **error)
{
    g_autoptr(PstOpenedPhoto) opened = g_new0(PstOpenedPhoto, 1);
    g_autoptr(GError) reason = NULL;

    opened->photo = read_photo(opening, opened, pool, cancellable, &reason);
    if (!opened->photo) {
        gboolean no_ffmpeg = g_error_matches(reason, PST_VIDEO_ERROR, PST_VIDEO_ERROR_FFMPEG);

        g_propagate_error(error, g_steal_pointer(&reason));
        if (no_ffmpeg) {
            g_prefix_error(error, "%s: ", opening->path); /* it names the program alone */
        }
        return NULL;
    }
    opened->original = pst_raster_new(opened->photo->full, cancellable, error);
    return opened->original ? g_steal_pointer(&opened) : NULL;
}
