#include "thumbnail.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#define SAMPLE       "lake.jpg"
#define QUALITY      88
#define PAINTED_SIDE 512 /* the usual canvas of a look: strokes are those of its paintings */

GBytes *pst_thumbnail_crop(const PstPicture *picture, GCancellable *cancellable, GError **error)
{
    const PstWriteOptions options = { .format = PST_FORMAT_JPEG, .quality = QUALITY };
    g_autoptr(PstPicture) square = pst_picture_middle_square(picture, error);
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
    g_autoptr(PstPainter) painter = NULL;
    const PstPaintLayer layer = { .style = style };
    const PstRowSink sink = { .picture = &painting };
    PstRowSource source;

    if (!path || !(photo = pst_picture_read(path, NULL, cancellable, error)))
        return NULL;
    if (!(square = pst_picture_middle_square(photo, error)))
        return NULL;
    small = pst_picture_resize(square, PAINTED_SIDE, PAINTED_SIDE, cancellable, error);
    if (!small)
        return NULL;
    source = pst_row_source(small);
    painter = pst_painter_new(model, pool, &source, NULL, cancellable, error);
    return pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, cancellable, error)
               ? pst_thumbnail_crop(painting, cancellable, error)
               : NULL;
}
