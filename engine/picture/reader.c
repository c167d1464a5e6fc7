#include "reader.h"

#include "error.h"
#include "row_reader_private.h"

/* Takes over `reader`, which may be NULL. */
static PstPicture *read_all(PstRowReader *opened, const PstReadLimits *limits, GError **error)
{
    g_autoptr(PstRowReader) reader = opened;
    if (!reader)
        return NULL;
    const PstPictureInfo *info = pst_row_reader_info(reader);
    double size = (double)info->width * info->height * (info->alpha ? 4 : 3) * sizeof(float);
    if (!pst_row_reader_check_memory(reader, limits, size, error))
        return NULL;
    GError *cause = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(info->width, info->height, info->alpha, &cause);
    if (!picture) {
        pst_picture_set_error(error, cause->code, pst_row_reader_name(reader), "not enough memory");
        g_error_free(cause);
        return NULL;
    }
    if (!pst_row_reader_read(reader, picture->height, picture->rgb, picture->alpha, error))
        return NULL;
    pst_picture_info_clear(&picture->info);
    pst_picture_info_copy(info, &picture->info);
    return g_steal_pointer(&picture);
}

/* The same for the header. */
static gboolean describe(PstRowReader *opened, PstPictureInfo *info)
{
    g_autoptr(PstRowReader) reader = opened;
    *info = (PstPictureInfo){ 0 };
    if (!reader)
        return FALSE;
    pst_row_reader_describe(reader);
    pst_picture_info_copy(pst_row_reader_info(reader), info);
    return TRUE;
}

static const PstReadLimits NO_LIMITS = { .max_pixels = G_MAXUINT64, .max_memory = G_MAXUINT64 };

PstPicture *pst_picture_read(const char *path, const PstReadLimits *limits, GCancellable *cancellable, GError **error)
{
    return read_all(pst_row_reader_open(path, limits, cancellable, error), limits, error);
}

PstPicture *pst_picture_read_bytes(GBytes *bytes, const char *name, const PstReadLimits *limits,
                                   GCancellable *cancellable, GError **error)
{
    return read_all(pst_row_reader_open_bytes(bytes, name, limits, cancellable, error), limits, error);
}

gboolean pst_picture_probe(const char *path, PstPictureInfo *info, GError **error)
{
    return describe(pst_row_reader_open(path, &NO_LIMITS, NULL, error), info);
}

gboolean pst_picture_probe_bytes(GBytes *bytes, const char *name, PstPictureInfo *info, GError **error)
{
    return describe(pst_row_reader_open_bytes(bytes, name, &NO_LIMITS, NULL, error), info);
}
