/* Hypercolumns: what all layers see at a place, side by side, 864 numbers at a quarter of the picture's size. Finer
 * layers are averaged over the place's 4x4 or 2x2 pixels, coarser ones doubled (pst_double()).
 *
 * Hariharan et al., "Hypercolumns for Object Segmentation and Fine-grained Localization", CVPR 2015; for style transfer
 * Kolkin et al., "Neural Neighbor Style Transfer", arXiv:2203.13215, section 3.
 */
#pragma once

#include "feature_network.h"

G_BEGIN_DECLS

/** Of each layer its part of the columns, [height / 4][width / 4][channels]. */
typedef struct {
    int height, width;
    PstMap part[PST_FEATURE_LAYERS];
    PstMap spare; /* for the way back */
} PstHypercolumns;

/** Room for those of such features. */
PstHypercolumns *pst_hypercolumns_new(const PstFeatureMaps *features);
void pst_hypercolumns_free(PstHypercolumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstHypercolumns, pst_hypercolumns_free)

/** Gathers them. */
void pst_hypercolumns_gather(PstHypercolumns *columns, PstExecutor *executor, const PstFeatureMaps *features);

/** Copies one column, PST_FEATURE_CHANNELS floats, the layers one after the other. */
void pst_hypercolumns_copy(const PstHypercolumns *columns, gsize place, float *column);

/** The gradient of the gathering: adds to that of a layer, given that with respect to the columns in `columns`. */
void pst_hypercolumns_gradient(PstHypercolumns *columns, PstExecutor *executor, int layer, PstMap *gradient);

G_END_DECLS
