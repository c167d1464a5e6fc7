/* 16-bit floating-point numbers without a sign, to store features, which are never negative: 5 bits of exponent, 11 of
 * fraction, one more than in IEEE 754 binary16. */
#pragma once

#include <glib.h>

/** The largest number, and the smallest above 0. */
#define PST_UNSIGNED_HALF_LARGEST 0x1.ffep9f
#define PST_UNSIGNED_HALF_LEAST   0x1.002p-22f

/** Rounds n floats to the nearest, ties to even. Larger ones than the largest become the largest; smaller ones than the
 *  least, and NaN, become 0. */
void pst_unsigned_halves_from_floats(const float *floats, gsize n, guint16 *halves);

void pst_unsigned_halves_to_floats(const guint16 *halves, gsize n, float *floats);
