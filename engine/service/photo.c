#include "photo.h"

#include "engine/picture/reduction.h"

PstPhoto *pst_photo_new(PstPicture *full, const char *path, const char *name, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPhoto) photo = g_new0(PstPhoto, 1);
    g_autoptr(PstPicture) square = NULL;

    g_atomic_ref_count_init(&photo->references);
    photo->path = g_strdup(path);
    photo->name = g_strdup(name);
    photo->full = photo->preview = full;
    if (MAX(full->width, full->height) > PST_PREVIEW_SIDE) {
        photo->preview = pst_picture_fit_long_side(full, PST_PREVIEW_SIDE, cancellable, error);
    }
    if (!photo->preview || !(square = pst_picture_middle_square(photo->preview, error))) {
        return NULL;
    }
    photo->square = pst_picture_resize(square, PST_PHOTO_THUMBNAIL, PST_PHOTO_THUMBNAIL, cancellable, error);
    return photo->square ? g_steal_pointer(&photo) : NULL;
}

PstPhoto *pst_photo_ref(PstPhoto *photo)
{
    g_atomic_ref_count_inc(&photo->references);
    return photo;
}

void pst_photo_unref(PstPhoto *photo)
{
    if (!photo || !g_atomic_ref_count_dec(&photo->references)) {
        return;
    }
    if (photo->preview != photo->full) {
        pst_picture_free(photo->preview);
    }
    pst_picture_free(photo->full);
    pst_picture_free(photo->square);
    g_free(photo->path);
    g_free(photo->name);
    g_free(photo);
}

gboolean pst_photo_is_reduced(const PstPhoto *photo)
{
    return photo->path && photo->full->info.full_width > photo->full->width;
}

PstPhoto *pst_photo_read(const char *path, GCancellable *cancellable, GError **error)
{
    g_autofree char *name = g_filename_display_basename(path);
    PstPicture *full = pst_picture_read_reduced(path, PST_PHOTO_PIXELS, cancellable, error);

    return full ? pst_photo_new(full, path, name, cancellable, error) : NULL;
}
