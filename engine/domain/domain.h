/* A domain: what pictures that were taken in one way have in common, light, colours, camera and all, whatever is on
 * them. Its statistics are pooled over small copies of its pictures, each of which counts alike.
 */
#pragma once

#include "noise.h"

#include "engine/kernel/colour_transfer.h"
#include "engine/network/model.h"
#include "engine/picture/picture.h"
#include "engine/style/style.h"

#include <complex.h>

#define PST_DOMAIN_SIDE  512 /* pixels of the short side of small copies, at most */
#define PST_DOMAIN_TONES 65
#define PST_DOMAIN_WAVES 25 /* highest frequency that is kept, in waves over the picture */
/* Amplitudes of frequencies: [-waves .. waves] down, [0 .. waves] across, of three channels. */
#define PST_DOMAIN_SPECTRUM ((2 * PST_DOMAIN_WAVES + 1) * (PST_DOMAIN_WAVES + 1) * 3)

typedef struct PstDomain PstDomain;

/** A domain without pictures. With `model` (borrowed, as `pool`) it also has a style; without, NULL for both. */
PstDomain *pst_domain_new(const PstModel *model, PstThreadPool *pool);
void pst_domain_free(PstDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstDomain, pst_domain_free)

/** The small copy of a picture file, transparent parts on white, as domains and adaptations look at it; the caller's.
 *  Read by rows, so memory does not grow with the file. NULL with the errors of reading. */
PstPicture *pst_domain_read(const char *path, GCancellable *cancellable, GError **error);

/** The same of a picture in memory. */
PstPicture *pst_domain_shrink(const PstPicture *picture, GCancellable *cancellable, GError **error);

/** Adds a small copy. FALSE when cancelled or without memory. */
gboolean pst_domain_add(PstDomain *domain, const PstPicture *small, GCancellable *cancellable, GError **error);

/** How many pictures were added; the functions below need one. */
int pst_domain_count(const PstDomain *domain);

/** Means and covariances of Oklab. */
const PstColourMoments *pst_domain_colours(const PstDomain *domain);

/** Quantiles of lightness without its detail (pst_domain_base()), PST_DOMAIN_TONES from the darkest to the lightest. */
void pst_domain_tones(const PstDomain *domain, float tones[PST_DOMAIN_TONES]);

/** Mean over pictures of the deviation of lightness from that. */
double pst_domain_detail(const PstDomain *domain);

/** The amplitudes of one of the pictures, `index` counted modulo the number kept, of sRGB-encoded values divided by the
 *  number of pixels. */
const float *pst_domain_spectrum(const PstDomain *domain, guint64 index);

/** What is in even parts of the pictures. */
const PstNoise *pst_domain_noise(const PstDomain *domain);

/** The style of all pictures; NULL where there is no model. */
const PstStyle *pst_domain_style(const PstDomain *domain);

/* ---- what others measure in the same way ---- */

/** Oklab of a picture, [height][width][3]; free with pst_map_clear(). */
PstMap pst_domain_lab(const PstPicture *picture);

/** Lightness without detail: channel 0 of `lab` through a guided filter, [height][width][1]. */
PstMap pst_domain_base(const PstMap *lab);

/** Frequencies of a picture [PST_DOMAIN_SPECTRUM], divided by the number of pixels. */
void pst_domain_waves(const PstPicture *picture, float complex *waves);
