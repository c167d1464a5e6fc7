#include "product.h"

/* One block of a product in registers: c[row][..] (+)= sum over k of a[row * row_step + k * step]
 * b[k][..]. The reduction runs in spans of `span`, between which a moves by `jump`. Everything but
 * the pointers, depth, span and jump must be a compile-time constant, so that the sums stay in
 * registers. */
PST_INLINE void block(const int rows, const int vectors, const int row_step, const int step, const float *a, int span,
                      gsize jump, int depth, const float *b, bool accumulate, float *c)
{
    vec sum[BLOCK_ROWS][PANEL];

#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++)
            sum[r][v] = (vec){ 0 };

    for (; depth > 0; depth -= span, a += jump) {
        const float *factor = a;
        int count = MIN(span, depth);
        for (int k = 0; k < count; k++) {
            vec right[PANEL];
#pragma GCC unroll 2
            for (int v = 0; v < vectors; v++)
                right[v] = load(b + v * LANES);
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
                for (int v = 0; v < vectors; v++)
                    sum[r][v] += factor[r * row_step] * right[v];
            factor += step;
            b += vectors * LANES;
        }
    }

#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int v = 0; v < vectors; v++) {
            float *to = c + (r * vectors + v) * LANES;
            store(to, accumulate ? load(to) + sum[r][v] : sum[r][v]);
        }
}

PST_INLINE void product(const int vectors, const float *v, gsize v_block, int tiles, int depth, const float *u,
                        float *m)
{
    int blocks = (tiles + BLOCK_ROWS - 1) / BLOCK_ROWS;

    /* Blocks of even, nearly equal size: 14 + 2 would waste registers where 8 + 8 does not. */
    for (; blocks > 0; blocks--) {
        int rows = ((tiles + blocks - 1) / blocks + 1) & ~1;
        switch (rows) {
#ifdef __AVX512F__
        case 14:
            block(14, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
        case 12:
            block(12, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
        case 10:
            block(10, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
        case 8:
            block(8, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
#endif
        case 6:
            block(6, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
        case 4:
            block(4, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
            break;
        default:
            block(2, vectors, LANES, 1, v, LANES, v_block, depth, u, false, m);
        }
        v += rows * LANES;
        m += rows * vectors * LANES;
        tiles -= rows;
    }
}

void PST_ISA(pst_product)(const float *v, gsize v_block, int tiles, int depth, const float *u, int vectors, float *m)
{
    if (vectors == PANEL)
        product(PANEL, v, v_block, tiles, depth, u, m);
    else
        product(1, v, v_block, tiles, depth, u, m);
}

PST_INLINE void product_gradient(const int vectors, const float *v, gsize v_block, int tiles, int depth,
                                 const float *dm, bool accumulate, float *du)
{
    enum { ROWS = LANES / 2 };
    int i = 0;

    for (; i + ROWS <= depth; i += ROWS)
        block(ROWS, vectors, 1, LANES, v + i / LANES * v_block + i % LANES, tiles, 0, tiles, dm, accumulate,
              du + i * vectors * LANES);
    for (; i < depth; i++)
        block(1, vectors, 1, LANES, v + i / LANES * v_block + i % LANES, tiles, 0, tiles, dm, accumulate,
              du + i * vectors * LANES);
}

void PST_ISA(pst_product_gradient)(const float *v, gsize v_block, int tiles, int depth, const float *dm, int vectors,
                                   bool accumulate, float *du)
{
    if (vectors == PANEL)
        product_gradient(PANEL, v, v_block, tiles, depth, dm, accumulate, du);
    else
        product_gradient(1, v, v_block, tiles, depth, dm, accumulate, du);
}
