/* The shallow loss network: the first layers of VGG-19, or of a net that was taught to be like them, for the style of shallow
 * depths.
 *
 * A loss network is thin: of the statistics of VGG-19's relu2_1 and relu3_1 it tells half (loss network.h). The
 * shallow loss network is VGG-19 itself as far as relu3_1, all of its channels, and costs as much as the rest
 * of a training step; deeper depths are left to the loss network. Its style is the means of the channels
 * of relu1_1 .. relu3_1, then their standard deviations sqrt(variance + PST_EPSILON),
 * PST_SHALLOW_SIZE floats.
 *
 * VGG-19 itself is not shipped. data/shallow loss network.safetensors is a narrower net of ours, taught from random weights to see
 * what VGG-19 sees at relu3_1 (distillation.h); relu1_1 and relu2_1 it leaves to the loss network. Fine-tuning looks through
 * it: under the loss network alone a generator learns to do as it likes with what the loss network doesn't see.
 *
 * Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
 * 2015; channels brought to a mean activation of 1: Gatys, Ecker and Bethge, "Texture Synthesis
 * Using Convolutional Neural Networks", NIPS 2015.
 */
#pragma once

#include "loss_network.h"

G_BEGIN_DECLS

#define PST_SHALLOW_TAPS     3
#define PST_SHALLOW_CHANNELS (64 + 128 + 256)
#define PST_SHALLOW_SIZE     (2 * PST_SHALLOW_CHANNELS)

#define PST_SHALLOW_LAYERS 5
extern const PstLayer pst_shallow_loss_network_layers[PST_SHALLOW_LAYERS];     /* VGG-19's */
extern const PstLayer pst_own_shallow_loss_network_layers[PST_SHALLOW_LAYERS]; /* the shipped one's */

/** Reads its file: "conv1_1.weight" [64][3][3][3], "conv1_1.bias" .. of conv1_1, conv1_2, conv2_1,
 * conv2_2 and conv3_1, for RGB in 0..1; of the shipped one, which has "network" = "pastiche-shallow loss network" in its metadata,
 * the same with other channels. Free with pst_loss_network_free(). */
PstLossNetwork *pst_shallow_loss_network_read(const char *path, GError **error);

/** The taps that an shallow loss network tells of: bit 1 << tap. */
guint pst_shallow_loss_network_taps(const PstLossNetwork *shallow);

/** The style of a picture that the shallow loss network has looked at, given the activations's taps; zeros for those that it doesn't tell
 *  of. */
void pst_shallow_loss_network_style(const PstMap *taps, float *style);

/** Its share of the style loss's PST_TAPS depths (losses.h), unweighted: what the
 * loss network's pst_loss_style() leaves out. `activations` is one of moments
 * (pst_activations_new_of_moments()) that has looked at the picture, `target` and `aim` are styles; puts `weight`
 * times the gradient, of a loss to `aim`, into the activations's moments. */
double pst_shallow_loss_network_loss(PstActivations *activations, const float *target, const float *aim, double weight);

/** The style that pst_shallow_loss_network_loss() saw; zeros for depths that the shallow loss network doesn't tell of. */
void pst_shallow_loss_network_seen(const PstActivations *activations, float *style);

G_END_DECLS
