/* Several styles in one picture, each where a soft mask says. */
#pragma once

#include "mask.h"
#include "painter.h"

G_BEGIN_DECLS

#define PST_REGIONS 4 /* at most, in one picture */

typedef struct {
    const PstStyle *style;
    const PstMask *mask; /* NULL: everywhere */
} PstPaintRegion;

/** Paints the photograph in each region's style and lays the paintings over each other, the first lowest, by their
 *  masks; where no mask reaches, the photograph stays. `count` is 0 .. PST_REGIONS. Everything else as pst_paint(). */
PstPicture *pst_paint_regions(const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                              const PstPaintRegion *regions, int count, const PstPaintSettings *settings,
                              PstPaintProgress progress, gpointer data, GCancellable *cancellable, GError **error);

/** Lays `painting` over `picture` by `mask` (NULL: everywhere): picture += mask * (painting - picture). Both have the
 *  same size. FALSE and G_IO_ERROR_CANCELLED when cancelled, `picture` being half done then. */
gboolean pst_paint_region_blend(PstPicture *picture, const PstPicture *painting, const PstMask *mask,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
