#include "winograd.h"
#include "winograd_transform.h"

gsize PST_ISA(pst_winograd_packed_size)(int in, int out)
{
    return (gsize)PLANES * in * vectors_for(out) * LANES;
}

void PST_ISA(pst_winograd_pack)(const float *weight, int in, int out, float *packed)
{
    int vectors = vectors_for(out);

    for (int panel = 0; panel < vectors; panel += PANEL) {
        int wide = MIN(PANEL, vectors - panel);
        gsize plane = (gsize)in * wide * LANES;
        for (int v = 0; v < wide; v++) {
            int first = (panel + v) * LANES, lanes = MIN(LANES, out - first);
            for (int i = 0; i < in; i++) {
                vec g[3][3], half[3][PATCH];
                for (int tap = 0; tap < 9; tap++) {
                    vec taps = { 0 };
                    for (int lane = 0; lane < lanes; lane++)
                        taps[lane] = weight[((gsize)(first + lane) * in + i) * 9 + tap];
                    g[tap % 3][tap / 3] = taps;
                }
                for (int column = 0; column < 3; column++)
                    transform_weight(g[column], half[column]);
                for (int row = 0; row < PATCH; row++) {
                    vec across[3] = { half[0][row], half[1][row], half[2][row] }, u[PATCH];
                    transform_weight(across, u);
                    for (int column = 0; column < PATCH; column++)
                        store(packed + (row * PATCH + column) * plane + ((gsize)i * wide + v) * LANES, u[column]);
                }
            }
        }
        packed += PLANES * plane;
    }
}
