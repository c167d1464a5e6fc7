/* Where in a picture something applies, as the strokes of a soft round brush, lassos and gradients.
 *
 * Lengths are in units of the picture's longer side, so that one mask means the same in a preview of 512 pixels and in
 * the export of 50 megapixels: it is evaluated at the centre of each pixel, never resampled. A mask is immutable once
 * it is shared; pst_mask_copy() makes one that may be changed.
 */
#pragma once

#include <glib.h>

/** A point, in units of the picture's longer side from its upper left corner. */
typedef struct {
    float x, y;
} PstMaskPoint;

typedef enum {
    PST_MASK_BRUSH, /* within `radius` of the line through its points */
    PST_MASK_LASSO, /* inside of the polygon of its points, by the even-odd rule; it fades to either side of its edge */
    PST_MASK_GRADIENT /* full on the far side of its first point, falling to nothing at its last */
} PstMaskShape;

/** One pull of a tool. */
typedef struct {
    PstMaskShape shape;
    gboolean erase;
    float radius;   /* above 0, in units of the longer side */
    GArray *points; /* of PstMaskPoint, at least one */
} PstMaskStroke;

typedef struct {
    gatomicrefcount references;
    GPtrArray *strokes; /* of PstMaskStroke, the oldest first */
    double feather;     /* 0 .. 1: the share of a stroke's radius over which it fades. Default 0.5 */
    gboolean invert;    /* applied last */
} PstMask;

/** A mask without strokes: 0 everywhere. */
PstMask *pst_mask_new(void);
PstMask *pst_mask_copy(const PstMask *mask);
PstMask *pst_mask_ref(PstMask *mask);
void pst_mask_unref(PstMask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstMask, pst_mask_unref)

/** Begins a stroke at a point, and leads it on. Only on a mask that is not shared. Of a lasso, radius times feather is
 *  how far its edge fades; of a gradient, radius means nothing. */
void pst_mask_begin(PstMask *mask, PstMaskShape shape, gboolean erase, double radius, PstMaskPoint point);
void pst_mask_extend(PstMask *mask, PstMaskPoint point);

gboolean pst_mask_equal(const PstMask *a, const PstMask *b);

/** Evaluates rows first .. first+rows-1 of a picture of width x height pixels into values ([rows][width], 0 .. 1).
 *  Painting takes the larger of what is there and the stroke, erasing the smaller of what is there and what the stroke
 *  leaves, so overlapping strokes do not add up. */
void pst_mask_fill(const PstMask *mask, int width, int height, int first, int rows, float *values);

/** As text: "feather invert; p radius x,y x,y …; e radius x,y …", numbers in the C locale: p paints with the brush, e
 *  erases, l is a lasso and g a gradient; of these, capitals erase. Owned by the caller. */
char *pst_mask_to_text(const PstMask *mask);

/** Reads that text; NULL where it is anything else, or longer than a mask can sensibly be. */
PstMask *pst_mask_from_text(const char *text);
