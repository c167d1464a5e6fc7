/* Line integral convolution of noise: random numbers of a lattice, summed along short straight lines. The result looks
 * brushed.
 *
 * Cabral and Leedom, "Imaging Vector Fields Using Line Integral Convolution", SIGGRAPH 1993. Weights are Hann's window.
 * The lattice is rotated, so that no line runs along it.
 */
#pragma once

#include <glib.h>

#define PST_LINE_NOISE_UNIT    256 /* units to the pixel; positions and steps are whole numbers of them */
#define PST_LINE_NOISE_LATTICE 4   /* pixels between the numbers of the lattice */
#define PST_LINE_NOISE_STEP    2   /* pixels between the results, and about those between samples of a line */
#define PST_LINE_NOISE_TAPS    8   /* samples of a line in either direction */

/** Writes the sums at `count` places of row `row` (0 or more): column, column + PST_LINE_NOISE_STEP, ..; in pixels.
 *  `down` and `right` [count] are the step from one sample of a line to the next, in units. */
void pst_line_noise(int row, int column, int count, const gint32 *down, const gint32 *right, float *sums);
