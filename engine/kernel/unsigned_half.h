/* Storage in 16 bits of what is kept for later and is never negative: a floating-point number without a sign, whose
 * exponent takes 5 bits and whose fraction 11, one more than in IEEE 754 binary16. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The largest number, and the smallest above 0. */
#define PST_UNSIGNED_HALF_LARGEST 0x1.ffep9f
#define PST_UNSIGNED_HALF_LEAST 0x1.002p-22f

/** Rounds n floats to the nearest, ties to even; beyond the largest to that, below the least, and NaN, to 0. */
void pst_unsigned_halves_from_floats(const float *floats, gsize n, guint16 *halves);

void pst_unsigned_halves_to_floats(const guint16 *halves, gsize n, float *floats);

G_END_DECLS
