/* The shallow loss network: the first layers of VGG-19, or of a student of them, for the style of shallow depths.
 *
 * A loss network is thin: of the statistics of VGG-19's relu2_1 and relu3_1 it explains half (loss_network.h). VGG-19
 * itself as far as relu3_1, with all of its channels, has them all, and costs as much as the rest of a training step;
 * deeper depths are left to the loss network. Its style is the means of the channels of relu1_1 .. relu3_1, then their
 * standard deviations sqrt(variance + PST_EPSILON), PST_SHALLOW_TARGET_SIZE floats.
 *
 * VGG-19 is not shipped. data/examiner.safetensors is a narrower student of ours, trained from random weights to have
 * VGG-19's relu3_1 (distillation.h); relu1_1 and relu2_1 it leaves to the loss network. Fine-tuning needs it: under the
 * loss network alone a generator learns to do as it likes with what the loss network doesn't explain.
 *
 * Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", 2015; channels brought
 * to a mean activation of 1: Gatys, Ecker and Bethge, "Texture Synthesis Using Convolutional Neural Networks", NIPS
 * 2015.
 */
#pragma once

#include "loss_network.h"

#define PST_SHALLOW_TAPS        3
#define PST_SHALLOW_CHANNELS    (64 + 128 + 256)
#define PST_SHALLOW_TARGET_SIZE (2 * PST_SHALLOW_CHANNELS)

#define PST_SHALLOW_LAYERS 5
extern const PstLayer pst_shallow_teacher_layers[PST_SHALLOW_LAYERS]; /* VGG-19's */
extern const PstLayer pst_shallow_student_layers[PST_SHALLOW_LAYERS]; /* the shipped one's */

/** Reads its file: "conv1_1.weight" [64][3][3][3], "conv1_1.bias" .. of conv1_1, conv1_2, conv2_1, conv2_2 and conv3_1,
 *  for RGB in 0..1; of the student, which has "network" = "pastiche-examiner" in its metadata, the same with other
 *  channels. Free with pst_loss_network_free(). NULL and PST_TENSORS_ERROR. */
PstLossNetwork *pst_shallow_loss_network_read(const char *path, GError **error);

/** The taps that the network has: bit 1 << tap. */
guint pst_shallow_loss_network_taps(const PstLossNetwork *network);

/** The style of a picture in the network, given the taps of its activations; zeros for those that it hasn't. */
void pst_shallow_loss_network_style(const PstMap *taps, float *style);

/** The shallow share of the style loss's PST_TAPS depths (losses.h), unweighted: what pst_loss_style() may skip.
 *  `activations` are of moments (pst_activations_new_of_moments()) and hold the picture, `target` is a style. Puts
 *  `weight` times the gradient into the activations' moments. */
double pst_shallow_loss_network_loss(PstActivations *activations, const float *target, double weight);
