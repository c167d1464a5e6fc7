/* Half-precision storage (IEEE 754 binary16) of what is kept for later. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Rounds n floats to the nearest half, ties to even; beyond the range of halves to its largest, 65504. NaN stays NaN. */
void pst_halves_from_floats(const float *floats, gsize n, guint16 *halves);

void pst_halves_to_floats(const guint16 *halves, gsize n, float *floats);

G_END_DECLS
