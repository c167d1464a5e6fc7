/* Networks filled by a formula, the same in C and in tests/fixtures/training.py. */
#pragma once

#include "engine/gradient/generator_gradient.h"
#include "engine/gradient/shallow_loss_network.h"

/** n floats within middle +- amplitude: the SplitMix64 stream that begins at state `seed`. */
void synthetic_fill(guint64 seed, float *values, gsize n, double amplitude, double middle);

/** An encoder-shaped network, as file and as loss network. */
void synthetic_network_write(guint64 seed, const char *path);
PstLossNetwork *synthetic_network(guint64 seed);

/** A shallow loss network with the layers of VGG-19, as file and read. */
void synthetic_shallow_network_write(guint64 seed, const char *path);
PstLossNetwork *synthetic_shallow_network(guint64 seed);

/** A prepared generator with modulation; free with synthetic_generator_free(). */
PstGeneratorWeights *synthetic_generator(guint64 seed);
void synthetic_generator_free(PstGeneratorWeights *weights);

/** A smooth picture with a little noise, 0.1 .. 0.9; clear with pst_map_clear(). */
PstMap synthetic_picture(guint64 seed, int height, int width);
