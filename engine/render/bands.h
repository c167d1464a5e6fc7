/* How a picture is cut into bands of rows, so that painting it fits into a budget of memory. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Rows begin .. end-1. */
typedef struct {
    int begin, end;
} PstRange;

typedef struct {
    int height;             /* of the canvas, a multiple of 8 */
    int rows;               /* of a band, the last may have fewer; a multiple of PST_BAND_STEP unless it is all */
    int count;
    gboolean keep_features; /* of the whole picture, between the passes; otherwise they are computed twice */
    gsize memory;           /* bytes that painting will take */
} PstBands;

/* Bands begin at multiples of this, so that the statistics of relu4_1 are gathered from the same shares of rows
 * (PST_MOMENTS_ROWS at 1/8 of the picture) however the picture is cut. */
#define PST_BAND_STEP 128

/** Plans for a canvas (sides are multiples of 8) within `budget` bytes; where the budget is too small for that, with the
 *  smallest bands. */
void pst_bands_plan(PstBands *bands, int width, int height, gsize budget);

/** The rows of band i. */
PstRange pst_bands_core(const PstBands *bands, int i);

/** Those rows and up to `halo` rows around them that are in the picture. */
PstRange pst_bands_with_halo(const PstBands *bands, PstRange core, int halo);

G_END_DECLS
