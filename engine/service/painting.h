/* A finished painting, shared by reference: what was painted, how, and the pixels. */
#pragma once

#include "engine/paint/look.h"
#include "photo.h"

typedef struct {
    gatomicrefcount references;
    PstPhoto *photo;
    PstLook *look;
    PstPicture *picture; /* of the photograph's full size */
} PstPainting;

/** References photo and look, takes the picture over. */
PstPainting *pst_painting_new(PstPhoto *photo, PstLook *look, PstPicture *picture);
PstPainting *pst_painting_ref(PstPainting *painting);
void pst_painting_unref(PstPainting *painting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPainting, pst_painting_unref)
