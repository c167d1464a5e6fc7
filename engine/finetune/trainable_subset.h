/* What of the generator is fine-tuned: from a row of trained numbers to a change (engine/network/weight_delta.h), and back.
 *
 *   PST_TRAINABLE_SUBSET_ALL         every weight and bias of convolutions and skips, and all of PST_TRAINABLE_SUBSET_MODULATION
 *   PST_TRAINABLE_SUBSET_LOW_RANK    the same, but for the convolutions at 1/8 of the size the change of the weights is a product
 *                         A [out][rank] B [rank][9 in] (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
 *                         ICLR 2022)
 *   PST_TRAINABLE_SUBSET_MODULATION  only what a style has of its own anyway: scales, shifts and the shares of mixed kernels
 *
 * Scales, shifts and shares stand in a row divided by PST_TRAINABLE_SUBSET_GAIN: they are few and have far to go, and Adam moves all
 * numbers of a row alike.
 *
 * A row is pst_weight_delta_size() numbers laid out like a change, rounded up to a multiple of 16; with low rank A and B of
 * each such layer follow. Numbers that the scope leaves out stay zero.
 */
#pragma once

#include "engine/gradient/parameters.h"

#include "engine/network/weight_delta.h"

G_BEGIN_DECLS

typedef enum { PST_TRAINABLE_SUBSET_ALL, PST_TRAINABLE_SUBSET_LOW_RANK, PST_TRAINABLE_SUBSET_MODULATION, PST_TRAINABLE_SUBSETS } PstTrainableSubset;

extern const char *const pst_trainable_subset_names[PST_TRAINABLE_SUBSETS + 1];

#define PST_TRAINABLE_SUBSET_RANK 16
#define PST_TRAINABLE_SUBSET_GAIN 10.0f

/** Floats of a row, a multiple of 16. */
gsize pst_trainable_subset_row(PstTrainableSubset subset);

/** Numbers that are trained. */
gsize pst_trainable_subset_numbers(PstTrainableSubset subset);

/** Fills a row with where training begins: a change of zero. */
void pst_trainable_subset_begin(PstTrainableSubset subset, float *row, guint64 seed);

/** The change that a row stands for, pst_weight_delta_size() floats. */
void pst_trainable_subset_expand(PstTrainableSubset subset, const float *row, float *change);

/** The gradient with respect to a row, given that with respect to a set of parameters (parameters.h); overwrites
 *  drow. */
void pst_trainable_subset_gradient(PstTrainableSubset subset, const float *row, const float *dparameters, float *drow);

/** parameters = base + change, sets of parameters both; what no change touches is left as it is. */
void pst_trainable_subset_apply(const float *base, const float *change, float *parameters);

G_END_DECLS
