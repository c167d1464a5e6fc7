/* What of the generator is fine-tuned: from a row of trained numbers to a change (engine/network/change.h), and back.
 *
 *   PST_SCOPE_ALL         every weight and bias of convolutions and skips, and all of PST_SCOPE_MODULATION
 *   PST_SCOPE_LOW_RANK    the same, but for the convolutions at 1/8 of the size the change of the weights is a product
 *                         A [out][rank] B [rank][9 in] (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
 *                         ICLR 2022)
 *   PST_SCOPE_MODULATION  only what a style has of its own anyway: scales, shifts and the shares of mixed kernels
 *
 * Scales, shifts and shares stand in a row divided by PST_SCOPE_GAIN: they are few and have far to go, and Adam moves all
 * numbers of a row alike.
 *
 * A row is pst_change_size() numbers laid out like a change, rounded up to a multiple of 16; with low rank A and B of
 * each such layer follow. Numbers that the scope leaves out stay zero.
 */
#pragma once

#include "parameters.h"

#include "engine/network/change.h"

G_BEGIN_DECLS

typedef enum { PST_SCOPE_ALL, PST_SCOPE_LOW_RANK, PST_SCOPE_MODULATION, PST_SCOPES } PstScope;

extern const char *const pst_scope_names[PST_SCOPES + 1];

#define PST_SCOPE_RANK 16
#define PST_SCOPE_GAIN 10.0f

/** Floats of a row, a multiple of 16. */
gsize pst_scope_row(PstScope scope);

/** Numbers that are trained. */
gsize pst_scope_numbers(PstScope scope);

/** Fills a row with where training begins: a change of zero. */
void pst_scope_begin(PstScope scope, float *row, guint64 seed);

/** The change that a row stands for, pst_change_size() floats. */
void pst_scope_expand(PstScope scope, const float *row, float *change);

/** The gradient with respect to a row, given that with respect to a set of parameters (parameters.h); overwrites
 *  drow. */
void pst_scope_gradient(PstScope scope, const float *row, const float *dparameters, float *drow);

/** parameters = base + change, sets of parameters both; what no change touches is left as it is. */
void pst_scope_apply(const float *base, const float *change, float *parameters);

G_END_DECLS
