/* Maps and floats between guard bands, for tests of kernels: whoever writes beside them is found
 * out. */
#pragma once

#include "engine/kernel/map.h"

typedef struct {
    PstMap map; /* the floats inside the guards */
    float *block;
    gsize size;
} Guarded;

/** Floats inside are NaN, so that what is read before it is written, or not written at all, shows.
 */
Guarded guarded_map(int height, int width, int channels);
Guarded guarded_floats(gsize n);

/** The same, filled with random numbers from -1 to 1. */
Guarded guarded_random_map(int height, int width, int channels);
Guarded guarded_random_floats(gsize n);

/** A copy, with guards of its own. */
Guarded guarded_copy(const Guarded *from);

/** Fails the test if a guard is damaged; then frees all. */
void guarded_clear(Guarded *guarded);

/** Largest difference between two arrays as a share of the largest value of the second, or of 1/4:
 * what is made of random numbers up to 1 is smaller only by cancellation. Infinite where there is
 * NaN. */
double relative_error(const float *a, const float *b, gsize n);

/** Fails the test unless relative_error() is less than the limit. */
void assert_close(const Guarded *a, const Guarded *b, double limit);

/** Fails the test unless both hold the same bytes. */
void assert_same(const Guarded *a, const Guarded *b);

/** A number of channels of the kind that networks, or careless users, have. */
int random_channels(int most);
