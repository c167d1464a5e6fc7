/* The fast way from an RGB profile of curves and a matrix (ICC.1:2010, 8.3.3) to sRGB. Private.
 *
 * Nearly all RGB profiles are of this kind. For 16-bit samples Little CMS runs general stages of floats, at 3
 * megapixels a second. Two tables and a matrix do the same twenty times as fast. All numbers come from Little CMS. */
#pragma once

#include <glib.h>
#include <lcms2.h>

typedef struct _PstMatrixShaper PstMatrixShaper;

/* For samples of `depth` 8 or 16 bits. NULL if `profile` is of another kind. The caller has to check the result
 * against Little CMS: a profile's curves may contradict its tables. */
PstMatrixShaper *pst_matrix_shaper_new(cmsContext context, cmsHPROFILE profile, int depth);

/* `width` pixels of interleaved samples, `step` samples from pixel to pixel, to [width][3] in 0..1. */
void pst_matrix_shaper_row(const PstMatrixShaper *shaper, const void *row, gsize step, gsize width, float *rgb);

void pst_matrix_shaper_free(PstMatrixShaper *shaper);
