/* The examiner: the first layers of VGG-19, or of a net that was taught to be like them, for the style of shallow
 * depths.
 *
 * A judge is thin: of the statistics of VGG-19's relu2_1 and relu3_1 it tells half (judge.h). The
 * examiner is VGG-19 itself as far as relu3_1, all of its channels, and costs as much as the rest
 * of a training step; deeper depths are left to the judge. Its style is the means of the channels
 * of relu1_1 .. relu3_1, then their standard deviations sqrt(variance + PST_EPSILON),
 * PST_EXACT_SIZE floats.
 *
 * VGG-19 itself is not shipped. data/examiner.safetensors is a narrower net of ours, taught from random weights to see
 * what VGG-19 sees at relu3_1 (distillation.h); relu1_1 and relu2_1 it leaves to the judge. Fine-tuning looks through
 * it: under the judge alone a generator learns to do as it likes with what the judge doesn't see.
 *
 * Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
 * 2015; channels brought to a mean activation of 1: Gatys, Ecker and Bethge, "Texture Synthesis
 * Using Convolutional Neural Networks", NIPS 2015.
 */
#pragma once

#include "judge.h"

G_BEGIN_DECLS

#define PST_EXACT_TAPS     3
#define PST_EXACT_CHANNELS (64 + 128 + 256)
#define PST_EXACT_SIZE     (2 * PST_EXACT_CHANNELS)

#define PST_EXAMINER_LAYERS 5
extern const PstLayer pst_examiner_layers[PST_EXAMINER_LAYERS];     /* VGG-19's */
extern const PstLayer pst_own_examiner_layers[PST_EXAMINER_LAYERS]; /* the shipped one's */

/** Reads its file: "conv1_1.weight" [64][3][3][3], "conv1_1.bias" .. of conv1_1, conv1_2, conv2_1,
 * conv2_2 and conv3_1, for RGB in 0..1; of the shipped one, which has "network" = "pastiche-examiner" in its metadata,
 * the same with other channels. Free with pst_judge_free(). */
PstJudge *pst_examiner_read(const char *path, GError **error);

/** The taps that an examiner tells of: bit 1 << tap. */
guint pst_examiner_taps(const PstJudge *examiner);

/** The style of a picture that the examiner has looked at, given the sight's taps; zeros for those that it doesn't tell
 *  of. */
void pst_examiner_style(const PstMap *taps, float *style);

/** Its share of the style loss's PST_TAPS depths (losses.h), unweighted: what the
 * judge's pst_loss_style() leaves out. `sight` is one of moments
 * (pst_sight_new_of_moments()) that has looked at the picture, `target` and `aim` are styles; puts `weight`
 * times the gradient, of a loss to `aim`, into the sight's moments. */
double pst_examiner_loss(PstSight *sight, const float *target, const float *aim, double weight);

/** The style that pst_examiner_loss() saw; zeros for depths that the examiner doesn't tell of. */
void pst_examiner_seen(const PstSight *sight, float *style);

G_END_DECLS
