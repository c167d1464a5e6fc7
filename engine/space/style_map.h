/* The map: a style for every place of a square on which the artworks of the bank are laid out. */
#pragma once

#include "style_space.h"

#include "artworks.h"

/** Read-only, any number of threads may share it. */
typedef struct PstStyleMap PstStyleMap;

/** A map of a bank whose artworks have positions; both are borrowed. */
PstStyleMap *pst_style_map_new(const PstStyleSpace *space, const PstArtworks *artworks);
void pst_style_map_free(PstStyleMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleMap, pst_style_map_free)

/** The standardised statistics at a place: codes and rests of the artworks around it, weighted by their distances
 *  (Shepard, "A two-dimensional interpolation function for irregularly-spaced data", 1968). At the place of an artwork
 *  it is exactly that artwork's. */
void pst_style_map_at(const PstStyleMap *map, double x, double y, float *statistics);

/** The artwork nearest to a place, and how far it is; -1 for an empty bank. */
int pst_style_map_nearest(const PstStyleMap *map, double x, double y, double *distance);
