/* Small matrix products on the layouts of winograd.h, by blocks that are kept in registers. */
#pragma once

#include "simd.h"

enum {
    PANEL = 2,                         /* vectors of output channels computed together */
    BLOCK_ROWS = LANES == 16 ? 14 : 6, /* rows of the result held in registers beside them */
};

/** m[tile][channel] = sum over i < depth of v[i / LANES][tile][i % LANES] u[i][channel], for
 * `tiles` tiles (an even number) and `vectors` (1 or PANEL) vectors of output channels. v_block is
 * the distance in floats between blocks of v, u and m are dense. */
void PST_ISA(pst_product)(const float *v, gsize v_block, int tiles, int depth, const float *u, int vectors, float *m);

/** du[i][channel] += sum over tiles of v[i / LANES][tile][i % LANES] dm[tile][channel], for i <
 * depth; without `accumulate` the sum overwrites du. */
void PST_ISA(pst_product_gradient)(const float *v, gsize v_block, int tiles, int depth, const float *dm, int vectors,
                                   bool accumulate, float *du);
