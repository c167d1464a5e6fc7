#include "thumbnail.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#include <string.h>

#define SAMPLE "lake.jpg"
#define QUALITY 88
#define PAINTED_SIDE (2 * PST_THUMBNAIL_SIDE) /* painted larger and shrunk, strokes look finer */

static PstPicture *middle_square(const PstPicture *picture, GError **error)
{
    int side = MIN(picture->width, picture->height);
    gsize left = (gsize)(picture->width - side) / 2, top = (gsize)(picture->height - side) / 2;
    PstPicture *square = pst_picture_new(side, side, picture->alpha != NULL, error);

    for (gsize y = 0; square && y < (gsize)side; y++) {
        gsize from = (top + y) * (gsize)picture->width + left, to = y * (gsize)side;

        memcpy(square->rgb + 3 * to, picture->rgb + 3 * from, 3 * (gsize)side * sizeof(float));
        if (picture->alpha)
            memcpy(square->alpha + to, picture->alpha + from, (gsize)side * sizeof(float));
    }
    return square;
}

GBytes *pst_thumbnail_crop(const PstPicture *picture, GCancellable *cancellable, GError **error)
{
    const PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = QUALITY };
    g_autoptr(PstPicture) square = middle_square(picture, error);
    g_autoptr(PstPicture) small = NULL;

    if (!square)
        return NULL;
    small = pst_picture_resize(square, PST_THUMBNAIL_SIDE, PST_THUMBNAIL_SIDE, cancellable, error);
    if (!small)
        return NULL;
    small->info.dpi_x = small->info.dpi_y = 0;
    return pst_picture_write_bytes(small, &options, cancellable, error);
}

GBytes *pst_thumbnail_paint(const PstModel *model, PstThreadPool *pool, const PstStyle *style,
                            GCancellable *cancellable, GError **error)
{
    g_autofree char *data = pst_data_folder(error);
    g_autofree char *path = data ? g_build_filename(data, "samples", SAMPLE, NULL) : NULL;
    g_autoptr(PstPicture) photo = NULL;
    g_autoptr(PstPicture) square = NULL;
    g_autoptr(PstPicture) small = NULL;
    g_autoptr(PstPicture) painting = NULL;

    if (!path || !(photo = pst_picture_read(path, NULL, cancellable, error)))
        return NULL;
    if (!(square = middle_square(photo, error)))
        return NULL;
    small = pst_picture_resize(square, PAINTED_SIDE, PAINTED_SIDE, cancellable, error);
    if (!small)
        return NULL;
    painting = pst_paint(model, pool, small, style, NULL, NULL, NULL, cancellable, error);
    return painting ? pst_thumbnail_crop(painting, cancellable, error) : NULL;
}
