#include "maps_simd.h"

#include "engine/kernel/unsigned_half.h"

#include <math.h>

PST_INLINE vec load_some(const float *from, int lanes)
{
    return lanes >= LANES ? load(from) : load_part(from, lanes);
}

PST_INLINE void store_some(float *to, vec value, int lanes)
{
    if (lanes >= LANES)
        store(to, value);
    else
        store_part(to, value, lanes);
}

void PST_ISA(pst_max_pool)(const PstMap *x, PstMap *y)
{
    int channels = x->channels;
    gsize stride = (gsize)x->width * channels;

    for (int row = 0; row < y->height; row++) {
        const float *from = pst_map_at(x, 2 * row, 0);
        float *to = pst_map_at(y, row, 0);
        for (int column = 0; column < y->width; column++, from += 2 * channels, to += channels)
            for (int c = 0; c < channels; c += LANES) {
                int lanes = channels - c;
                const float *at = from + c;
                vec above = maximum(load_some(at, lanes), load_some(at + channels, lanes));
                vec below = maximum(load_some(at + stride, lanes), load_some(at + stride + channels, lanes));
                store_some(to + c, maximum(above, below), lanes);
            }
    }
}

typedef int bits __attribute__((vector_size(LANES * sizeof(int))));

void PST_ISA(pst_max_pool_gradient)(const PstMap *x, const PstMap *y, const PstMap *dy, PstMap *dx)
{
    int channels = x->channels;
    gsize stride = (gsize)x->width * channels;

    for (int row = 0; row < y->height; row++)
        for (int column = 0; column < y->width; column++) {
            gsize at = 2 * row * stride + 2 * (gsize)column * channels;
            gsize from = ((gsize)row * y->width + column) * channels;
            for (int c = 0; c < channels; c += LANES, at += LANES, from += LANES) {
                int lanes = channels - c;
                const gsize window[4] = { at, at + channels, at + stride, at + stride + channels };
                vec most = load_some(y->data + from, lanes);
                bits left = (bits)load_some(dy->data + from, lanes);
                for (int i = 0; i < 4; i++) {
                    bits here = (load_some(x->data + window[i], lanes) == most) & left;
                    store_some(dx->data + window[i], (vec)here, lanes);
                    /* A gradient that has been given away is zero bits from here on. */
                    left &= ~here;
                }
            }
        }
    if (x->width % 2 == 1)
        for (int row = 0; row < x->height; row++)
            memset(pst_map_at(dx, row, x->width - 1), 0, sizeof(float) * channels);
    if (x->height % 2 == 1)
        memset(pst_map_at(dx, x->height - 1, 0), 0, sizeof(float) * stride);
}

void PST_ISA(pst_upsample)(const PstMap *x, PstMap *y)
{
    int channels = x->channels;
    gsize stride = (gsize)y->width * channels;

    for (int row = 0; row < y->height; row++) {
        float *to = pst_map_at(y, row, 0);
        if (row % 2 == 1 || row / 2 == x->height) {
            memcpy(to, to - stride, sizeof(float) * stride);
            continue;
        }
        for (int column = 0; column < y->width; column++, to += channels) {
            const float *from = pst_map_at(x, row / 2, MIN(column / 2, x->width - 1));
            for (int c = 0; c < channels; c += LANES)
                store_some(to + c, load_some(from + c, channels - c), channels - c);
        }
    }
}

void PST_ISA(pst_upsample_gradient)(const PstMap *dy, PstMap *dx)
{
    int channels = dx->channels;

    for (int row = 0; row < dx->height; row++) {
        int end = row == dx->height - 1 ? dy->height : 2 * row + 2;
        for (int column = 0; column < dx->width; column++) {
            int last = column == dx->width - 1 ? dy->width : 2 * column + 2;
            float *to = pst_map_at(dx, row, column);
            for (int c = 0; c < channels; c += LANES) {
                vec sum = { 0 };
                for (int i = 2 * row; i < end; i++)
                    for (int j = 2 * column; j < last; j++)
                        sum += load_some(pst_map_at(dy, i, j) + c, channels - c);
                store_some(to + c, sum, channels - c);
            }
        }
    }
}

void PST_ISA(pst_moments_block)(const float *x, int channels, int pixels, float *sum, float *squares)
{
    for (int c = 0; c < channels; c += LANES) {
        int lanes = channels - c;
        vec origin = load_some(x + c, lanes), sum1 = { 0 }, sum2 = { 0 };
        for (int p = 0; p < pixels; p++) {
            vec distance = load_some(x + (gsize)p * channels + c, lanes) - origin;
            sum1 += distance;
            sum2 += distance * distance;
        }
        store_some(sum + c, sum1, lanes);
        store_some(squares + c, sum2, lanes);
    }
}

void PST_ISA(pst_scale_add)(const float *x, int channels, gsize pixels, const float *mean, const float *scale,
                            const float *offset, float *to)
{
    for (gsize p = 0; p < pixels; p++, x += channels, to += channels)
        for (int c = 0; c < channels; c += LANES) {
            int lanes = channels - c;
            vec value = (load_some(x + c, lanes) - load_some(mean + c, lanes)) * load_some(scale + c, lanes);
            store_some(to + c, load_some(to + c, lanes) + load_some(offset + c, lanes) + value, lanes);
        }
}

/* A half is the upper bits of a float with another exponent bias. */
enum {
    HALF_SHIFT = 12,
    HALF_OFFSET = (127 - 22) << 11,
};

void PST_ISA(pst_unsigned_halves_from_floats)(const float *floats, gsize n, guint16 *halves)
{
    for (gsize i = 0; i < n; i++) {
        float value = floats[i] > 0 ? floats[i] : 0;
        gint32 bits;

        value = value < PST_UNSIGNED_HALF_LARGEST ? value : PST_UNSIGNED_HALF_LARGEST;
        memcpy(&bits, &value, sizeof bits);
        bits = ((bits + (1 << (HALF_SHIFT - 1)) - 1 + (bits >> HALF_SHIFT & 1)) >> HALF_SHIFT) - HALF_OFFSET;
        halves[i] = (guint16)MAX(bits, 0);
    }
}

void PST_ISA(pst_unsigned_halves_to_floats)(const guint16 *halves, gsize n, float *floats)
{
    for (gsize i = 0; i < n; i++) {
        gint32 bits = halves[i] != 0 ? (halves[i] + HALF_OFFSET) << HALF_SHIFT : 0;
        memcpy(&floats[i], &bits, sizeof bits);
    }
}

void PST_ISA(pst_adam_step)(float *weights, const float *gradient, float *m, float *v, gsize n, int step, float rate,
                            float beta1, float beta2, float eps)
{
    float scale = (float)(rate / (1 - pow(beta1, step)));
    float correction = (float)(1 / (1 - pow(beta2, step)));

    for (gsize i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
        v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
        weights[i] -= scale * m[i] / (sqrtf(v[i] * correction) + eps);
    }
}
