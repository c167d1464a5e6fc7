/* The loss network: an encoder-shaped network whose features training losses compare.
 *
 * Its taps relu1_1 .. relu5_1 are mapped by 1x1 linear maps U, b to the features of VGG-19. The maps are never applied
 * to pixels. With y = U f + b,
 *
 *   mean(y) = U mean(f) + b      var(y) = diag(U cov(f) U')      |U d|^2 = d' (U'U) d
 *
 * so means and covariances of the thin taps, and U'U, are all that losses need. The encoder itself is such a network as
 * well and may be its own loss network.
 *
 * Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016; statistics instead of
 * Gram matrices: Li et al., "Demystifying Neural Style Transfer", 2017.
 */
#pragma once

#include <gio/gio.h>

#include "arena.h"

#include "engine/kernel/convolution.h"
#include "engine/network/architecture.h"

/** Channels of all taps after their maps, and the size of a target: all means, then all standard
 *  deviations, each in the order of the taps. */
#define PST_LOSS_NETWORK_CHANNELS (64 + 128 + 256 + 512 + 512)
#define PST_TARGET_SIZE           (2 * PST_LOSS_NETWORK_CHANNELS)

/** Of the widest tap of a network without maps. */
#define PST_TAP_CHANNELS 256

/** A network of 3x3 convolutions with ReLU, and its maps. Read-only, any number of threads may share it. */
typedef struct {
    const PstLayer *table; /* what its layers are */
    int count;             /* layers, at most PST_ENCODER_LAYERS; the last one is a tap */
    PstConvolution *layers[PST_ENCODER_LAYERS];
    /* NULL in a network without maps */
    float *map[PST_TAPS + 1];            /* U [pst_teacher_channels[tap]][pst_tap_channels[tap]], tap 1 .. */
    float *map_transposed[PST_TAPS + 1]; /* U' */
    float *offset[PST_TAPS + 1];         /* b */
    float *gram[PST_TAPS + 1];           /* U'U */
} PstLossNetwork;

/** Reads an encoder's or a loss network's file: "conv1_1.weight", "conv1_1.bias" .. "conv5_1.bias", and
 *  "conv1_1_up.weight" [out][in][1][1], "conv1_1_up.bias" .. of the taps. */
PstLossNetwork *pst_loss_network_read(const char *path, GError **error);

/** Reads a network of other layers, "<name>.weight" and "<name>.bias" of each, without maps: what needs maps (losses.h,
 *  pst_loss_network_style()) is not for it. The table is borrowed. */
PstLossNetwork *pst_loss_network_read_layers(const PstLayer *table, int count, const char *path, GError **error);

/** A network of such layers whose weights stand in a row of floats: of each layer [out][in][3][3], then the biases,
 *  from pst_loss_network_offset() on, a multiple of 16; the gaps are zero. It has no weights until
 *  pst_loss_network_set(). */
PstLossNetwork *pst_loss_network_new_layers(const PstLayer *table, int count);
void pst_loss_network_set(PstLossNetwork *loss_network, const float *row);

/** Where a layer's weights begin in a row; of the layer past the last one, the floats of a row. */
gsize pst_loss_network_offset(const PstLossNetwork *loss_network, int layer);

void pst_loss_network_free(PstLossNetwork *loss_network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLossNetwork, pst_loss_network_free)

/** Means and standard deviations of a tap's channels, and the gradients with respect to them. */
typedef struct {
    float mean[PST_TAP_CHANNELS], deviation[PST_TAP_CHANNELS];
    float dmean[PST_TAP_CHANNELS], ddeviation[PST_TAP_CHANNELS];
} PstTapMoments;

/** Gradient with respect to some places of a layer: rows of its map. */
typedef struct {
    int count;
    const int *place;      /* [count]: y * width + x, each at most once */
    const float *gradient; /* [count][channels] */
} PstSparseGradient;

/** The network's features of one picture: workspace for one pass, forward and backward. One thread at a time may use
 *  it. */
typedef struct {
    PstMap taps[PST_TAPS + 1];         /* [1 ..]: relu<tap>_1, borrowed from the maps below */
    PstMap layers[PST_ENCODER_LAYERS]; /* after ReLU; without `gradient` only taps have data, unless of layers */
    PstMap pooled[PST_ENCODER_LAYERS]; /* of layers that a pooling follows */
    int last_tap;
    gboolean gradient;
    const PstMap *rgb; /* the picture, borrowed */
    GCancellable
        *cancellable; /* asked before each layer of a pass forward, borrowed, or NULL; maps are undefined then */
    /* only with `gradient`: gradients with respect to the taps, and what comes of them */
    PstMap dtaps[PST_TAPS + 1];
    PstTapMoments *moments;                       /* [PST_TAPS + 1]: what stands in place of dtaps, or NULL */
    PstSparseGradient sparse[PST_ENCODER_LAYERS]; /* beside these, of any layer but the last; borrowed, empty first */
    PstMap drgb;
    float *dparameters; /* a row (pst_loss_network_offset()) that the gradient with respect to the weights is ADDED to,
                           borrowed, or NULL: it is not wanted */
    PstMap spare[2];    /* passed from layer to layer and, in the other direction, their gradients */
    float *scratch;
    PstMap dy;      /* on the way back: the gradient with respect to the layer that it has come to, */
    int free_spare; /* and the spare map that is free */
} PstActivations;

/** For pictures of that size and the taps up to `last_tap`; with `gradient` also for pst_loss_network_backward(). Maps
 *  are taken from the arena. */
PstActivations *pst_activations_new(const PstLossNetwork *loss_network, PstArena *arena, int height, int width,
                                    int last_tap, gboolean gradient);

/** The same for all taps and without pst_loss_network_backward(), but with the maps of all layers. */
PstActivations *pst_activations_new_of_layers(const PstLossNetwork *loss_network, PstArena *arena, int height,
                                              int width);

/** The same for pst_loss_network_backward() and all taps, but with their moments in place of dtaps: wide maps that
 *  would be written and read once more are never made. */
PstActivations *pst_activations_new_of_moments(const PstLossNetwork *loss_network, PstArena *arena, int height,
                                               int width);
void pst_activations_free(PstActivations *activations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstActivations, pst_activations_free)

/** Passes a picture [height][width][3], mostly in 0..1, through the network. */
void pst_loss_network_forward(const PstLossNetwork *loss_network, const PstMap *rgb, PstActivations *activations);

/** Passes several pictures, activations[i]->rgb, through it, all to the same last_tap; faster than one after the other
 *  and the same to the bit. */
void pst_loss_network_forward_many(const PstLossNetwork *loss_network, PstActivations *const *activations, int count);

/** Gradients with respect to the pictures of the last pass, activations[i]->drgb, given those with respect to their
 *  taps, activations[i]->dtaps[1 ..], or to the moments of these, and to places of layers, activations[i]->sparse. */
void pst_loss_network_backward(const PstLossNetwork *loss_network, PstActivations *const *activations, int count);

/** The style of a picture as the generator knows it: means of relu1_1 .. relu4_1, then standard deviations
 *  sqrt(variance + PST_EPSILON); PST_STYLE_SIZE floats. */
void pst_taps_statistics(const PstMap *taps, float *style);
