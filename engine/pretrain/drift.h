/* Drift: where a generator comes to that learns a style under a shallow loss network that doesn't explain all. Its
 * paintings are what the shallow loss network has to learn next (distillation.h). */
#pragma once

#include "corpus.h"

#include "engine/gradient/generator_weights.h"
#include "engine/gradient/loss_network.h"

#include "engine/network/model.h"

/** Borrowed, all of it; `model` and `base` are the same generator. */
typedef struct {
    const PstModel *model;
    const PstGeneratorWeights *base;
    const PstLossNetwork *encoder, *shallow_loss_network;
    const PstCorpus *photos, *paintings; /* pictures for training only */
    PstThreadPool *pool;
    int steps; /* of fine-tuning, at most; at least a third of them */
} PstDrift;

/** Fine-tunes the generator on one to three paintings under the shallow loss network, then paints `count` photographs
 *  with it; clear each with pst_example_clear(). All that is random comes from the stream (seed, step, item). */
void pst_drift_paint(const PstDrift *drift, guint64 seed, guint64 step, guint64 item, PstExample *pictures, int count);
