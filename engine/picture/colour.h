/* From a file's pixels to sRGB floats, with Little CMS. Private. */
#pragma once

#include "picture.h"

G_BEGIN_DECLS

/* How a decoder hands over a row: interleaved samples, colour channels first, then alpha. */
typedef struct {
    PstColour colour; /* GREY: 1 channel, RGB: 3, CMYK: 4; never PALETTE */
    int depth;        /* 8: guint8, 16: guint16 in the machine's byte order */
    gboolean alpha;   /* never with CMYK */
    gboolean ink;     /* CMYK only: the largest value is full ink; else it is no ink, as Adobe's */
} PstRowLayout;

gsize pst_row_layout_pixel_size(const PstRowLayout *layout);

/* What the file says about its colours: a profile or, without one, numbers. All may be missing. */
typedef struct {
    GBytes *icc;              /* an ICC profile, or NULL; owned */
    double gamma;             /* as PNG's gAMA: about 0.45 for sRGB, or 0 */
    double chromaticities[8]; /* as PNG's cHRM: x, y of white, red, green, blue, or all 0 */
    const char *name;         /* what messages call gamma and chromaticities; a constant */
} PstColourSpec;

void pst_colour_spec_clear(PstColourSpec *spec);

typedef struct _PstColourTransform PstColourTransform;

/* Never fails. What can't be used is taken as sRGB (or grey with sRGB's curve, or the CMYK fallback
 * profile), with info->warning. Sets info->profile where an ICC profile is used. */
PstColourTransform *pst_colour_transform_new(const PstRowLayout *layout, const PstColourSpec *spec,
                                             PstPictureInfo *info);

/* The description of `spec`'s profile as the transform would set it, without making a transform. */
void pst_colour_describe(const PstRowLayout *layout, const PstColourSpec *spec, PstPictureInfo *info);

/* One row of `width` pixels. `rgb` is [width][3], `alpha` [width] or NULL; results are in 0..1. */
void pst_colour_transform_row(PstColourTransform *transform, const void *row, int width, float *rgb, float *alpha);
void pst_colour_transform_free(PstColourTransform *transform);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstColourTransform, pst_colour_transform_free)

/* The bytes of an sRGB ICC profile, always the same; NULL (not expected) when lcms fails. */
GBytes *pst_colour_srgb_icc(void);

G_END_DECLS
