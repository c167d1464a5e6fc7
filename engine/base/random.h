/* Random numbers that are a function of where they are used, not of what was drawn before.
 *
 * A stream is named by (seed, step, item), so a picture of a training step gets the same numbers on
 * every thread and after every restart. Within a stream it is SplitMix64 (Steele, Lea and Flood,
 * "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014); the same mixing function hashes
 * the name into the stream's first state.
 */
#pragma once

#include <glib.h>

typedef struct {
    guint64 state;
} PstRandom;

/** The stream of that name. */
PstRandom pst_random_at(guint64 seed, guint64 step, guint64 item);

/** 64 random bits. */
guint64 pst_random_bits(PstRandom *random);

/** Uniform in [0, 1), a multiple of 2^-53. */
double pst_random_unit(PstRandom *random);

/** Uniform in [low, high), and uniform in the logarithm (0 < low <= high). */
double pst_random_uniform(PstRandom *random, double low, double high);
double pst_random_log_uniform(PstRandom *random, double low, double high);

/** Uniform in 0 .. n-1, n at least 1. */
int pst_random_below(PstRandom *random, int n);

/** Chooses at most `most` of 0 .. n-1, in rising order and spread evenly: all, or one at random out of each of `most`
 *  equal parts. Returns how many; `chosen` has room for them. */
int pst_random_choose(PstRandom *random, gsize n, int most, int *chosen);

/** Normally distributed, mean 0 and variance 1 (Box and Muller 1958). */
double pst_random_normal(PstRandom *random);
