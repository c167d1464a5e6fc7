/* The photographs to try the program with, and how they look painted. */
#pragma once

#include "engine/paint/look.h"
#include "texture.h"

typedef struct {
    const char *file;  /* in the folder of samples */
    const char *style; /* identifier of the style that suits it */
    const char *title; /* to be translated */
} PstSamplePhoto;

/** The sample of that number from 0; NULL after the last. */
const PstSamplePhoto *pst_sample(int number);

/** Its path, owned by the caller. NULL where the program's data is not found. */
char *pst_sample_path(const PstSamplePhoto *sample, GError **error);

/** Reads a small picture of it; for pst_texture_finish(). */
void pst_sample_texture(PstEngineService *service, const PstSamplePhoto *sample, GAsyncReadyCallback callback,
                        gpointer data);

/** Paints it small in a look, as the preview of a photograph is. A later call of the same slot (a text) cancels it, and
 *  so does pst_sample_cancel(). */
void pst_sample_paint(PstEngineService *service, const PstSamplePhoto *sample, PstLook *look, const char *slot,
                      GAsyncReadyCallback callback, gpointer data);
void pst_sample_cancel(PstEngineService *service, const char *slot);

/** Both pictures (overwritten, owned by the caller). FALSE with what painting says. */
gboolean pst_sample_finish(GAsyncResult *result, GdkTexture **photo, GdkTexture **painting, GError **error);
