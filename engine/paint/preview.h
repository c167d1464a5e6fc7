/* Paints one small photograph again and again while someone moves the sliders.
 *
 * The photograph is encoded by the first painting, and again only for a style that wants another grain (transfer/grain.h);
 * any other painting takes only the generator's half of the work. Memory is bounded by what the
 * features take: 28 bytes a pixel of the photograph, besides a copy of it.
 */
#pragma once

#include "painter.h"

G_BEGIN_DECLS

typedef struct PstPreview PstPreview;

/** Takes a copy of the photograph. model and pool are borrowed and must outlive the preview. NULL without memory
 *  (PST_PICTURE_ERROR_MEMORY). */
PstPreview *pst_preview_new(const PstModel *model, PstThreadPool *pool, const PstPicture *photo, GError **error);
void pst_preview_free(PstPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPreview, pst_preview_free)

/** The photograph that is painted; owned by the preview. */
const PstPicture *pst_preview_photo(const PstPreview *preview);

/** Paints it: the same bytes as pst_paint() of that photograph with these settings (of which memory does not count).
 *  settings and rows may be NULL; `data` goes to rows. One thread at a time. NULL when cancelled or without memory. */
PstPicture *pst_preview_paint(PstPreview *preview, const PstStyle *style, const PstPaintSettings *settings,
                              PstPaintRows rows, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS
