#include "painting.h"

PstPainting *pst_painting_new(PstPhoto *photo, PstLook *look, PstPicture *picture)
{
    PstPainting *painting = g_new0(PstPainting, 1);

    g_atomic_ref_count_init(&painting->references);
    painting->photo = pst_photo_ref(photo);
    painting->look = pst_look_ref(look);
    painting->picture = picture;
    return painting;
}

PstPainting *pst_painting_ref(PstPainting *painting)
{
    g_atomic_ref_count_inc(&painting->references);
    return painting;
}

void pst_painting_unref(PstPainting *painting)
{
    if (painting && g_atomic_ref_count_dec(&painting->references)) {
        pst_photo_unref(painting->photo);
        pst_look_unref(painting->look);
        pst_picture_free(painting->picture);
        g_free(painting);
    }
}
