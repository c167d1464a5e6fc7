/* Flow: the direction of strokes in a picture. It runs along edges, and in even places as the nearest edges do.
 *
 * The direction is that of the structure tensor of the luminance: the sum of |g|^(-1/2) g g' over gradients g of the
 * picture reduced to a quarter. The power lets faint gradients count, too. The flow is the direction across which the
 * sum is least. There is one for each square of PST_FLOW_CELL pixels, smoothed over the squares around it. Directions
 * have no sign, so cosine and sine of twice the angle are stored, smoothed and interpolated.
 *
 * Bigün and Granlund, "Optimal Orientation Detection of Linear Symmetry", ICCV 1987; strokes along edges: Litwinowicz,
 * "Processing Images and Video for an Impressionist Effect", SIGGRAPH 1997.
 */
#pragma once

#include <glib.h>

#define PST_FLOW_CELL  16 /* pixels */
#define PST_FLOW_AHEAD 96 /* rows below a row that must have been added before its directions are known */

typedef struct PstFlow PstFlow;

/** The flow of a picture of that size, without rows yet. */
PstFlow *pst_flow_new(int width, int height);
void pst_flow_free(PstFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFlow, pst_flow_free)

/** Bytes that a flow takes. */
gsize pst_flow_bytes(int width, int height);

/** Adds the picture's next row, [width][3] in 0..1. Directions that are known do not change any more. One thread at a
 *  time. */
void pst_flow_add(PstFlow *flow, const float *rgb);

/** Whether all rows were added. */
gboolean pst_flow_complete(const PstFlow *flow);

/** The directions at `count` places of row `row`: column, column + step, ... They are vectors of that length, rounded;
 *  their sign has no meaning. Rows and columns are 0 or more; beyond the picture those of its edge count. */
void pst_flow_directions(const PstFlow *flow, int row, int column, int step, int count, float length, gint32 *down,
                         gint32 *right);
