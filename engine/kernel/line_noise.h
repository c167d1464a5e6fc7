/* Random numbers of a lattice, gathered along short lines: noise that looks as if it were brushed.
 *
 * Line integral convolution: Cabral and Leedom, "Imaging Vector Fields Using Line Integral Convolution", SIGGRAPH 1993,
 * with lines that are straight. Weights are those of Hann's window. The lattice lies askew, so that no line runs along it.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PST_LINE_NOISE_UNIT    256 /* to the pixel: places and ways are whole numbers of such units */
#define PST_LINE_NOISE_LATTICE 4   /* pixels between the numbers */
#define PST_LINE_NOISE_STEP    2   /* pixels between the places that are asked for, and about those along a line */
#define PST_LINE_NOISE_TAPS    8   /* places of a line in either direction */

/** The sums at `count` places of row `row` (0 or more), column, column + PST_LINE_NOISE_STEP, ..; all in pixels. `down` and
 *  `right` [count] are the way from one place of a line to the next, in units. */
void pst_line_noise(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums);

G_END_DECLS
