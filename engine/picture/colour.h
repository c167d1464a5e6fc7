/* From a file's pixels to sRGB floats, with Little CMS. Private. */
#pragma once

#include "picture.h"

/* How a decoder hands over a row: interleaved samples, colour channels first, then alpha. CMYK is inverted: the largest
 * value is no ink, as Adobe's programs store it, and as others read it with and without Adobe's marker. */
typedef struct {
    PstColour colour; /* GREY: 1 channel, RGB: 3, CMYK: 4; never PALETTE */
    int depth;        /* 8: guint8, 16: guint16 in the machine's byte order */
    gboolean alpha;   /* never with CMYK */
} PstRowLayout;

gsize pst_row_layout_pixel_size(const PstRowLayout *layout);

/* What the file says about its colours: a profile or, without one, numbers. All may be missing. */
typedef struct {
    GBytes *icc;              /* an ICC profile, or NULL; owned */
    double gamma;             /* as PNG's gAMA: about 0.45 for sRGB, or 0 */
    int transfer;             /* or the curve as transfer characteristics of ITU-T H.273, or 0 */
    double chromaticities[8]; /* as PNG's cHRM: x, y of white, red, green, blue, or all 0 */
    const char *name;         /* what messages call gamma and chromaticities; a constant */
    PstColourBy by;           /* where they are from; of an ICC profile nothing need be said */
} PstColourSpec;

void pst_colour_spec_clear(PstColourSpec *spec);

/* Names of colours that decoders tell of by numbers, beside those of pst_colour_spec_set_cicp(); messages translate
 * them. */
#define PST_COLOUR_ADOBE  "Adobe RGB"
#define PST_COLOUR_LINEAR "linear light"

/* The constant name that says the same as `text`, which may be from another process; NULL if no colour is called so. */
const char *pst_colour_spec_name(const char *text);

/* Adobe RGB (1998), which cameras write without a profile. */
extern const PstColourSpec pst_colour_adobe_rgb;

/* Takes the four code points of PNG's cICP: colour primaries, transfer characteristics, matrix, range (ITU-T H.273). Of
 * HDR (PQ, HLG; ITU-R BT.2100) what is brighter than the white of paper (ITU-R BT.2408, 203 cd/m2) will be white, with
 * info->warning. FALSE, with a warning, where they stand for something else than RGB that is known here. */
gboolean pst_colour_spec_set_cicp(PstColourSpec *spec, const guint8 codes[4], PstPictureInfo *info);

/* Where the samples are RGB: what they are in, as an ICC profile that can be embedded, or NULL for sRGB. Owned by the
 * caller. */
GBytes *pst_colour_spec_profile(const PstColourSpec *spec, const PstRowLayout *layout);

typedef struct _PstColourTransform PstColourTransform;

/* `as_is`: RGB samples are left alone. Never fails. What can't be used is taken as sRGB (or grey with sRGB's curve, or
 * the CMYK fallback profile), with info->warning. Sets info->profile where an ICC profile is used. */
PstColourTransform *pst_colour_transform_new(const PstRowLayout *layout, const PstColourSpec *spec, gboolean as_is,
                                             PstPictureInfo *info);

/* The description of `spec`'s profile as the transform would set it, without making a transform. */
void pst_colour_describe(const PstRowLayout *layout, const PstColourSpec *spec, PstPictureInfo *info);

/* One row of `width` pixels. `rgb` is [width][3], `alpha` [width] or NULL; results are in 0..1. */
void pst_colour_transform_row(PstColourTransform *transform, const void *row, int width, float *rgb, float *alpha);
void pst_colour_transform_free(PstColourTransform *transform);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstColourTransform, pst_colour_transform_free)

/* The bytes of an sRGB ICC profile, always the same; NULL (not expected) when lcms fails. */
GBytes *pst_colour_srgb_icc(void);
