/* Lays out codes on a square so that neighbours stay neighbours: t-SNE (van der Maaten and Hinton, "Visualizing data
 * using t-SNE", Journal of Machine Learning Research 9, 2008), exact, then spread so that no two places are closer than
 * PST_LAYOUT_APART. */
#pragma once

#include <glib.h>

#define PST_LAYOUT_APART 0.008

/** positions [n][2] in 0..1 of rows [n][width]; the same for the same rows. */
void pst_map_layout(const float *rows, int n, int width, double perplexity, int steps, float *positions);
