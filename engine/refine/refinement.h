/* A refined picture: the whole way from a photograph and what a style keeps of its paintings to a finished painting.
 *
 *   pst_refinement_size()   the size at which it is refined: strokes are as large as the canvas asks, not as it has
 *                           pixels
 *   pst_refinement_new()    refines it there (refine.h): coarse to fine, seconds
 *   pst_refinement_paint()  gives it at any size, the finer octaves added by tiles (detail.h), in memory that grows
 *                           with the width only
 *
 * All three depend on the pictures and options alone: the same bytes on any number of threads.
 */
#pragma once

#include "detail.h"
#include "refine.h"
#include "style_pictures.h"

G_BEGIN_DECLS

/* The largest short side at which pictures are refined. */
#define PST_REFINEMENT_SIDE 768

typedef struct {
    double likeness; /* 0..1: what the photograph counts beside the generator's painting where it begins, and how firmly
                        its forms are held */
    double strokes;  /* 0.25 .. 4: how large strokes are beside those of the painting, seen whole */
    int steps;       /* of the finest octave that is refined, and of each coarser one; more are better and slower */
} PstRefinementOptions;

#define PST_REFINEMENT_DEFAULTS                                                                                        \
    {                                                                                                                  \
        .likeness = 0.5, .strokes = 1, .steps = 50                                                                     \
    }

/** A refined picture. Read-only. */
typedef struct PstRefinement PstRefinement;

/** The size at which a picture of width x height is refined in that style. A painting's pixels are not enlarged much:
 *  where it is small, so is this. */
void pst_refinement_size(const PstStylePictures *style, int width, int height, int *refined_width, int *refined_height);

/** The time that pst_refinement_new() and pst_refinement_paint() take, in units of one step on one pixel, which is
 *  about the same everywhere on one machine: time the first steps to tell the rest. */
double pst_refinement_work(const PstStylePictures *style, int width, int height, const PstRefinementOptions *options);

/** Refines `photo`, which has the size of pst_refinement_size(); alpha is laid on white. `instant` is the generator's
 *  painting of it in the same size, or NULL: it begins with the photograph alone. progress may be NULL.
 *
 *  Where `cancellable` is triggered, the answer comes within a fifth of a second and is, if `keep`, what there is so
 *  far; else NULL and G_IO_ERROR_CANCELLED. Other errors: PST_PICTURE_ERROR_MEMORY. */
PstRefinement *pst_refinement_new(const PstFeatureNetwork *network, const PstStylePictures *style,
                                  const PstPicture *photo, const PstPicture *instant,
                                  const PstRefinementOptions *options, gboolean keep, PstThreadPool *pool,
                                  GCancellable *cancellable, PstRefineProgress progress, gpointer data, GError **error);
void pst_refinement_free(PstRefinement *refinement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstRefinement, pst_refinement_free)

/** The refined picture [height][width][3], 0..1, owned by the refinement. */
const PstMap *pst_refinement_picture(const PstRefinement *refinement);

/** Paints it at width x height: rows of the photograph in that size are read from top to bottom, each once, and rows of
 *  the painting written likewise. Where the size is that of the refined picture, nothing is read. FALSE with an error
 *  of read() or write(), PST_PICTURE_ERROR_MEMORY or G_IO_ERROR_CANCELLED. */
gboolean pst_refinement_paint(const PstRefinement *refinement, const PstFeatureNetwork *network,
                              const PstStylePictures *style, int width, int height, PstDetailRead read,
                              PstDetailWrite write, PstThreadPool *pool, GCancellable *cancellable,
                              PstDetailProgress progress, gpointer data, GError **error);

G_END_DECLS
