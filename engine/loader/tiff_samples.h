/* Samples of TIFF rows, brought to a PstRowLayout. Private. */
#pragma once

#include "engine/picture/colour.h"

enum { PST_TIFF_MAX_SAMPLES = 64 }; /* of a pixel */

typedef struct {
    int bits;            /* of a sample */
    guint16 per_pixel;   /* samples, those that are passed over included */
    PstColour colour;    /* GREY, RGB or CMYK */
    gboolean alpha;      /* follows the colour */
    gboolean associated; /* colours are times alpha */
    gboolean inverted;   /* the largest value is black */
    gboolean is_float, is_known;
    gboolean planar; /* one plane for each sample */
} PstTiffSamples;

/* Whether rows of such samples can be taken: whole bytes up to 32 bits, or floats of 32 or 64. */
gboolean pst_tiff_samples_are_read(const PstTiffSamples *samples);

/* `planes` are the rows of all planes, one where samples are not planar. `row` has 8 bits for samples of 8, otherwise
 * 16. Floats beyond 0..1 are clamped. Ink is inverted, as PstRowLayout has it. */
void pst_tiff_samples_take(const PstTiffSamples *samples, const guint8 *const *planes, gsize width, void *row);
