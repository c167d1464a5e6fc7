/* A refined picture: from a photograph, the generator's painting of it and the style's palette to a painting whose
 * strokes are the painter's (refine.h), at the size that the strokes ask for.
 */
#pragma once

#include "refine.h"

#include "engine/style/style_palette.h"

/* Pixels of a refined picture, at most. */
#define PST_REFINEMENT_PIXELS (1024 * 768)

typedef struct {
    double likeness; /* 0..1: how firmly the photograph's forms are held. Its share in what refinement begins with,
                        beside the generator's painting, is an eleventh at a half, and all at 1 */
    double strokes;  /* 0.25 .. 4: how large strokes are beside those of the painting, seen whole */
    int steps;       /* of the finest octave, and of each coarser one; more are better and slower */
} PstRefinementOptions;

#define PST_REFINEMENT_DEFAULTS                                                                                        \
    {                                                                                                                  \
        .likeness = 0.5, .strokes = 1, .steps = 54                                                                     \
    }

/** The size at which a picture of width x height is refined: at most its own, and such that strokes are as large on it
 *  as on the painting. */
void pst_refinement_size(const PstStylePalette *palette, int width, int height, double strokes, int *refined_width,
                         int *refined_height);

/** The work of refining a picture of that size, in steps on one pixel, which take about the same time everywhere on one
 *  machine. */
double pst_refinement_work(int refined_width, int refined_height, const PstRefinementOptions *options);

/** Seconds that a step on one pixel takes here: a small picture is refined to find out, which takes some tenths of a
 *  second. 0 without memory for it. */
double pst_refinement_seconds(const PstFeatureNetwork *network, const PstStylePalette *palette, PstThreadPool *pool);

/** Refines `photo`, which has the size of pst_refinement_size(); alpha is laid on white. `instant` is the generator's
 *  painting of it in the same size, or NULL: it begins with the photograph alone. progress may be NULL. The result has
 *  no alpha and is owned by the caller; it is the same on any number of threads.
 *
 *  Where `stop` (may be NULL) is triggered, the answer comes within a fifth of a second and is what there is so far;
 *  where `cancellable` is, it is NULL and G_IO_ERROR_CANCELLED. Other errors: PST_PICTURE_ERROR_MEMORY. */
PstPicture *pst_refinement(const PstFeatureNetwork *network, const PstStylePalette *palette, const PstPicture *photo,
                           const PstPicture *instant, const PstRefinementOptions *options, PstThreadPool *pool,
                           PstRefineProgress progress, gpointer data, GCancellable *stop, GCancellable *cancellable,
                           GError **error);
