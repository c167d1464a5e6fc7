/* A photograph that is painted again and again while a style is trained. */
#pragma once

#include "engine/kernel/thread_pool.h"
#include "engine/network/change.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"

G_BEGIN_DECLS

typedef struct PstPreview PstPreview;

/** Reads a photograph; it is shrunk so that its long side is at most PST_PREVIEW_SIDE. */
#define PST_PREVIEW_SIDE 640
PstPreview *pst_preview_new(const char *path, GCancellable *cancellable, GError **error);
void pst_preview_free(PstPreview *preview);

/** The photograph painted in a style (statistics [PST_STYLE_SIZE]) by the generator with a change, which may be NULL;
 *  owned by the caller. */
PstPicture *pst_preview_paint(PstPreview *preview, const PstModel *model, const float *style, const PstChange *change,
                              PstThreadPool *pool);

G_END_DECLS
