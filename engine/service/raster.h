/* A picture made ready for the screen: 8 bits, in strips of rows, each at full size and at halves of it.
 *
 * Every strip is immutable and stands for itself, so a picture can appear strip by strip while it is being painted.
 */
#pragma once

#include "engine/picture/picture.h"

#define PST_RASTER_STRIP_ROWS 256 /* of the picture */
#define PST_RASTER_LEVELS     8

/** Rows of a picture at 1, 1/2, 1/4, ... of its size. */
typedef struct {
    int first, rows; /* of the picture */
    struct {
        int width, height;
        GBytes *pixels; /* [height][width][4]: premultiplied ARGB32 in the machine's byte order, as cairo has it */
    } levels[PST_RASTER_LEVELS];
} PstRasterStrip;

typedef struct {
    int width, height;
    int levels; /* 1 .. PST_RASTER_LEVELS; the smallest has a longer side of 512 pixels or less, if there is room */
    gboolean alpha;
    GPtrArray *strips; /* of PstRasterStrip, from top to bottom */
} PstRaster;

/** The strip that begins at row `first` of a picture. Free with pst_raster_strip_free(). */
PstRasterStrip *pst_raster_strip_new(const PstPicture *picture, int first);
void pst_raster_strip_free(PstRasterStrip *strip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRasterStrip, pst_raster_strip_free)

/** All of a picture. NULL when cancelled. */
PstRaster *pst_raster_new(const PstPicture *picture, GCancellable *cancellable, GError **error);

/** A picture of at most PST_RASTER_STRIP_ROWS rows, of a single level, from its pixels as they are in a strip;
 *  references them. */
PstRaster *pst_raster_new_from_pixels(GBytes *pixels, int width, int height, gboolean alpha);

void pst_raster_free(PstRaster *raster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRaster, pst_raster_free)
