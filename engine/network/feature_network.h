/* What refinement looks through: the encoder, of which every layer after its ReLU, conv1_1 .. conv4_4, tells something
 * of a picture, from edges and colours of single pixels to shapes of some fifty.
 *
 * All threads of an executor work on one picture. Results don't depend on how many they are.
 */
#pragma once

#include "engine/network/architecture.h"
#include "engine/network/executor.h"
#include "engine/network/safetensors.h"

#define PST_FEATURE_LAYERS   12                                   /* conv1_1 .. conv4_4 of pst_encoder_layers */
#define PST_FEATURE_CHANNELS (2 * 16 + 2 * 32 + 4 * 64 + 4 * 128) /* of all of them */
#define PST_FEATURE_WIDEST   128

/** Read-only, any number of threads may share it. */
typedef struct PstFeatureNetwork PstFeatureNetwork;

/** Takes the layers out of the encoder's weights. NULL and PST_TENSORS_ERROR_MISMATCH where one is missing or has
 *  another shape. */
PstFeatureNetwork *pst_feature_network_new(const PstTensors *weights, GError **error);
void pst_feature_network_free(PstFeatureNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFeatureNetwork, pst_feature_network_free)

/** What the network sees in one picture. */
typedef struct {
    int height, width;
    int count;                         /* of layers that are looked at */
    PstMap layers[PST_FEATURE_LAYERS]; /* after the ReLU */
    PstMap pooled[PST_FEATURE_LAYERS]; /* of those that a pooling follows; else zeroed */
    PstMap spare[2];                   /* for the way back, or zeroed */
} PstFeatureMaps;

/** Room for the first `count` layers of a picture of at least 16 x 16, and for the way back where `gradient`. */
PstFeatureMaps *pst_feature_maps_new(int height, int width, int count, gboolean gradient);
void pst_feature_maps_free(PstFeatureMaps *features);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFeatureMaps, pst_feature_maps_free)

/** Looks at rgb [height][width][3], mostly in 0..1. */
void pst_feature_maps_see(PstFeatureMaps *features, const PstFeatureNetwork *network, PstExecutor *executor,
                          const PstMap *rgb);

/** Adds the gradient of a loss with respect to a layer to `gradient`, which has the layer's shape. */
typedef void (*PstFeatureGradient)(int layer, PstMap *gradient, gpointer data);

/** The way back: the gradient with respect to the picture that was seen last, into drgb. `add` is called for each
 *  layer, the last one first. */
void pst_feature_maps_gradient(PstFeatureMaps *features, const PstFeatureNetwork *network, PstExecutor *executor,
                               PstFeatureGradient add, gpointer data, PstMap *drgb);
