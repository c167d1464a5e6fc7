/* Flow: the way that strokes run in a picture, along its edges, and in even places as the nearest edges do.
 *
 * Where it is told by the structure tensor of the luminance: gradients g of a picture reduced to a quarter add up to
 * |g|^(-1/2) g g', so that faint ones have a say, too, and the direction across which the sum is least is that of the flow.
 * There is one direction for each square of PST_FLOW_CELL pixels, smoothed over the squares around it; directions have no
 * sign, so it is that of twice the angle that is kept, smoothed and interpolated.
 *
 * Bigün and Granlund, "Optimal Orientation Detection of Linear Symmetry", ICCV 1987; strokes along edges: Litwinowicz,
 * "Processing Images and Video for an Impressionist Effect", SIGGRAPH 1997.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PST_FLOW_CELL  16 /* pixels */
#define PST_FLOW_AHEAD 96 /* rows below one that must have been taken before its directions are known */

typedef struct PstFlow PstFlow;

/** That of a picture of that size, which has no rows yet. */
PstFlow *pst_flow_new(int width, int height);
void pst_flow_free(PstFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFlow, pst_flow_free)

/** Bytes that it takes. */
gsize pst_flow_bytes(int width, int height);

/** Takes the picture's next row, [width][3] in 0..1. What is known does not change any more. One thread at a time. */
void pst_flow_add(PstFlow *flow, const float *rgb);

/** Whether it has all rows. */
gboolean pst_flow_complete(const PstFlow *flow);

/** The directions at `count` places of row `row`, column, column + step, ..: vectors of that length, of which either
 *  end may be the first, rounded. Rows and columns are 0 or more; beyond the picture they are those of its edge. */
void pst_flow_directions(const PstFlow *flow, int row, int column, int step, int count, float length, gint32 *down,
                         gint32 *right);

G_END_DECLS
