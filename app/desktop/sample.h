/* The photograph to try the program with. */
#pragma once

#include "texture.h"

G_BEGIN_DECLS

/** Its path, owned by the caller. NULL where the program's data is not found. */
char *pst_sample_path(GError **error);

/** Reads a small picture of it; for pst_texture_finish(). */
void pst_sample_texture(PstEngineService *service, GAsyncReadyCallback callback, gpointer data);

G_END_DECLS
