#include "photo.h"

#include "engine/picture/reduction.h"

/* A smaller copy, or the picture itself where it is small. */
static PstPicture *preview_of(PstPicture *full, GCancellable *cancellable, GError **error)
{
    int width, height;

    pst_size_fit_short_side(full->width, full->height, PST_PREVIEW_SIDE, &width, &height);
    if (MAX(width, height) > PST_PREVIEW_LONG) {
        pst_size_fit_long_side(full->width, full->height, PST_PREVIEW_LONG, &width, &height);
    }
    return width < full->width || height < full->height ? pst_picture_resize(full, width, height, cancellable, error)
                                                        : full;
}

PstPhoto *pst_photo_new(PstPicture *full, const char *path, const char *name, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPhoto) photo = g_new0(PstPhoto, 1);

    g_atomic_ref_count_init(&photo->references);
    photo->path = g_strdup(path);
    photo->name = g_strdup(name);
    photo->full = full;
    photo->preview = preview_of(full, cancellable, error);
    photo->square = photo->preview ? pst_picture_middle_square(photo->preview, error) : NULL;
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

PstPhoto *pst_photo_read(const char *path, gboolean salvage, GCancellable *cancellable, GError **error)
{
    g_autofree char *name = g_filename_display_basename(path);
    PstPicture *full = pst_picture_read_reduced(path, PST_PHOTO_PIXELS, salvage, cancellable, error);
    PstPhoto *photo = full ? pst_photo_new(full, path, name, cancellable, error) : NULL;

    if (photo) {
        photo->salvaged = salvage;
    }
    return photo;
}
