#include "rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

PstRowSource pst_row_source(const PstPicture *picture)
{
    return (PstRowSource){
        .width = picture->width, .height = picture->height, .alpha = picture->alpha != NULL, .picture = picture
    };
}

gboolean pst_rows_copy(const PstRowSource *source, const PstRowSink *sink, PstPicture *picture,
                       GCancellable *cancellable, GError **error)
{
    const PstPicture *photo = source->picture;
    gsize width = source->width;
    g_autofree float *row = g_new(float, width * 4);

    for (int y = 0; y < source->height; y++) {
        float *rgb = picture ? picture->rgb + 3 * width * y : row, *alpha = NULL;

        if (source->alpha) {
            alpha = picture ? picture->alpha + width * y : row + 3 * width;
        }
        if (photo) {
            memcpy(rgb, photo->rgb + 3 * width * y, 3 * width * sizeof *rgb);
        }
        if (photo && alpha) {
            memcpy(alpha, photo->alpha + width * y, width * sizeof *alpha);
        }
        if ((y == 0 && !photo && !source->rewind(source->data, error)) ||
            (!photo && !source->read(source->data, 1, rgb, alpha, error)) ||
            (!picture && !sink->write(sink->data, 1, rgb, alpha, error)) ||
            g_cancellable_set_error_if_cancelled(cancellable, error)) {
            return FALSE;
        }
    }
    if (picture && sink->finished) {
        sink->finished(picture, 0, source->height, sink->data);
    }
    return TRUE;
}

static gboolean grow(float **plane, gsize row, gsize rows)
{
    float *grown = g_try_renew(float, *plane, row *rows);

    *plane = grown ? grown : *plane;
    return grown != NULL;
}

gboolean pst_rows_grow(float **rgb, float **alpha, int width, int rows, GError **error)
{
    if (grow(rgb, 3 * (gsize)width, (gsize)rows) && (!alpha || grow(alpha, (gsize)width, (gsize)rows))) {
        return TRUE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                _("%d rows of %d pixels take more memory than there is"), rows, width);
    return FALSE;
}
