#include "writer.h"

/* The picture's info with its own size, for a picture that was filled by hand. */
static PstPictureInfo info_of(const PstPicture *picture)
{
    PstPictureInfo info = picture->info;
    info.width = picture->width;
    info.height = picture->height;
    info.alpha = picture->alpha != NULL;
    return info;
}

gboolean pst_picture_write(const PstPicture *picture, const char *path, const PstWriteOptions *options, char **written,
                           GCancellable *cancellable, GError **error)
{
    if (written)
        *written = NULL;
    PstPictureInfo info = info_of(picture); /* borrows */
    g_autoptr(PstRowWriter) writer = pst_row_writer_open(path, &info, options, cancellable, error);
    if (!writer || !pst_row_writer_write(writer, picture->height, picture->rgb, picture->alpha, error))
        return FALSE;
    g_autofree char *final = pst_row_writer_commit(writer, error);
    if (final && written)
        *written = g_strdup(final);
    return final != NULL;
}

GBytes *pst_picture_write_bytes(const PstPicture *picture, const PstWriteOptions *options, GCancellable *cancellable,
                                GError **error)
{
    PstPictureInfo info = info_of(picture); /* borrows */
    g_autoptr(PstRowWriter) writer = pst_row_writer_open_bytes(&info, options, cancellable, error);
    if (!writer || !pst_row_writer_write(writer, picture->height, picture->rgb, picture->alpha, error))
        return NULL;
    return pst_row_writer_commit_bytes(writer, error);
}
