/* A photograph that is open: at full size, and the smaller ones that previews and thumbnails are painted of. */
#pragma once

#include "engine/picture/picture.h"

/* Pixels of the preview's shorter side at most: the usual canvas of a look, so that strokes are those of the result. */
#define PST_PREVIEW_SIDE    512
#define PST_PREVIEW_LONG    1536     /* of the longer side, at most */
#define PST_PHOTO_THUMBNAIL 256      /* pixels of a side */
#define PST_PHOTO_PIXELS    50000000 /* held at most; of a larger file a half, a third, ... of its size is worked on */

/** Immutable and shared by reference. */
typedef struct {
    gatomicrefcount references;
    gboolean salvaged;   /* of a damaged file, what is left of it */
    char *path;          /* where it was read from, or NULL: pasted, or a frame of a video */
    char *name;          /* for people, UTF-8 */
    PstPicture *full;    /* as it is worked on; smaller than the file's where that is very large, see info.full_width */
    PstPicture *preview; /* at most PST_PREVIEW_SIDE and PST_PREVIEW_LONG; `full` itself where that is no larger */
    PstPicture *square;  /* the middle square of the preview: what thumbnails are painted on */
} PstPhoto;

/** Makes the smaller ones; takes `full` over in any case. NULL when cancelled or without memory. */
PstPhoto *pst_photo_new(PstPicture *full, const char *path, const char *name, GCancellable *cancellable,
                        GError **error);
PstPhoto *pst_photo_ref(PstPhoto *photo);
void pst_photo_unref(PstPhoto *photo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPhoto, pst_photo_unref)

/** TRUE where the file has more pixels than `full`. */
gboolean pst_photo_is_reduced(const PstPhoto *photo);

/** Reads the file at `path`; with `salvage` what is left of a damaged one. Errors as pst_picture_read(). */
PstPhoto *pst_photo_read(const char *path, gboolean salvage, GCancellable *cancellable, GError **error);
