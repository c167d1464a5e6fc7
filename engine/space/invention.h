/* Styles that no painting has: drawn from the prior, varied, or on the way from one style to another. */
#pragma once

#include "style_space.h"

#include "artworks.h"

#define PST_INVENTION_NEAREST 3

/** The standardised statistics of a random style; the same for the same seed. */
void pst_invention_draw(const PstStyleSpace *space, guint64 seed, float *x);

/** One of many variations of x: its code moves by `spread` (1: as far as two styles differ) in a direction that seed
 *  and index choose; the rest stays. */
void pst_invention_vary(const PstStyleSpace *space, const float *x, guint64 seed, int index, double spread, float *to);

/** The style at `share` (0: a, 1: b, exactly) of the way between two: codes on a straight line whose length is kept
 *  (a normal prior has few codes near its middle), rests in proportion. x and statistics as everywhere standardised. */
void pst_invention_walk(const PstStyleSpace *space, const float *a, const float *b, double share, float *x);

/** The artworks whose standardised statistics are nearest to x, the nearest first; those held out are left out where
 *  `honest`. */
void pst_invention_nearest(const PstStyleSpace *space, const PstArtworks *artworks, const float *x, gboolean honest,
                           int count, int *nearest);

/** A style of standardised statistics, with a name; its recipe says that it is invented, `from` what ("seed 12") and
 *  which artworks are nearest. Owned by the caller. */
PstStyle *pst_invention_style(const PstStyleSpace *space, const PstArtworks *artworks, const float *x, const char *name,
                              const char *from);
