/* A photograph that is open: at full size, and the smaller ones that previews and thumbnails are painted of. */
#pragma once

#include "engine/picture/picture.h"

G_BEGIN_DECLS

#define PST_PREVIEW_SIDE    512      /* pixels of the longer side */
#define PST_PHOTO_THUMBNAIL 256      /* pixels of a side */
#define PST_PHOTO_PIXELS    50000000 /* held at most; of a larger file a half, a third, ... of its size is worked on */

/** Immutable and shared by reference. */
typedef struct {
    gatomicrefcount references;
    char *path;          /* where it was read from, or NULL: pasted */
    char *name;          /* for people, UTF-8 */
    PstPicture *full;    /* as it is worked on; smaller than the file's where that is very large, see info.full_width */
    PstPicture *preview; /* at most PST_PREVIEW_SIDE; `full` itself where that is no larger */
    PstPicture *square;  /* the middle square, PST_PHOTO_THUMBNAIL pixels */
} PstPhoto;

/** Makes the smaller ones; takes `full` over in any case. NULL when cancelled or without memory. */
PstPhoto *pst_photo_new(PstPicture *full, const char *path, const char *name, GCancellable *cancellable,
                        GError **error);
PstPhoto *pst_photo_ref(PstPhoto *photo);
void pst_photo_unref(PstPhoto *photo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPhoto, pst_photo_unref)

/** TRUE where the file has more pixels than `full`. */
gboolean pst_photo_is_reduced(const PstPhoto *photo);

/** Reads the file at `path`. Errors as pst_picture_read(). */
PstPhoto *pst_photo_read(const char *path, GCancellable *cancellable, GError **error);

G_END_DECLS
