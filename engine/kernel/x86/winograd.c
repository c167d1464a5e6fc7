#include "winograd.h"

int PST_ISA(pst_winograd_tiles)(int vectors)
{
    /* V should fit into part of a level-2 cache, and blocks of rows should be even. */
    enum { BUDGET = 384 * 1024, MOST = 56 };
    int tiles = BUDGET / (PLANES * (int)sizeof(vec) * vectors);
    tiles = tiles / BLOCK_ROWS * BLOCK_ROWS;
    return CLAMP(tiles, 2 * BLOCK_ROWS, MOST / BLOCK_ROWS * BLOCK_ROWS);
}

gsize PST_ISA(pst_winograd_convolve_scratch)(int in)
{
    int vectors = vectors_for(in), tiles = PST_ISA(pst_winograd_tiles)(vectors);
    return PLANES * (plane_size(vectors, tiles) + plane_size(PANEL, tiles));
}

void PST_ISA(pst_winograd_convolve)(const Input *input, Walk walk, int tiles, const float *packed, int out,
                                    PstWinogradFinish finish, gconstpointer data, float *scratch)
{
    int in = input->map->channels, vectors = vectors_for(in), out_vectors = vectors_for(out);
    int most = PST_ISA(pst_winograd_tiles)(vectors);
    float *v = scratch, *m = v + PLANES * plane_size(vectors, most);

    /* Chunks of nearly equal size: a short last one would load all weights for few tiles. */
    for (int chunks = (tiles + most - 1) / most; chunks > 0; chunks--) {
        int chunk = MIN(tiles, ((tiles + chunks - 1) / chunks + 1) & ~1), padded = (chunk + 1) & ~1;
        gsize plane = plane_size(vectors, padded);
        const float *u = packed;
        Walk next = walk;

        PST_ISA(pst_winograd_input)(input, walk, chunk, v);
        for (int panel = 0; panel < out_vectors; panel += PANEL) {
            int wide = MIN(PANEL, out_vectors - panel);
            gsize m_plane = plane_size(wide, padded);
            for (int k = 0; k < PLANES; k++, u += (gsize)in * wide * LANES)
                PST_ISA(pst_product)(v + k * plane, (gsize)padded * LANES, padded, in, u, wide, m + k * m_plane);
            next = walk;
            for (int tile = 0; tile < chunk; tile++, walk_on(&next))
                for (int i = 0; i < wide; i++)
                    finish(data, m + (tile * wide + i) * LANES, m_plane, &next, (panel + i) * LANES);
        }
        walk = next;
        tiles -= chunk;
    }
}
