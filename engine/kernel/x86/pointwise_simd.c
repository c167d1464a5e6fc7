#include "pointwise_simd.h"

#include "product.h"

enum {
    DEPTH = 128,             /* input channels whose weights are packed at a time */
    PIXELS = 2 * BLOCK_ROWS, /* multiplied at a time */
};

/* Packs weight[first .. first+outs-1][at .. at+ins-1] as [input][outputs of a panel]. */
static void pack(const float *weight, int in, int first, int outs, int at, int ins, int wide, float *packed)
{
    for (int v = 0; v < wide; v++)
        for (int i = 0; i < ins; i += LANES) {
            int lanes = MIN(LANES, ins - i);
            vec square[LANES];
            for (int o = 0; o < LANES; o++) {
                const float *row = weight + (gsize)(first + v * LANES + o) * in + at + i;
                square[o] = v * LANES + o < outs ? load_part(row, lanes) : (vec){ 0 };
            }
            transpose(square);
            for (int lane = 0; lane < lanes; lane++)
                store(packed + ((gsize)(i + lane) * wide + v) * LANES, square[lane]);
        }
}

/* Copies pixels into blocks of LANES channels, zero in the rest. */
static void spread(const float *x, int in, int pixels, int padded, int ins, float *blocks)
{
    for (int i = 0; i < ins; i += LANES)
        for (int p = 0; p < padded; p++, blocks += LANES)
            store(blocks, p < pixels ? load_part(x + (gsize)p * in + i, MIN(LANES, ins - i)) : (vec){ 0 });
}

/* Adds a panel of products, and the bias, to the pixels of y, or overwrites them. */
static void finish(const float *m, int pixels, int wide, const float *bias, bool add, int out, int outs, float *y)
{
    for (int p = 0; p < pixels; p++)
        for (int v = 0; v < wide; v++) {
            int lanes = MIN(LANES, outs - v * LANES);
            float *to = y + (gsize)p * out + v * LANES;
            vec value = load(m + (p * wide + v) * LANES);
            if (bias != NULL)
                value += load_part(bias + v * LANES, lanes);
            if (add)
                value += load_part(to, lanes);
            if (lanes == LANES)
                store(to, value);
            else
                store_part(to, value, lanes);
        }
}

void PST_ISA(pst_pointwise)(const PstMap *x, const float *weight, const float *bias, gboolean accumulate, PstMap *y,
                            int first, int rows)
{
    float packed[DEPTH * PANEL * LANES] __attribute__((aligned(64)));
    float blocks[PIXELS * DEPTH] __attribute__((aligned(64)));
    float m[PIXELS * PANEL * LANES] __attribute__((aligned(64)));
    int in = x->channels, out = y->channels;
    gsize count = (gsize)rows * x->width;

    for (int o = 0; o < out; o += PANEL * LANES)
        for (int i = 0; i < in; i += DEPTH) {
            int outs = MIN(PANEL * LANES, out - o), ins = MIN(DEPTH, in - i), wide = vectors_for(outs);
            const float *from = pst_map_at(x, first, 0) + i;
            float *to = pst_map_at(y, first, 0) + o;
            pack(weight, in, o, outs, i, ins, wide, packed);
            for (gsize p = 0; p < count; p += PIXELS, from += PIXELS * in, to += PIXELS * out) {
                int pixels = (int)MIN(PIXELS, count - p), padded = (pixels + 1) & ~1;
                spread(from, in, pixels, padded, ins, blocks);
                PST_ISA(pst_product)(blocks, (gsize)padded * LANES, padded, ins, packed, wide, m);
                finish(m, pixels, wide, bias != NULL && i == 0 ? bias + o : NULL, accumulate || i > 0, out, outs, to);
            }
        }
}
