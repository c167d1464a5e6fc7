/* How much of a picture's structure another one of the same size has: whether things are still where they are.
 *
 *   edges   share of the strongest edges of a (pixels that are maxima of the Scharr gradient of Oklab's lightness
 *           across the edge; as many as a twentieth of all pixels) that have one of b's within a pixel
 *   ssim    structural similarity of lightness, each brought to the same mean and deviation: Wang et al., "Image
 *           Quality Assessment: From Error Visibility to Structural Similarity", 2004, with windows of 7x7
 */
#pragma once

#include "engine/picture/picture.h"

typedef struct {
    double edges; /* 0..1 */
    double ssim;  /* at most 1 */
} PstStructure;

#define PST_STRUCTURE_SIDE 256 /* larger pictures are shrunk to this short side first */

/** FALSE when cancelled or without memory. Pictures of different sizes are compared at that of `a`. */
gboolean pst_structure_compare(const PstPicture *a, const PstPicture *b, PstStructure *structure,
                               GCancellable *cancellable, GError **error);
