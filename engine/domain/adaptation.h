/* Gives a photograph the look of another domain; things stay where they are.
 *
 * What is done is worked out on the photograph's small copy (domain.h), as a change of Oklab that is linear in every
 * window, and then done to its pixels, at any size, row by row:
 *
 *   q = (1 - strength) p + strength (G p + A p + noise)
 *
 * p is a pixel's Oklab with a 1 after it. G is one linear map for the whole picture. A is a linear map for each pixel
 * of the small copy, found by a guided filter between the small copy and what the method makes of it, beyond G; it is
 * interpolated. So edges of q are where p has them. Noise that the target has and the source has not (noise.h), as
 * large in proportion to the picture as on small copies, may be added.
 *
 *   colour    G is the transport of the source's colours to the target's, means and covariances (colour_transfer.h),
 *             no difference growing more than 1.5 times. Beyond it, lightness without its detail gets the quantiles of
 *             the target's, and detail its deviation.
 *   network   the small copy painted in the target's style, by the program's own networks; G transports the colours
 *             of the copy to the painting's
 *   fourier   amplitudes of the lowest frequencies are exchanged for those of one of the target's pictures: Yang and
 *             Soatto, "FDA: Fourier Domain Adaptation for Semantic Segmentation", CVPR 2020, with
 *             beta = 0.01; a baseline
 */
#pragma once

#include "domain.h"

#include "engine/paint/rows.h"

typedef enum { PST_ADAPTATION_COLOUR, PST_ADAPTATION_NETWORK, PST_ADAPTATION_FOURIER } PstAdaptationMethod;

/** "colour", "network", "fourier": on the command line; ends with NULL. */
extern const char *const pst_adaptation_names[];

typedef struct {
    PstAdaptationMethod method;
    double strength; /* 0: the photograph, 1: all of it */
    double noise;    /* 0: none, 1: as much as the target has; times strength */
    guint64 seed;    /* of the noise, and of the choice of the picture whose amplitudes are taken */
} PstAdaptationOptions;

/** Read-only once made, any number of threads may share it. */
typedef struct PstAdaptation PstAdaptation;

/** The adaptation of a photograph, given its small copy, to `target`. `source` is the domain that the photograph is
 *  of: its statistics stand for the photograph's, so that what makes it differ from others of its domain stays; NULL:
 *  its own. PST_ADAPTATION_NETWORK needs a target with a style, and its model and pool. Nothing is kept of the
 *  arguments. NULL when cancelled or without memory. */
PstAdaptation *pst_adaptation_new(const PstPicture *small, const PstDomain *source, const PstDomain *target,
                                  const PstAdaptationOptions *options, const PstModel *model, PstThreadPool *pool,
                                  GCancellable *cancellable, GError **error);
void pst_adaptation_free(PstAdaptation *adaptation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstAdaptation, pst_adaptation_free)

/** Adapts rows first .. first+rows-1 of the photograph at its size of width x height, rgb [rows][width][3], in place.
 *  The bytes are the same however rows are cut, and on any number of threads. */
void pst_adaptation_apply(const PstAdaptation *adaptation, PstThreadPool *pool, int width, int height, int first,
                          int rows, float *rgb);

/** A photograph in memory, adapted; the caller's. NULL when cancelled or without memory. */
PstPicture *pst_adaptation_picture(const PstAdaptation *adaptation, PstThreadPool *pool, const PstPicture *photo,
                                   GCancellable *cancellable, GError **error);

/** The part of a colour adaptation between domains that is the same everywhere, as a table of `side`^3 colours (2 ..
 *  65) in the .cube format (Adobe, "Cube LUT Specification 1.0", 2013) of sRGB-encoded values. The caller's. */
char *pst_adaptation_cube(const PstDomain *source, const PstDomain *target, double strength, int side,
                          const char *title);
