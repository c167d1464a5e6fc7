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

/** Paints the whole photograph in one style. NULL and an error, as pst_paint(). */
typedef PstPicture *(*PstRegionPaint)(const PstStyle *style, gpointer data, GError **error);

/** Lays the paintings of each region's style over each other, the first lowest, by their masks; where no mask reaches,
 *  the photograph stays. `paint` is called for regions that show, in order. `count` is 0 .. PST_REGIONS. Errors as
 *  pst_paint(). */
PstPicture *pst_regions_paint(const PstPicture *photo, const PstPaintRegion *regions, int count, PstRegionPaint paint,
                              gpointer data, GCancellable *cancellable, GError **error);

/** How many of the regions show: not hidden beneath a later one that is everywhere, and not nowhere. */
int pst_regions_visible(const PstPaintRegion *regions, int count);

/** Lays `painting` over `picture` by `mask` (NULL: everywhere): picture += mask * (painting - picture). Both have the
 *  same size. FALSE and G_IO_ERROR_CANCELLED when cancelled, `picture` being half done then. */
gboolean pst_paint_region_blend(PstPicture *picture, const PstPicture *painting, const PstMask *mask,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
